"""Numbers and texts that no database can hold are answered at the door, not by a failure inside."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from evalcomm.foundation.actor import Role
from evalcomm.web.forms import LARGEST_WON, Form, WonField
from tests.factories import make_user
from tests.pages import client_for, open_page

BEYOND = 2**63


@pytest.mark.parametrize(
    "address", ["/calls/{}", "/papers/{}", "/messages/{}", "/applications/{}", "/scoring/sheets/{}"]
)
def test_a_number_beyond_every_row_is_an_address_that_does_not_exist(app: Flask, address: str) -> None:
    client = client_for(app, make_user(Role.SECRETARIAT))

    assert client.get(address.format(BEYOND)).status_code == 404


@pytest.mark.parametrize("address", ["/admin/outbox?page={}", "/admin/outbox?page=x{}"])
def test_a_page_number_that_counts_nothing_shows_the_first_page(app: Flask, address: str) -> None:
    open_page(client_for(app, make_user(Role.ADMINISTRATOR)), address.format(BEYOND))


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"email": "a\0b"}},
        {"data": {"email\0": "a"}},
        {"data": rb'{"email": ["\ud800"]}', "content_type": "application/json"},
    ],
)
def test_a_text_that_cannot_be_stored_is_refused(app: Flask, sent: dict[str, object]) -> None:
    client = app.test_client()

    assert client.post("/register", **sent).status_code == 422  # type: ignore[arg-type]
    assert client.get("/sign-in?next=%00").status_code == 422
    assert (
        client.post("/register", data={"email": "👩‍👧 가\t나\r\n"}).status_code == 422
    )  # for its address, not for its letters


@pytest.mark.parametrize(("typed", "won"), [(LARGEST_WON, LARGEST_WON), (LARGEST_WON + 1, None), (BEYOND, None)])
def test_an_amount_is_never_larger_than_the_column_of_its_sum(app: Flask, typed: int, won: int | None) -> None:
    class Budget(Form):
        amount = WonField()

    with app.test_request_context():
        form = Budget(formdata=MultiDict({"amount": f"{typed:,}"}))

        assert form.amount.data == won
        assert form.validate() is (won is not None)
        assert form.amount._value() == f"{typed:,}"
