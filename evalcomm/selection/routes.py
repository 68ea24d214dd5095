"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("selection", __name__)
