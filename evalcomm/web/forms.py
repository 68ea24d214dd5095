"""The form base. A form knows no database: choices are passed in. Amounts and points are read exactly, and an unclear one gets a sentence."""

import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, PasswordField, StringField, TextAreaField, ValidationError
from wtforms import Form as PlainForm
from wtforms.i18n import get_translations
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from evalcomm.foundation.clock import SEOUL

LARGEST_WON = 10**15
"""More than any budget, and its sums fit into every column."""
_WON = re.compile(r"\d{1,3}(,\d{3})*|\d+")
_POINTS = re.compile(r"-?\d+(\.\d+)?")


_BETTER = {"Field cannot be longer than %(max)d character.": _l("%(max)d자 이내로 적어 주십시오.")}


class _Sentences:
    """WTForms' own, but for those that don't read well in Korean."""

    def __init__(self, theirs: Any) -> None:
        self._theirs = theirs

    def gettext(self, text: str) -> str:
        return str(self._theirs.gettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        better = _BETTER.get(one)
        return str(better if better is not None else self._theirs.ngettext(one, many, count))


@cache
def _translations(locale: str) -> _Sentences:
    return _Sentences(get_translations([locale]))


def _trimmed(text: Any) -> Any:
    return text.strip() if isinstance(text, str) else text


def _on_one_line(text: Any) -> Any:
    return " ".join(text.split()) if isinstance(text, str) else text


class _Meta:
    def get_translations(self, form: Any) -> Any:
        """WTForms' own sentences, read from their file once per language and process."""
        del form
        return _translations(str(get_locale() or "ko"))

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
        kind = unbound_field.field_class
        if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
            options = {**options, "filters": [_trimmed if issubclass(kind, TextAreaField) else _on_one_line]}
        return unbound_field.bind(form=form, **options)


class Form(FlaskForm):
    """Texts arrive without the spaces around them, and one of a single line without the tabs and line breaks that pasting brings."""

    class Meta(_Meta, FlaskForm.Meta):
        pass


class Row(PlainForm):
    """Fields that are asked several times in one form."""

    class Meta(_Meta, DefaultMeta):
        pass


class WonField(StringField):
    """Whole won: digits, thousands separators allowed. `data` is an int or None, and the typed text stays in the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raw_text = ""

    def _value(self) -> str:
        if self.raw_text:
            return self.raw_text
        return f"{self.data:,}" if isinstance(self.data, int) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.raw_text:
            return
        text = "".join(self.raw_text.removesuffix("원").split())
        if not _WON.fullmatch(text):
            raise ValueError(_l("원 단위의 정수로 적어 주십시오. 예: 12,500,000"))
        digits = text.replace(",", "").lstrip("0")
        if len(digits) > len(str(LARGEST_WON)) or int(digits or "0") > LARGEST_WON:
            raise ValueError(_l("금액이 너무 큽니다. 원 단위로 적었는지 확인해 주십시오."))
        self.data = int(digits or "0")

    def pre_validate(self, form: Any) -> None:
        del form
        if self.process_errors:
            raise StopValidation


class CountField(StringField):
    """A whole number from `least` to `most`. `data` is an int or None, and the typed text stays in the page."""

    def __init__(self, *args: Any, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raw_text = ""
        self.least, self.most = least, most

    def _value(self) -> str:
        return self.raw_text or ("" if self.data is None else str(self.data))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.raw_text:
            return
        count = (
            int(self.raw_text)
            if self.raw_text.isascii() and self.raw_text.isdigit() and len(self.raw_text) < 10
            else -1
        )
        if not self.least <= count <= self.most:
            raise ValueError(_("%(least)s부터 %(most)s까지의 정수로 적어 주십시오.", least=self.least, most=self.most))
        self.data = count

    def pre_validate(self, form: Any) -> None:
        del form
        if self.process_errors:
            raise StopValidation


class PointsField(StringField):
    """Score points as an exact decimal. `data` is a Decimal or None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.raw_text = ""

    def _value(self) -> str:
        return self.raw_text or ("" if self.data is None else format(self.data, "f"))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.raw_text:
            return
        if not _POINTS.fullmatch(self.raw_text) or len(self.raw_text) > 20:
            raise ValueError(_l("점수는 숫자로 적어 주십시오. 예: 12.5"))
        self.data = Decimal(self.raw_text)

    def pre_validate(self, form: Any) -> None:
        del form
        if self.process_errors:
            raise StopValidation


class SeoulDateTimeField(DateTimeLocalField):
    """A date and time as people in Seoul write it; `data` is aware."""

    data: datetime | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, datetime):
            self.data = self.data.replace(tzinfo=SEOUL)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M") if isinstance(self.data, datetime) else ""


def not_before(other: str, message: Any) -> Any:
    """A validator: this field's value is after the other field's."""

    def check(form: Any, field: Any) -> None:
        earlier = form[other].data
        if earlier is not None and field.data is not None and field.data <= earlier:
            raise ValidationError(message)

    return check
