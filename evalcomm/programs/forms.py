"""Forms of calls. What a call may be is decided in `terms`; here is only what can be typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from evalcomm.programs.models import PhaseKind, Right, Visibility
from evalcomm.programs.terms import SECTIONS, CallTerms, PhaseTerms, RoundTerms
from evalcomm.programs.words import PHASES, RIGHTS, TEXTS, VISIBILITIES
from evalcomm.web import words
from evalcomm.web.forms import LARGEST_WON, CountField, Form, Row, SeoulDateTimeField, WonField

STANDARD = "standard"
Choices = Sequence[tuple[str, Any]]

_NUMBER = [
    DataRequired(_l("공고번호를 적어 주십시오.")),
    Length(max=40),
    Regexp(r"[\w.-]+$", message=_l("공고번호는 글자·숫자·붙임표(-)로 적어 주십시오. 예: 2026-1")),
]
_TITLE = [DataRequired(_l("공고명을 적어 주십시오.")), Length(max=200)]
_DATE_AND_TIME = InputRequired(_l("날짜와 시각을 적어 주십시오. 예: 2026-11-22 18:00"))


class VersionedForm(Form):
    """Carries the page version from which it was made."""

    page_version = HiddenField()

    @property
    def made_from(self) -> int | None:
        text = str(self.page_version.data or "")
        return int(text) if text.isdigit() else 0


class NewCallForm(Form):
    """First page: what to copy, and what the call is called."""

    template = RadioField(_l("본뜰 공고"), validators=[InputRequired(_l("본뜰 공고를 골라 주십시오."))])
    number = StringField(
        _l("공고번호"), description=_l("공고문에 ‘공고 제○○호’로 인쇄합니다. 예: 2026-1"), validators=_NUMBER
    )
    title = StringField(
        _l("공고명"),
        description=_l("끝에 ‘공고’는 붙이지 않습니다. 공고문 제목에 저절로 붙습니다."),
        validators=_TITLE,
    )


def dates_form(phases: Iterable[PhaseTerms]) -> type[VersionedForm]:
    """Second page: the budget and the window of every phase."""
    fields: dict[str, Any] = {
        "budget_won": WonField(_l("지원 예산(국비)"), validators=[InputRequired(_l("지원 예산을 적어 주십시오."))])
    }
    for phase in phases:
        name = PHASES[phase.kind] if phase.round is None else _l("%(round)s차 평가", round=phase.round)
        opens, closes = _l("%(phase)s 시작", phase=name), _l("%(phase)s 마감", phase=name)
        fields[f"{phase.key}_opens_at"] = SeoulDateTimeField(opens, validators=[_DATE_AND_TIME])
        fields[f"{phase.key}_closes_at"] = SeoulDateTimeField(closes, validators=[_DATE_AND_TIME])
    return type("DatesForm", (VersionedForm,), fields)


@dataclass(frozen=True, slots=True)
class Unread:
    """What stands for a date or an amount that can't be read, while the rest of the page is judged."""

    instant: datetime
    won: int


LEAST = Unread(datetime(2, 1, 1, tzinfo=UTC), 0)
MOST = Unread(datetime(9998, 1, 1, tzinfo=UTC), LARGEST_WON)


def typed_won(field: Any, unread: Unread | None = None) -> int:
    return unread.won if unread and field.errors else field.data


def typed_dates(
    form: Any, phases: Iterable[PhaseTerms], unread: Unread | None = None
) -> dict[str, tuple[datetime, datetime]]:
    """By the keys of the phases. What was shown to the minute and is unchanged keeps its seconds."""

    def typed(name: str, before: datetime) -> datetime:
        return unread.instant if unread and form[name].errors else _kept(before, form[name].data)

    return {
        phase.key: (
            typed(f"{phase.key}_opens_at", phase.opens_at),
            typed(f"{phase.key}_closes_at", phase.closes_at),
        )
        for phase in phases
    }


def _kept(before: datetime, typed: datetime) -> datetime:
    return before if before.replace(second=0, microsecond=0) == typed else typed


def plan_form(choices: Choices) -> type[VersionedForm]:
    """Third page: the plan with its rubric."""
    return type(
        "PlanForm",
        (VersionedForm,),
        {
            "plan": RadioField(
                _l("평가계획과 평가표"),
                choices=choices,
                validators=[InputRequired(_l("평가계획을 하나 골라 주십시오."))],
            )
        },
    )


class TextsForm(VersionedForm):
    """The words of the notice."""

    number = StringField(_l("공고번호"), validators=_NUMBER)
    title = StringField(_l("공고명"), validators=_TITLE)
    description = TextAreaField(
        _l("사업 내용"),
        description=_l("공고문 첫머리에 인쇄합니다. 비워 두면 ‘다음과 같이 공고합니다’로 시작합니다."),
        validators=[Length(max=2000)],
    )
    authority = StringField(
        _l("공고 명의"),
        description=_l("예: 국토교통부장관"),
        validators=[DataRequired(_l("공고 명의를 적어 주십시오.")), Length(max=120)],
    )
    contact = StringField(
        _l("문의처"),
        description=_l("부서와 전화번호. 예: 혁신도시정책총괄과, 044-000-0000"),
        validators=[DataRequired(_l("문의처를 적어 주십시오.")), Length(max=200)],
    )
    support = TextAreaField(TEXTS["support"], validators=[Length(max=5000)])
    eligibility = TextAreaField(TEXTS["eligibility"], validators=[Length(max=5000)])
    how_to_apply = TextAreaField(TEXTS["how_to_apply"], validators=[Length(max=5000)])
    documents = TextAreaField(TEXTS["documents"], validators=[Length(max=5000)])
    objection = TextAreaField(TEXTS["objection"], validators=[Length(max=5000)])
    notes = TextAreaField(TEXTS["notes"], validators=[Length(max=5000)])
    is_demonstration = BooleanField(_l("시연용 공고: 모든 화면과 문서에 ‘가상 자료’를 표시합니다."))

    def take(self, terms: CallTerms) -> None:
        """Show what is there now."""
        for name in ("number", "title", "description", "authority", "contact", "is_demonstration"):
            self[name].data = getattr(terms, name)
        for section in SECTIONS:
            self[section].data = "\n".join(terms.texts[section])

    @property
    def texts(self) -> dict[str, tuple[str, ...]]:
        return {section: lines(self[section].data) for section in SECTIONS}


def lines(text: str | None) -> tuple[str, ...]:
    """One item per line; blank lines go."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


class TrackForm(VersionedForm):
    """One track; `code` is asked only for a new one."""

    code = StringField(
        _l("분야 기호"),
        description=_l("파일과 주소에 쓰며 나중에 바꿀 수 없습니다. 예: facility"),
        validators=[
            DataRequired(_l("분야 기호를 적어 주십시오.")),
            Length(max=40),
            Regexp(r"[a-z0-9][a-z0-9-]*$", message=_l("영문 소문자·숫자·붙임표(-)로 적어 주십시오. 예: facility")),
        ],
    )
    title = StringField(_l("분야 이름"), validators=[DataRequired(_l("분야 이름을 적어 주십시오.")), Length(max=120)])
    budget_won = WonField(_l("분야 예산(국비)"), validators=[InputRequired(_l("분야 예산을 적어 주십시오."))])
    plan = SelectField(_l("평가계획과 평가표"), validators=[InputRequired(_l("평가계획을 골라 주십시오."))])


class RoundRow(Row):
    title = StringField(_l("차수 이름"), validators=[Length(max=80)])
    weight_percent = CountField(_l("반영 비율(%)"), least=0, most=100, validators=[Optional()])
    pass_multiple = StringField(
        _l("통과 배수"),
        validators=[Optional(), Regexp(r"\d{1,2}(\.\d)?$", message=_l("숫자로 적어 주십시오. 예: 2 또는 1.5"))],
    )
    opens_at = SeoulDateTimeField(_l("평가 시작"), validators=[Optional()])
    closes_at = SeoulDateTimeField(_l("평가 마감"), validators=[Optional()])


class RoundsForm(VersionedForm):
    """Up to four passes; a row without a name is none."""

    rounds = FieldList(FormField(RoundRow), min_entries=4, max_entries=4)

    def show(self, terms: CallTerms) -> None:
        for row, part in zip(terms.rounds, self.rounds, strict=False):
            part.form.title.data, part.form.weight_percent.data = row.title, row.weight_percent
            part.form.pass_multiple.data = row.pass_multiple or ""
            phase = terms.phase(PhaseKind.SCORING, row.position)
            if phase is not None:
                part.form.opens_at.data, part.form.closes_at.data = phase.opens_at, phase.closes_at

    def validate(self, extra_validators: Any = None) -> bool:
        """What the rows owe each other is told beside what is wrong in one of them."""
        valid = super().validate(extra_validators)
        named = self._named()
        for part in self.rounds:
            if part.form not in named and any(field.raw_data and field.raw_data[0].strip() for field in part.form):
                _add(part.form.title, "round_without_title")
        for place, row in enumerate(named, start=1):
            for one, other in ((row.opens_at, row.closes_at), (row.closes_at, row.opens_at)):
                if _is_blank(one) and (len(named) > 1 or not _is_blank(other)):
                    _add(one, "round_without_dates", round=row.title.data)
            if place < len(named) and _is_blank(row.pass_multiple):
                _add(row.pass_multiple, "round_multiple_missing", round=row.title.data)
        return valid and not self.errors

    def field_named(self, place: str) -> Any:
        """The field of a fault of `terms`: "scoring-2_opens_at" is in the second row that has a name; None over the form."""
        key, _dash, name = place.partition("_")
        position = key.partition("-")[2]
        named = self._named()
        return named[int(position) - 1][name] if position.isdigit() and 0 < int(position) <= len(named) else None

    def _named(self) -> list[Any]:
        return [part.form for part in self.rounds if (part.form.title.data or "").strip()]

    def typed(self) -> tuple[list[RoundTerms], dict[int, tuple[datetime, datetime]]]:
        """The rounds that have a name, numbered from 1, and the windows of those that have both dates."""
        rounds, windows = [], {}
        for position, row in enumerate(self._named(), start=1):
            multiple = row.pass_multiple.data or None
            rounds.append(RoundTerms(position, row.title.data.strip(), row.weight_percent.data or 0, multiple))
            if row.opens_at.data and row.closes_at.data:
                windows[position] = (row.opens_at.data, row.closes_at.data)
        return rounds, windows


def _is_blank(field: Any) -> bool:
    return not any(text.strip() for text in field.raw_data or ())


def _add(field: Any, code: str, **params: object) -> None:
    field.errors = [*field.errors, words.sentence(code, params)]


def rights_form(phases: Iterable[PhaseTerms]) -> type[VersionedForm]:
    """What each phase grants."""
    fields: dict[str, Any] = {}
    for phase in phases:
        for right in Right:
            fields[f"{phase.key}_{right.value}"] = BooleanField(RIGHTS[right])
        fields[f"{phase.key}_members_see_other_scores"] = SelectField(
            _l("평가위원이 다른 위원의 점수를"), choices=[(str(v), VISIBILITIES[v]) for v in Visibility]
        )
    return type("RightsForm", (VersionedForm,), fields)


def amendment_form(terms: CallTerms, plans: Choices) -> type[VersionedForm]:
    """Everything that an amendment may change, with reason and approver."""
    fields: dict[str, Any] = {
        "reason": TextAreaField(
            _l("변경 사유"), validators=[DataRequired(_l("변경 사유를 적어 주십시오.")), Length(max=1000)]
        ),
        "approver": StringField(
            _l("승인자"),
            description=_l("직위와 이름. 예: 혁신도시정책총괄과장 홍길동"),
            validators=[DataRequired(_l("승인자를 적어 주십시오.")), Length(max=120)],
        ),
        "approved_on": DateField(_l("승인일"), validators=[InputRequired(_l("승인일을 적어 주십시오."))]),
        "title": StringField(_l("공고명"), validators=_TITLE),
    }
    for name in ("description", "authority", "contact", *SECTIONS):
        fields[name] = getattr(TextsForm, name)
    for track in terms.tracks:
        fields[f"track-{track.code}_budget_won"] = WonField(
            _l("예산"), validators=[InputRequired(_l("분야 예산을 적어 주십시오."))]
        )
        fields[f"track-{track.code}_plan"] = SelectField(
            _l("평가계획"), choices=plans, validators=[InputRequired(_l("평가계획을 골라 주십시오."))]
        )
    return type("AmendmentForm", (dates_form(terms.phases),), fields)
