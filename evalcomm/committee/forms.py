"""Forms of committees."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import BooleanField, SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from evalcomm.committee.models import ChairHow, CommitteeKind, ConflictAct, ConflictState, DecisionBody, Relation
from evalcomm.committee.queries import PanelApplication
from evalcomm.committee.words import ACTS, BODIES, CHAIRS, KINDS, RELATIONS, STATES
from evalcomm.web import words
from evalcomm.web.forms import Form

REASON_LENGTH = 1000

Choices = list[Any]


def relation_choices() -> Choices:
    return [SelectChoice("", _l("골라 주십시오"))] + [
        SelectChoice(relation.value, RELATIONS[relation]) for relation in Relation
    ]


def _reason(label: Any, **more: Any) -> TextAreaField:
    return TextAreaField(
        label,
        validators=[DataRequired(_l("사유를 적어 주십시오.")), Length(max=REASON_LENGTH)],
        **more,
    )


def _relation() -> SelectField:
    return SelectField(_l("관계"), choices=relation_choices(), validators=[DataRequired(_l("관계를 골라 주십시오."))])


class CommitteeForm(Form):
    name = StringField(
        _l("위원회 이름"),
        description=_l("문서에 그대로 인쇄합니다. 예: 보조사업자선정위원회"),
        validators=[DataRequired(_l("위원회 이름을 적어 주십시오.")), Length(max=120)],
    )
    kind = RadioField(
        _l("종류"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        default=CommitteeKind.EVALUATION.value,
        validators=[InputRequired(_l("종류를 골라 주십시오."))],
    )
    track_id = SelectField(
        _l("평가 분야"),
        coerce=int,
        default=0,
        description=_l("분야를 고르면 그 분야만 평가합니다."),
    )
    also_selects = BooleanField(_l("선정 심의·의결도 이 위원회가 합니다"), default=True)


class ChairForm(Form):
    how = RadioField(
        _l("정한 방법"),
        choices=[SelectChoice(how.value, label) for how, label in CHAIRS.items()],
        validators=[InputRequired(_l("지명인지 호선인지 골라 주십시오."))],
    )
    note = TextAreaField(
        _l("경위"),
        description=_l("호선이면 언제 어떻게 정하였는지 적습니다. 예: 2026. 11. 22. 회의에서 위원 7명 전원 찬성"),
        validators=[Length(max=REASON_LENGTH)],
        render_kw={"rows": 3},
    )

    def validate_note(self, field: Any) -> None:
        if self.how.data == ChairHow.ELECTED.value and not (field.data or "").strip():
            raise ValidationError(words.sentence("election_note_missing"))


class DismissalForm(Form):
    reason = _reason(
        _l("해촉 사유"), description=_l("위원에게 그대로 알립니다. 해촉한 위원의 평가표는 집계하지 않습니다.")
    )


class PledgeForm(Form):
    pledged = BooleanField(
        _l("위 서약서를 읽었으며 그대로 지킬 것을 서약합니다"),
        validators=[InputRequired(_l("서약서를 읽고 표시해 주십시오."))],
    )
    consented = BooleanField(
        _l("위와 같이 개인정보를 수집·이용하는 데 동의합니다"),
        validators=[InputRequired(_l("동의하지 않으시면 평가를 맡길 수 없습니다. 사무국에 알려 주십시오."))],
    )


class RecusalForm(Form):
    """A recusal that a member files after the declaration."""

    relation = _relation()
    reason = _reason(
        _l("사유"), description=_l("내시는 즉시 이 신청서가 닫힙니다. 결정은 사무국이 따로 알려 드립니다.")
    )


class FilingForm(Form):
    """An exclusion, or a challenge on behalf of the applicant."""

    act = RadioField(
        _l("구분"),
        choices=[SelectChoice(act.value, ACTS[act]) for act in (ConflictAct.EXCLUSION, ConflictAct.CHALLENGE)],
        description=_l("제척은 곧바로, 기피는 인용한 때부터 그 위원을 평가에서 제외합니다."),
        validators=[InputRequired(_l("제척인지 기피인지 골라 주십시오."))],
    )
    membership_id = SelectField(_l("위원"), coerce=int)
    application_id = SelectField(
        _l("신청서"), coerce=int, description=_l("기피는 이 신청서를 낸 기관을 대신하여 접수하는 것입니다.")
    )
    relation = _relation()
    reason = _reason(_l("사유"))


class DecisionForm(Form):
    state = RadioField(_l("결정"), validators=[InputRequired(_l("결정을 골라 주십시오."))])
    body = RadioField(
        _l("결정 주체"),
        choices=[SelectChoice(body.value, label) for body, label in BODIES.items()],
        default=DecisionBody.SECRETARIAT.value,
        validators=[InputRequired(_l("누가 결정하였는지 골라 주십시오."))],
    )
    reason = _reason(_l("결정 사유"), description=_l("위원에게, 기피라면 신청기관에도 그대로 알립니다."))

    @classmethod
    def for_act(cls, act: str) -> "DecisionForm":
        form = cls()
        possible = [ConflictState.ACCEPTED, ConflictState.REJECTED]
        if act == ConflictAct.EXCLUSION:
            possible.append(ConflictState.EXCEPTION)
        form.state.choices = [SelectChoice(state.value, STATES[state]) for state in possible]
        return form


class OwedWithRecusal:
    """Owed where the answer is recusal, and only there."""

    def __init__(self, answer: str, code: str) -> None:
        self.answer = answer
        self.code = code

    def __call__(self, form: Any, field: Any) -> None:
        if form[self.answer].data == ConflictAct.RECUSAL.value and not (field.data or "").strip():
            raise ValidationError(words.sentence(self.code))


def declaration_form(applications: Sequence[PanelApplication], **values: Any) -> Any:
    """One answer, relation and reason for each application; `asked` keeps which ones the page showed."""
    fields: dict[str, Any] = {"asked": HiddenField(default=",".join(str(one.id) for one in applications))}
    for one in applications:
        answer = f"answer-{one.id}"
        fields[answer] = RadioField(
            _l("%(number)s 「%(title)s」", number=one.number, title=one.title),
            choices=[SelectChoice("none", _l("이해관계 없음")), SelectChoice(ConflictAct.RECUSAL.value, _l("회피"))],
            validators=[InputRequired(_l("이해관계가 있는지 골라 주십시오."))],
        )
        fields[f"relation-{one.id}"] = SelectField(
            _l("관계"), choices=relation_choices(), default="", validators=[OwedWithRecusal(answer, "relation_missing")]
        )
        fields[f"reason-{one.id}"] = StringField(
            _l("사유"), validators=[OwedWithRecusal(answer, "reason_missing"), Length(max=REASON_LENGTH)]
        )
    return type("DeclarationForm", (Form,), fields)(**values)


def recusals_of(form: Any, applications: Sequence[PanelApplication]) -> Mapping[int, tuple[Relation, str]]:
    """Application id → relation and reason, for every answer that is a recusal."""
    return {
        one.id: (Relation(form[f"relation-{one.id}"].data), form[f"reason-{one.id}"].data)
        for one in applications
        if form[f"answer-{one.id}"].data == ConflictAct.RECUSAL.value
    }
