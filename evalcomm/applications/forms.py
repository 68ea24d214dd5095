"""Forms of the sections. A draft's kept fields fill them again exactly as they were typed; `content_of` reads them all into one value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, MultipleFileField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from evalcomm.applications.content import (
    ITEMS,
    MAX_PARTNERS,
    NARRATIVE,
    NARRATIVE_LIMIT,
    Content,
    Line,
    Problem,
    partner_problems,
    period_problem,
    years_of,
)
from evalcomm.applications.models import FundingSource, ScreeningVerdict
from evalcomm.applications.words import (
    ATTACHMENT_KINDS,
    SOURCES,
    VERDICTS,
)
from evalcomm.applications.words import (
    ITEMS as ITEM_NAMES,
)
from evalcomm.applications.words import (
    NARRATIVE as NARRATIVE_NAMES,
)
from evalcomm.web.forms import Form, WonField
from evalcomm.web.words import sentence

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields may hold; read by the routes."""

    tracks: Sequence[tuple[int, str]]
    organisations: Sequence[tuple[int, str]]


class LastsFrom:
    """The period is told wrong where it is typed, by the same rule that keeps the application from being submitted."""

    def __init__(self, today: date) -> None:
        self._today = today

    def __call__(self, form: Any, field: Any) -> None:
        start, end = form["period_from"].data, field.data
        problem = period_problem(start, end, self._today) if start is not None and end is not None else None
        if problem is not None:
            raise ValidationError(sentence(problem.code, problem.params))


def _chosen(value: Any) -> int | None:
    """Nothing is chosen for anybody where there is a choice."""
    return int(value) if value else None


class HasPartner:
    """A role belongs to somebody: without the institution it would be lost at the submission."""

    def __init__(self, place: int) -> None:
        self._partner = f"partner_{place}"

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and form[self._partner].data in {None, NOBODY}:
            raise ValidationError(_l("역할을 맡을 참여기관을 고르거나, 적은 역할을 지워 주십시오."))


class BasicsForm(Form):
    title = StringField(
        _l("사업명"),
        validators=[
            DataRequired(_l("사업명을 적어 주십시오.")),
            Length(max=200, message=_l("사업명은 200자까지 적을 수 있습니다.")),
        ],
    )
    track_id = SelectField(
        _l("신청 분야"), coerce=_chosen, validators=[InputRequired(_l("신청 분야를 골라 주십시오."))]
    )
    lead_organisation_id = SelectField(
        _l("주관기관"),
        coerce=int,
        validators=[InputRequired(_l("주관기관을 골라 주십시오."))],
        description=_l("목록에 없으면 사무국에 기관 등록을 요청해 주십시오."),
    )
    manager = StringField(
        _l("총괄책임자"),
        validators=[DataRequired(_l("총괄책임자의 성명을 적어 주십시오.")), Length(max=80)],
        description=_l("성명과 직위. 예: 김사업 팀장"),
    )
    period_from = DateField(
        _l("사업 시작일"), validators=[InputRequired(_l("사업 시작일을 적어 주십시오. 예: 2027-01-01"))]
    )
    period_to = DateField(
        _l("사업 종료일"), validators=[InputRequired(_l("사업 종료일을 적어 주십시오. 예: 2027-12-31"))]
    )


def _plan_form() -> type[Form]:
    fields = {}
    for name, required in NARRATIVE:
        label, hint = NARRATIVE_NAMES[name]
        limit = Length(
            max=NARRATIVE_LIMIT, message=_l("%(limit)s자까지 적을 수 있습니다.", limit=f"{NARRATIVE_LIMIT:,}")
        )
        must = [DataRequired(_l("이 항목을 적어 주십시오."))] if required else [Optional()]
        fields[name] = TextAreaField(label, description=hint, validators=[*must, limit])
    return type("PlanForm", (Form,), fields)


def _partners_form() -> type[Form]:
    fields: dict[str, Any] = {}
    for place in range(1, MAX_PARTNERS + 1):
        fields[f"partner_{place}"] = SelectField(_l("참여기관 %(n)s", n=place), coerce=int, default=NOBODY)
        fields[f"duty_{place}"] = StringField(
            _l("참여기관 %(n)s의 역할", n=place), validators=[HasPartner(place), Length(max=200)]
        )
    return type("PartnersForm", (Form,), fields)


PlanForm = _plan_form()
PartnersForm = _partners_form()


def budget_name(year: int, item: str, source: FundingSource) -> str:
    return f"y{year}_{item}_{source.value}"


def budget_form(years: range) -> type[Form]:
    """One field per year, item and source."""
    fields = {
        budget_name(year, item, source): WonField(
            _l("%(year)s년 %(item)s %(source)s", year=year, item=ITEM_NAMES[item], source=SOURCES[source]),
            validators=[Optional()],
        )
        for year in years
        for item in ITEMS
        for source in FundingSource
    }
    return type("BudgetForm", (Form,), fields)


class AttachmentForm(Form):
    kind = RadioField(_l("자료 구분"), choices=list(ATTACHMENT_KINDS.items()), default="proposal")
    files = MultipleFileField(_l("파일"))


class ScreeningForm(Form):
    verdict = RadioField(
        _l("판정"),
        choices=[(verdict.value, VERDICTS[verdict]) for verdict in ScreeningVerdict],
        validators=[InputRequired(_l("판정을 골라 주십시오."))],
    )
    reason = TextAreaField(
        _l("사유"), description=_l("보완·부적격이면 무엇이 모자란지 적습니다."), validators=[Length(max=2000)]
    )

    def validate_reason(self, field: Any) -> None:
        if self.verdict.data and self.verdict.data != ScreeningVerdict.ELIGIBLE and not field.data:
            raise ValidationError(sentence("screening_reason_missing"))


SECTIONS = ("basics", "plan", "partners", "budget")


def typed(draft: Mapping[str, Any], section: str) -> MultiDict[str, str]:
    """The kept fields of a section, as a browser would send them."""
    fields = draft.get(section, {}).get("fields", {})
    return MultiDict([(name, str(value)) for name, value in fields.items() if value is not None])


def kept_tag(draft: Mapping[str, Any], section: str) -> int:
    return int(draft.get(section, {}).get("tag", 1))


def years_in(draft: Mapping[str, Any], today: date) -> range:
    """The years of the budget table: those of the period, or next year while there is none."""
    fields = typed(draft, "basics")
    try:
        first, last = date.fromisoformat(fields.get("period_from", "")), date.fromisoformat(fields.get("period_to", ""))
    except ValueError:
        return range(today.year + 1, today.year + 2)
    years = years_of(first, last)
    return years if 0 < len(years) <= 10 else range(first.year, first.year + 1)


def section_form(
    section: str, draft: Mapping[str, Any], choices: Choices, *, today: date, posted: MultiDict[str, str] | None = None
) -> Form:
    """The form of a section: with what was posted, else with what is kept. `errors` are there after `validate()`."""
    shown = typed(draft, section) if posted is None else posted
    if section == "budget":
        return budget_form(years_in(draft, today))(formdata=shown)
    if section == "plan":
        return PlanForm(formdata=shown)
    if section == "partners":
        partners = PartnersForm(formdata=shown)
        for place in range(1, MAX_PARTNERS + 1):
            partners[f"partner_{place}"].choices = [(NOBODY, _l("없음")), *choices.organisations]
        return partners
    basics = BasicsForm(formdata=shown)
    basics.period_to.validators = [*basics.period_to.validators, LastsFrom(today)]
    undecided = [("", _l("분야를 골라 주십시오"))] if len(choices.tracks) > 1 else []
    basics.track_id.choices = [*undecided, *choices.tracks]
    basics.lead_organisation_id.choices = list(choices.organisations)
    return basics


def is_started(draft: Mapping[str, Any], section: str) -> bool:
    return kept_tag(draft, section) > 1


def content_of(draft: Mapping[str, Any], choices: Choices, *, today: date) -> tuple[Content | None, list[Problem]]:
    """The complete application, or what keeps it from being one: each section with a wrong field, once."""
    read = {section: section_form(section, draft, choices, today=today) for section in SECTIONS}
    wrong = [section for section, form in read.items() if show_errors(form)]
    basics, plan, partners, budget = (read[section] for section in SECTIONS)
    together = tuple(
        (partners[f"partner_{place}"].data, (partners[f"duty_{place}"].data or "").strip())
        for place in range(1, MAX_PARTNERS + 1)
        if partners[f"partner_{place}"].data not in {None, NOBODY}
    )
    if "basics" in wrong:
        found = [] if "partners" in wrong else partner_problems(basics["lead_organisation_id"].data, together)
        return None, [Problem(section, "section_wrong") for section in wrong] + found
    content = Content(
        title=basics["title"].data,
        track_id=basics["track_id"].data,
        lead_organisation_id=basics["lead_organisation_id"].data,
        manager=basics["manager"].data,
        period_from=basics["period_from"].data,
        period_to=basics["period_to"].data,
        narrative={name: (plan[name].data or "").strip() for name, _required in NARRATIVE},
        partners=together,
        budget=tuple(
            Line(year, item, source, budget[budget_name(year, item, source)].data or 0)
            for year in years_in(draft, today)
            for item in ITEMS
            for source in FundingSource
        ),
    )
    return content, [Problem(section, "section_wrong") for section in wrong if section != "plan"]


def show_errors(form: Form) -> bool:
    """Check every field, so that the page shows what is wrong; whether anything is. The request's token is not this form's business."""
    checked = [field.validate(form) for field in form if field.type != "CSRFTokenField"]
    return not all(checked)
