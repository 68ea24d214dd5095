"""The pages of this room: an evaluator's own, and those of the secretariat, the auditor and the chair."""

from flask_babel import lazy_gettext as _l

from evalcomm.programs import links
from evalcomm.scoring import policies
from evalcomm.scoring import tasks as _tasks  # noqa: F401 - registers the periodic cutting of versions
from evalcomm.scoring.routes import desk, evaluator, opening, secretariat, table
from evalcomm.scoring.routes.blueprint import blueprint
from evalcomm.web import home, navigation

navigation.register(_l("내 평가"), "scoring.index", policies.is_evaluator, order=350)
navigation.register(_l("평가 진행"), "scoring.progress_index", policies.may_follow_progress, order=350)

home.register(name="scoring.desk", policy=policies.is_evaluator, render=desk.section, order=20)

__all__ = ["blueprint", "desk", "evaluator", "opening", "secretariat", "table"]
links.register(_l("평가 진행"), "scoring.progress", policies.may_see_progress, order=200)
