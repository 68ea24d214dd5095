"""One browser for the stories of a worker; each person has windows of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.web import preview


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with preview.browser_with_korean() as chromium:
        yield chromium
