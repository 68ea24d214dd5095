"""The filled database of the guards, built once per session."""

from collections.abc import Iterator
from contextlib import contextmanager

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
    folder = tmp_path_factory.mktemp("filled")
    with new_database(template_database, folder) as url:
        apps = {}
        for mode in ("real", "demonstration"):
            settings = settings_for(folder / "instance", url, demonstration=mode == "demonstration")
            apps[mode] = create_app(settings, clock=SettableClock())
        with _open(apps["real"]):
            world = worlds.build()
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
