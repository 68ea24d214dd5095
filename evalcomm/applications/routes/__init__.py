"""The applicant's pages, and the secretariat's list and screening."""

from flask_babel import lazy_gettext as _l

from evalcomm.applications import audience, policies
from evalcomm.applications.routes import applicant, attachments, secretariat
from evalcomm.applications.routes.blueprint import blueprint
from evalcomm.programs import links
from evalcomm.programs.services import tells
from evalcomm.web import home, navigation

tells(audience.owners)
navigation.register(_l("내 신청서"), "applications.mine", policies.is_applicant, order=200)
home.register(name="applications.mine", policy=policies.is_applicant, render=applicant.desk, order=10)
links.register(_l("신청하기"), "applications.choose_project", policies.may_start, order=10, kind="primary")
links.register(_l("신청서와 요건검토"), "applications.list_applications", policies.may_list_of_call, order=100)

__all__ = ["applicant", "attachments", "blueprint", "secretariat"]
