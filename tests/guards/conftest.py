"""The filled database of the guards, built once per session."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from evalcomm.app import create_app
from evalcomm.foundation.database import db
from tests.conftest import SettableClock, new_database, settings_for
from tests.guards import world as worlds
from tests.guards.world import World


class Filled:
    """The world, and the application over it with and without demonstration mode."""

    def __init__(self, world: World, apps: dict[str, Flask]) -> None:
        self.world = world
        self.apps = apps


@pytest.fixture(scope="session")
def filled(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    with _filled(template_database, tmp_path_factory.mktemp("filled")) as found:
        yield found


@pytest.fixture(scope="session")
def larger(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """More rows of everything, at the same places."""
    stages = [stage for stage in worlds.STAGES if stage not in {"closed", "divided", "adopted", "resolved", "approved"}]
    with _filled(template_database, tmp_path_factory.mktemp("larger"), stages=stages, more=2, more_calls=6) as found:
        yield found


@contextmanager
def _filled(template: str, folder: Path, **size: Any) -> Iterator[Filled]:
    with new_database(template, folder) as url:
        apps = {}
        for mode in ("real", "demonstration"):
            settings = settings_for(folder / "instance", url, demonstration=mode == "demonstration")
            apps[mode] = create_app(settings, clock=SettableClock())
        with _open(apps["real"]):
            world = worlds.build(**size)
        yield Filled(world, apps)
        for app in apps.values():
            with _open(app):
                pass


@contextmanager
def _open(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
