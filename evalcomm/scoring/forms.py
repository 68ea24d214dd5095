"""Forms of scoring: the sheet, built from a rubric, and those of the secretariat and the chair."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from evalcomm.engine.rubric import Adjustment, Comment, InputKind, Item, Rubric
from evalcomm.scoring.sheet import COMMENT, ENTRY, OPINION, TEXT_LIMIT, Draft
from evalcomm.scoring.words import problem_sentence
from evalcomm.web.forms import Form, PointsField

EVIDENCE_LENGTH = 1000
NO_POINTS = _l("점수를 적거나 증빙을 비워 주십시오.")
NO_EVIDENCE = _l("무엇을 보고 정한 점수인지 증빙을 적어 주십시오.")


def sheet_form(rubric: Rubric, draft: Draft | None = None) -> Any:
    """Fields of a rubric; without a posted form it shows the draft. What is typed is kept whatever it says: `add_problems` judges it."""
    fields: dict[str, Any] = {"version_tag": HiddenField()}
    for item in rubric.scored_items:
        fields[ENTRY + item.id] = _entry_field(item)
        if item.comment is not Comment.NONE:
            fields[COMMENT + item.id] = _text_field(
                _l("%(title)s 평가의견", title=item.title), required=item.comment is Comment.REQUIRED
            )
    if rubric.comment is not Comment.NONE:
        fields[OPINION] = _text_field(_l("종합의견"), required=rubric.comment is Comment.REQUIRED)
    made = type("SheetForm", (Form,), fields)
    return made() if draft is None else made(formdata=None, data=draft.to_fields())


def _entry_field(item: Item) -> Any:
    label = item.title
    if item.input is InputKind.YES_NO:
        choices = [SelectChoice("yes", _l("예")), SelectChoice("no", _l("아니오"))]
        return RadioField(label, choices=choices, validators=[Optional()], validate_choice=False)
    if item.entries:
        choices = [SelectChoice(name, name) for name in item.entries]
        return RadioField(label, choices=choices, validators=[Optional()], validate_choice=False)
    return StringField(label, validators=[Optional()])


class OwedAtSubmission:
    """Marks a field as required without demanding it from a draft: `add_problems` does, when the sheet is handed in."""

    field_flags = MappingProxyType({"required": True})

    def __call__(self, form: Any, field: Any) -> None:
        del form, field


def _text_field(label: Any, *, required: bool) -> TextAreaField:
    validators = [Length(max=TEXT_LIMIT), *([OwedAtSubmission()] if required else [])]
    return TextAreaField(label, validators=validators, render_kw={"rows": 3})


def typed(form: Any) -> dict[str, str]:
    """Field → what was typed or picked."""
    return {field.name: field.data or "" for field in form if field.name not in {"csrf_token", "version_tag"}}


def add_problems(form: Any, rubric: Rubric, draft: Draft) -> int:
    """Put what keeps the sheet from being handed in at its fields. Returns how many places that are."""
    problems = draft.problems(rubric)
    for problem in problems:
        name = (
            (COMMENT + problem.item if problem.item else OPINION)
            if problem.code == "comment-missing"
            else ENTRY + problem.item
        )
        if name in form:
            form[name].errors = [*form[name].errors, problem_sentence(problem, rubric)]
    return len(problems)


class ConfirmForm(Form):
    """Nothing is typed again: the page shows what is signed, and which state of the sheet it is."""

    version_tag = HiddenField(validators=[DataRequired()])


class ReopenForm(Form):
    reason = TextAreaField(
        _l("재작성을 허용하는 사유"),
        description=_l("위원에게 그대로 알립니다."),
        validators=[DataRequired(_l("사유를 적어 주십시오.")), Length(max=1000)],
        render_kw={"rows": 3},
    )


class OwedBeside:
    """Points and their evidence are entered together or not at all."""

    def __init__(self, other: str, sentence: Any) -> None:
        self.other, self.sentence = other, sentence

    def __call__(self, form: Any, field: Any) -> None:
        if "".join(form[self.other].raw_data or []).strip() and not "".join(field.raw_data or []).strip():
            raise StopValidation(self.sentence)


def fixed_form(rubric: Rubric, values: Mapping[str, tuple[Any, str]]) -> Any:
    """Points and evidence for every fixed item, bonus and penalty; `values` are those that count now."""
    fields: dict[str, Any] = {}
    asked: tuple[Item | Adjustment, ...] = (*rubric.fixed_items, *rubric.adjustments)
    for one in asked:
        owed = [OwedAtSubmission()] if isinstance(one, Item) else []
        points, evidence = f"points-{one.id}", f"evidence-{one.id}"
        fields[points] = PointsField(
            one.title, validators=[OwedBeside(evidence, NO_POINTS), Optional(), *owed], render_kw={"size": 6}
        )
        fields[evidence] = StringField(
            _l("%(title)s 증빙", title=one.title),
            validators=[OwedBeside(points, NO_EVIDENCE), Length(max=EVIDENCE_LENGTH), *owed],
        )
    data = {
        name: value
        for item, (points, evidence) in values.items()
        for name, value in ((f"points-{item}", points), (f"evidence-{item}", evidence))
    }
    return type("FixedPointsForm", (Form,), fields)(data=data)


class BoxForm(Form):
    """Names the box, or the table, that the page showed."""

    sha256 = HiddenField(validators=[DataRequired()])


def close_form(unsigned: Sequence[tuple[int, str]], few: Sequence[tuple[int, str]], **values: Any) -> Any:
    """총평, a reason for each member who did not sign, and one for each application with too few sheets, where the plan lets it stand."""
    fields: dict[str, Any] = {
        "sha256": HiddenField(validators=[DataRequired()]),
        "remark": TextAreaField(
            _l("총평"),
            description=_l("종합집계표에 그대로 인쇄합니다."),
            validators=[DataRequired(_l("총평을 적어 주십시오.")), Length(max=TEXT_LIMIT)],
            render_kw={"rows": 6},
        ),
    }
    for member, name in unsigned:
        fields[f"absent-{member}"] = StringField(
            _l("%(name)s 위원의 불참 사유", name=name),
            validators=[
                DataRequired(_l("불참 사유를 적거나, 온 위원이면 먼저 서명을 받아 주십시오.")),
                Length(max=EVIDENCE_LENGTH),
            ],
        )
    for application, number in few:
        fields[f"resolved-{application}"] = StringField(
            _l("%(number)s 의결 사유", number=number),
            validators=[DataRequired(_l("의결 사유를 적어 주십시오.")), Length(max=EVIDENCE_LENGTH)],
        )
    return type("CloseForm", (Form,), fields)(**values)


def reasons(form: Any, prefix: str) -> dict[int, str]:
    """Id → reason, of the fields that were filled in."""
    return {
        int(field.name.removeprefix(prefix)): field.data.strip()
        for field in form
        if field.name.startswith(prefix) and (field.data or "").strip()
    }
