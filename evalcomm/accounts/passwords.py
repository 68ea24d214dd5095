"""Passwords: argon2id and nothing else. Hashing takes about 50 ms of a core, so it is never done inside a transaction."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MINIMUM = 10
MAXIMUM = 128
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Takes as long for an account that does not exist: who has one is nobody's business."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)


def weakness(password: str, email: str) -> str | None:
    """The code of what is wrong with a new password, or None."""
    if len(password) < MINIMUM:
        return "password_short"
    if len(password) > MAXIMUM:
        return "password_long"
    if email.split("@", 1)[0].lower() in password.lower() and len(email.split("@", 1)[0]) >= 4:
        return "password_like_email"
    if len(set(password)) < 5:
        return "password_simple"
    return None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody signs in with this")
