"""Typed settings, read from the environment once.

Rule: a default here must be safe in production and may be public. Anything else has no default and belongs to an environment: a
missing secret stops the start with a sentence, unless the demonstration or a test says that it makes its own.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class ConfigError(Exception):
    """A setting is missing or wrong; the text says which, and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    instance: Path
    secret_key: str
    database_url: str
    demonstration: bool = False
    public_url: str = "http://localhost:8000"
    """Printed on papers as the address of the verification page."""
    secure_cookies: bool = True
    trusted_proxies: int = 0
    """How many proxies in front set X-Forwarded-For; 0 = the peer's address is the person's."""
    session_minutes: int = 60
    max_attachment_bytes: int = 20 * 1024 * 1024
    max_request_bytes: int = 64 * 1024 * 1024
    smtp_url: str = ""
    mail_from: str = ""
    testing: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)
    """Handed to Flask's config as it is; for tests."""


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """$EVALCOMM_INSTANCE, else the checkout's instance/, else ./instance; never site-packages."""
    if named := environ.get("EVALCOMM_INSTANCE"):
        return Path(named).resolve()
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / "instance"
    return Path.cwd() / "instance"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    instance = instance_folder(environ)
    demonstration = _flag(environ, "EVALCOMM_DEMO")
    secret = environ.get("EVALCOMM_SECRET_KEY", "")
    if not secret:
        secret = _kept_secret(instance)
    if len(secret) < 32:
        raise ConfigError("EVALCOMM_SECRET_KEY must have at least 32 characters")
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'evalcomm.sqlite'}"
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    return Settings(
        instance=instance,
        secret_key=secret,
        database_url=url,
        demonstration=demonstration,
        public_url=environ.get("EVALCOMM_PUBLIC_URL", "http://localhost:8000").rstrip("/"),
        secure_cookies=not _flag(environ, "EVALCOMM_INSECURE_COOKIES") and not demonstration,
        trusted_proxies=_number(environ, "EVALCOMM_TRUSTED_PROXIES", 0),
        session_minutes=_number(environ, "EVALCOMM_SESSION_MINUTES", 60),
        max_attachment_bytes=_number(environ, "EVALCOMM_MAX_ATTACHMENT_BYTES", 20 * 1024 * 1024),
        smtp_url=environ.get("EVALCOMM_SMTP_URL", ""),
        mail_from=environ.get("EVALCOMM_MAIL_FROM", ""),
    )


def _kept_secret(instance: Path) -> str:
    """Made at the first start and kept beside the database, readable by its owner only: no default that everybody knows."""
    path = instance / "secret-key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "true", "false"}:
        raise ConfigError(f"{name} must be 1 or 0, not {value!r}")
    return value in {"1", "true"}


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise ConfigError(f"{name} must be a whole number, not {value!r}")
    return int(value)
