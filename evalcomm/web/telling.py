"""A form that is refused says everything that is wrong at once, each beside its field, and keeps what was typed.

ready = form.validate()
try:
    if ready:
        services.create_committee(call=call, name=form.name.data, …)
        return redirect(…)
    services.refuse_committee(call=call, **read(form, "name", "kind"))
except DomainError as error:
    status = tell(form, error)
"""

from typing import Any

from wtforms import FieldList

from evalcomm.foundation.database import db
from evalcomm.foundation.errors import DomainError, Invalid
from evalcomm.web import words


def read(form: Any, *names: str) -> dict[str, Any]:
    """Name → what was typed, or None where it can't be read or nothing was."""
    return {name: None if form[name].errors or form[name].data == "" else form[name].data for name in names}


def _field(form: Any, name: str) -> Any:
    """A form whose fields lie in rows knows them by `field_named`."""
    if hasattr(form, "field_named"):
        return form.field_named(name)
    return form[name] if name in form and not isinstance(form[name], FieldList) else None


def tell(form: Any, error: DomainError) -> int:
    """Put a refusal at its fields, or over the form where it has none; nothing that was begun stays. Returns the status of the answer.

    A field that can't be read has said so, and what would be said of its value is left out.
    """
    db.session.rollback()
    told = []
    fields = error.fields if isinstance(error, Invalid) else {}
    for name, (code, params) in fields.items():
        sentence, field = words.sentence(code, params), _field(form, name)
        if field is not None:
            field.errors = field.errors or [sentence]
        else:
            told.append(sentence)
    if not fields:
        told.append(words.explain(error))
    form.form_errors = [*form.form_errors, *told]
    return error.status
