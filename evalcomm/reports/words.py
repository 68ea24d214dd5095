"""Names of this room's acts in the trail."""

from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.web import words

words.register(
    {
        "printed_head_gone": _l(
            "선정결과보고서 %(number)s에 인쇄된 감사 기록의 마지막 해시가 사슬에 없습니다. 그 뒤에 사슬의 끝이 잘렸을 수 있습니다."
        ),
    }
)

trail.register(
    "reports",
    _l("결과 문서"),
    acts={
        "issue": _l("심의결과서·보고서 발행"),
    },
    subjects={},
)
