"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("applications", __name__)
