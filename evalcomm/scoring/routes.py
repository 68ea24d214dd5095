"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("scoring", __name__)
