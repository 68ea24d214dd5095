"""`evalcomm program …`."""

from flask import Flask
from flask.cli import AppGroup

group = AppGroup("program", help="Programmes and calls.")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
