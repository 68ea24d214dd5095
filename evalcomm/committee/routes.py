"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("committee", __name__)
