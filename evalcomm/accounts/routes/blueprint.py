"""The room's one blueprint."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
