"""Who manages accounts: the administrator. The secretariat invites evaluators and keeps organisations."""

from evalcomm.foundation.actor import Role
from evalcomm.web.access import holds, signed_in

may_manage_accounts = holds(Role.ADMINISTRATOR)
may_invite = holds(Role.ADMINISTRATOR, Role.SECRETARIAT)
may_keep_organisations = holds(Role.ADMINISTRATOR, Role.SECRETARIAT)
may_change_own_profile = signed_in

INVITABLE_BY_SECRETARIAT = frozenset({Role.APPLICANT, Role.EVALUATOR})
