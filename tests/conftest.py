"""One application and one database per test, on SQLite and on PostgreSQL.

Each test gets a copy of a migrated template database, so it may commit, roll back and break things as the product does. The tests run on
the database named by EVALCOMM_TEST_DATABASE: "sqlite" (default) or the URL of a PostgreSQL server that may create databases.
"""

import contextvars
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from evalcomm.app import create_app
from evalcomm.config import Settings
from evalcomm.foundation.database import db

hypothesis.settings.register_profile("explore", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.register_profile("suite", hypothesis.settings.get_profile("explore"), derandomize=True)
hypothesis.settings.load_profile("suite")
"""No test is timed, and a submission meets the cases of the one before; `pytest --hypothesis-profile=explore` looks for new ones."""

TEST_DATABASE = os.environ.get("EVALCOMM_TEST_DATABASE", "sqlite")
os.environ["EVALCOMM_LANG"] = "en"  # whatever the terminal of whoever runs the tests speaks
_serial = itertools.count()


class SettableClock:
    """The one thing that tests make up about time."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 22, 6, 20, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, **parts: float) -> datetime:
        self.instant += timedelta(**parts)
        return self.instant


def settings_for(instance: Path, database_url: str, **changes: object) -> Settings:
    values: dict[str, object] = {
        "instance": instance,
        "secret_key": "a secret of the tests, long enough for it",
        "database_url": database_url,
        "secure_cookies": False,
        "testing": True,
        "extra": {"WTF_CSRF_ENABLED": False},
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


def migrate(settings: Settings) -> None:
    from flask_migrate import upgrade

    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database: a file's path or a database's name."""
    folder = tmp_path_factory.mktemp("template")
    if TEST_DATABASE == "sqlite":
        path = folder / "template.sqlite"
        migrate(settings_for(folder, f"sqlite:///{path}"))
        yield str(path)
        return
    name = f"template_{os.getpid()}"
    server = _server()
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    migrate(settings_for(folder, f"{TEST_DATABASE}&dbname={name}"))
    yield name
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def _server() -> sqlalchemy.Engine:
    return sqlalchemy.create_engine(
        f"{TEST_DATABASE}&dbname=postgres", isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool
    )


@contextmanager
def new_database(template: str, folder: Path) -> Iterator[str]:
    """The URL of a copy of the template, which is gone afterwards."""
    if TEST_DATABASE == "sqlite":
        path = folder / "test.sqlite"
        shutil.copyfile(template, path)
        yield f"sqlite:///{path}"
        return
    name = f"test_{os.getpid()}_{next(_serial)}"
    server = _server()
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{TEST_DATABASE}&dbname={name}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(template_database: str, tmp_path: Path) -> Iterator[str]:
    with new_database(template_database, tmp_path) as url:
        yield url


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(tmp_path / "instance", database_url)


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once for all tests, not once for each test's application."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (known := self._compiled.get(bucket.key)) is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


compiled_templates = CompiledTemplates()


class Browser(FlaskClient):
    """Each request runs in a context of its own, as on a server: nothing that the test has open or loaded is shared with it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        answer.request.input_stream.close()  # a large upload is a temporary file, which only a followed redirect would close
        if has_app_context():  # what the test reads next is what the request left
            db.session.rollback()
            db.session.expire_all()
        return answer


@pytest.fixture
def app(settings: Settings, clock: SettableClock) -> Iterator[Flask]:
    """The application inside an open application context, as commands and the worker have it."""
    application = create_app(settings, clock=clock)
    application.test_client_class = Browser
    application.jinja_env.bytecode_cache = compiled_templates
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for every story of a worker: a second one in the same process can't be driven beside it."""
    from tests.web import preview

    with preview.browser_with_korean() as chromium:
        yield chromium
