"""Two moments at which a lower room needs one that stands above it. The upper room registers itself; until then nothing happens."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from evalcomm.foundation.actor import Actor


class SendMessage(Protocol):
    def __call__(
        self, *, key: str, subject: str, body: str, at: datetime, user_id: int | None = None, address: str | None = None
    ) -> object: ...


SigningOut = Callable[[Actor, datetime], object]

_signing_out: list[SigningOut] = []
_senders: list[SendMessage] = []


def on_signing_out(listener: SigningOut) -> SigningOut:
    """Called in the sign-out's transaction, before the session ends."""
    if listener not in _signing_out:
        _signing_out.append(listener)
    return listener


def signing_out(actor: Actor, at: datetime) -> None:
    for listener in _signing_out:
        listener(actor, at)


def sends_messages(sender: SendMessage) -> SendMessage:
    """The notices room says how a message is sent."""
    _senders[:] = [sender]
    return sender


def send_message(
    *, key: str, subject: str, body: str, at: datetime, user_id: int | None = None, address: str | None = None
) -> None:
    for sender in _senders:
        sender(key=key, subject=subject, body=body, at=at, user_id=user_id, address=address)
