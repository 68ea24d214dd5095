"""Names of this room's acts in the trail."""

from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail

trail.register(
    "reports",
    _l("결과 문서"),
    acts={
        "issue": _l("심의결과서·보고서 발행"),
    },
    subjects={},
)
