"""create_app: settings → extensions → rooms → errors → commands, in one readable order. Touches nothing at import time."""

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel
from flask_migrate import Migrate

from evalcomm import resources
from evalcomm.accounts import commands as accounts_commands
from evalcomm.accounts import sign_in
from evalcomm.accounts.routes import blueprint as accounts
from evalcomm.applications.routes import blueprint as applications
from evalcomm.audit import commands as audit_commands
from evalcomm.audit import recording
from evalcomm.audit.routes import blueprint as audit
from evalcomm.committee.routes import blueprint as committee
from evalcomm.config import Settings, from_environment
from evalcomm.documents import press
from evalcomm.documents.routes import blueprint as documents
from evalcomm.foundation import database
from evalcomm.foundation.clock import Clock, system_clock
from evalcomm.notices.routes import blueprint as notices
from evalcomm.programs import commands as programs_commands
from evalcomm.programs.routes import blueprint as programs
from evalcomm.reports.routes import blueprint as reports
from evalcomm.rubrics.routes import blueprint as rubrics
from evalcomm.scoring.routes import blueprint as scoring
from evalcomm.selection import commands as selection_commands
from evalcomm.selection.routes import blueprint as selection
from evalcomm.web import access, errors, filters, intake, pages, security, sessions
from evalcomm.web import commands as web_commands

LOCALES = ("ko", "en")
ROOMS = (programs, rubrics, applications, committee, scoring, selection, reports, documents, notices, accounts, audit)


def create_app(settings: Settings | None = None, *, clock: Clock = system_clock) -> Flask:
    settings = settings or from_environment()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "evalcomm",
        instance_path=str(settings.instance),
        template_folder=str(resources.templates()),
        static_folder=str(Path(__file__).parent / "web" / "static"),
    )
    configure(app, settings)
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock

    security.init_app(app, settings)
    database.init_app(app)
    Migrate(app, database.db, directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)
    Babel(app, locale_selector=chosen_locale, default_locale="ko", default_timezone="Asia/Seoul")

    access.init_app(app)
    intake.init_app(app)
    sign_in.init_app(app)
    recording.init_app(app)
    press.init_app(app)
    filters.init_app(app)
    sessions.init_app(app)
    pages.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room)
    if settings.demonstration:
        install_demonstration(app)

    errors.init_app(app)
    for commands in (web_commands, accounts_commands, audit_commands, programs_commands, selection_commands):
        commands.init_app(app)
    return app


def configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        TESTING=settings.testing,
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
        **settings.extra,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]}


def chosen_locale() -> str:
    """The person's choice in the cookie, else Korean: the product speaks Korean unless somebody asks for English."""
    chosen = request.cookies.get("locale", "") if request else ""
    return chosen if chosen in LOCALES else "ko"


def install_demonstration(app: Flask) -> None:
    """The demonstration is reachable nowhere else: found by its entry point, never imported by a room."""
    from importlib.metadata import entry_points

    for found in entry_points(group="evalcomm.demo"):
        found.load()(app)
