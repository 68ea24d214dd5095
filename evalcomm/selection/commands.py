"""`evalcomm allocation …`."""

from flask import Flask
from flask.cli import AppGroup

group = AppGroup("allocation", help="Allocation runs of a call.")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
