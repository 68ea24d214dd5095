"""Sign-in, joining, one's own profile; accounts and organisations for those who manage them."""

from flask_babel import lazy_gettext as _l

from evalcomm.accounts import policies
from evalcomm.accounts.routes import joining, organisations, people, profile, sign_in
from evalcomm.accounts.routes.blueprint import blueprint
from evalcomm.web import navigation

navigation.register(_l("기관"), "accounts.organisations", policies.may_keep_organisations, order=700)
navigation.register(_l("초대"), "accounts.new_invitation", policies.may_invite, order=710)
navigation.register(_l("계정"), "accounts.accounts", policies.may_manage_accounts, order=920)

__all__ = ["blueprint", "joining", "organisations", "people", "profile", "sign_in"]
