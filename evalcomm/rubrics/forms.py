"""The form of the page that checks rubrics and plans."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import TextAreaField

from evalcomm.rubrics.checking import MAX_CHARACTERS
from evalcomm.web.forms import Form


class CheckForm(Form):
    """Two texts; a file that is chosen takes the place of its text."""

    rubric_file = FileField(_l("평가표 파일(TOML)"))
    rubric_text = TextAreaField(
        _l("평가표 내용"), description=_l("비워 두면 평가계획이 가리키는 평가표(기본 제공 또는 저장된 것)를 씁니다.")
    )
    plan_file = FileField(_l("평가계획 파일(TOML)"))
    plan_text = TextAreaField(_l("평가계획 내용"), description=_l("비워 두면 평가표만 검사하고 저장합니다."))

    def take_files(self) -> bool:
        """Move chosen files into the texts, so that the page shows what was checked and nothing has to be chosen again. False = not readable."""
        readable = True
        for name in ("rubric", "plan"):
            uploaded: Any = self[f"{name}_file"].data
            if not uploaded:
                continue
            content = uploaded.read(4 * MAX_CHARACTERS + 1)
            try:
                self[f"{name}_text"].data = content.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                line = content.count(b"\n", 0, error.start) + 1
                self[f"{name}_file"].errors = [
                    _l("UTF-8 글자가 아닙니다(%(line)s번째 줄). UTF-8로 저장한 파일을 골라 주십시오.", line=line)
                ]
                readable = False
        return readable

    @property
    def texts(self) -> tuple[str | None, str | None]:
        """(rubric, plan), None where blank."""
        rubric, plan = (self[name].data or "" for name in ("rubric_text", "plan_text"))
        return (rubric if rubric.strip() else None), (plan if plan.strip() else None)
