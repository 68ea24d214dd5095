"""`evalcomm user …`."""

from flask import Flask
from flask.cli import AppGroup

group = AppGroup("user", help="Accounts.")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
