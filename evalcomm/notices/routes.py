"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("notices", __name__)
