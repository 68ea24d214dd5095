"""What every form does to a text, and what it says of one that is too long."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import Length

from evalcomm.web.forms import Form


class Letter(Form):
    name = StringField(validators=[Length(max=5)])
    body = TextAreaField()
    word = PasswordField()


def letter(**typed: str) -> Letter:
    return Letter(formdata=MultiDict(typed), meta={"csrf": False})


def test_texts_come_without_the_spaces_around_them_and_names_on_one_line(app: Flask) -> None:
    with app.test_request_context():
        form = letter(name=" 김\t 가람\n", body="\n 첫째 줄\n둘째 줄 \n", word=" 앞뒤 ")

    assert (form.name.data, form.body.data, form.word.data) == ("김 가람", "첫째 줄\n둘째 줄", " 앞뒤 ")


@pytest.mark.parametrize(
    ("locale", "sentence"), [("ko", "5자 이내로 적어 주십시오."), ("en", "Use at most 5 characters.")]
)
def test_a_text_that_is_too_long_is_told_in_the_readers_language(app: Flask, locale: str, sentence: str) -> None:
    with app.test_request_context(), force_locale(locale):
        form = letter(name="여섯글자이름")

        assert not form.validate()
        assert list(form.name.errors) == [sentence]
