"""Sentences for the codes of this room."""

from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.web import words

words.register(
    {
        "rubric_version_taken": _l(
            "평가표의 같은 판 번호로 다른 내용이 이미 저장되어 있습니다. 저장된 판은 고칠 수 없으니 version을 올려 새 판으로 저장해 주십시오."
        ),
        "plan_version_taken": _l(
            "평가계획의 같은 판 번호로 다른 내용이 이미 저장되어 있습니다. 저장된 판은 고칠 수 없으니 version을 올려 새 판으로 저장해 주십시오."
        ),
        "file_not_usable": _l(
            "파일을 쓸 수 없습니다. 고칠 곳이 %(count)s군데 있습니다. 첫 번째는 %(file)s의 %(line)s번째 줄입니다."
        ),
        "plan_without_rubric": _l(
            '평가계획에 평가표가 없습니다. rubric = "../hub.toml"처럼 쓸 평가표를 적거나, 아래에서 평가표를 골라 주십시오.'
        ),
        "plan_names_unknown_rubric": _l(
            "평가계획이 가리키는 평가표 %(rubric)s을(를) 찾을 수 없습니다. 평가표를 먼저 저장하거나, 저장된 평가표의 이름으로 고쳐 주십시오."
        ),
        "plan_file_unknown": _l("%(name)s(이)라는 기본 제공 평가표·평가계획이 없습니다. 이름을 확인해 주십시오."),
    }
)

trail.register(
    "rubrics",
    _l("평가표·평가계획"),
    acts={
        "store_plan": _l("평가계획 등록"),
        "store_rubric": _l("평가표 등록"),
    },
    subjects={
        "rubric_version": _l("평가표"),
        "plan_version": _l("평가계획"),
    },
)
