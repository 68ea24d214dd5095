"""Forms of selection."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from evalcomm.web.forms import CountField, Form, SeoulDateTimeField

MUST = _l("빠진 내용을 적어 주십시오.")
NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


def lot_form(tied: list[tuple[int, str]]) -> type[Form]:
    """One number per tied application: (id, what it is called)."""
    fields: dict[str, Any] = {
        f"lot_{application}": CountField(
            label, least=1, most=9999, validators=[InputRequired(_l("추첨 번호를 적어 주십시오."))], render_kw=NUMERIC
        )
        for application, label in tied
    }
    fields |= {
        "method": StringField(
            _l("추첨 방법"),
            description=_l("예: 봉인한 번호표를 상자에서 뽑음"),
            validators=[DataRequired(MUST), Length(max=200)],
        ),
        "drawn_by": StringField(_l("추첨한 사람"), validators=[DataRequired(MUST), Length(max=120)]),
        "witnesses": StringField(
            _l("입회인"),
            description=_l("여러 명이면 쉼표로 나눕니다."),
            validators=[DataRequired(MUST), Length(max=400), _names_somebody],
        ),
        "drawn_at": SeoulDateTimeField(_l("추첨 일시"), validators=[InputRequired(MUST)]),
        "place": StringField(_l("추첨 장소"), validators=[Length(max=200)]),
    }
    return type("LotForm", (Form,), fields)


def _names_somebody(form: Any, field: Any) -> None:
    del form
    if not field.data.replace(",", " ").strip():
        raise ValidationError(MUST)


def _count(label: Any) -> CountField:
    return CountField(
        label, least=0, most=200, validators=[InputRequired(_l("사람 수를 적어 주십시오."))], render_kw=NUMERIC
    )


class ResolutionForm(Form):
    agenda_number = StringField(_l("안건번호"), default="제1호", validators=[DataRequired(MUST), Length(max=60)])
    resolved_at = SeoulDateTimeField(_l("의결 일시"), validators=[InputRequired(MUST)])
    place = StringField(_l("장소"), validators=[Length(max=200)])
    enrolled = _count(_l("재적 위원"))
    present = _count(_l("출석 위원"))
    in_favour = _count(_l("찬성"))
    against = _count(_l("반대"))
    abstained = _count(_l("기권"))
    reason = TextAreaField(
        _l("의결 이유"),
        description=_l("심의에서 나온 의견과 이유를 한 줄에 하나씩 적습니다."),
        validators=[Length(max=4000)],
    )


class ApprovalForm(Form):
    document_number = StringField(
        _l("문서번호"),
        description=_l("결재한 문서의 생산등록번호. 예: 혁신도시정책총괄과-1234"),
        validators=[DataRequired(MUST), Length(max=120)],
    )
    decided_on = DateField(_l("결재일"), validators=[InputRequired(_l("결재일을 적어 주십시오. 예: 2026-11-22"))])
    approver = StringField(
        _l("결재권자"),
        description=_l("예: 혁신도시발전추진단장 전결"),
        validators=[DataRequired(MUST), Length(max=120)],
    )
    instruction = TextAreaField(
        _l("수정 지시"),
        description=_l("결재하면서 지시한 내용. 없으면 비워 둡니다."),
        validators=[Optional(), Length(max=2000)],
    )
