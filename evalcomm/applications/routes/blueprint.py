"""The room's one blueprint."""

from flask import Blueprint

blueprint = Blueprint("applications", __name__)
