"""The worker's part: hand a message to the mail server, or keep it to be read in the browser."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from evalcomm.config import Settings
from evalcomm.foundation import outbox
from evalcomm.foundation.database import db, transaction
from evalcomm.notices.models import Message
from evalcomm.notices.services import SEND


@outbox.task(SEND)
def send(payload: dict[str, Any], at: datetime) -> None:
    """A message that was sent is not sent again; one whose server fails is tried again by the outbox."""
    settings: Settings = current_app.extensions["settings"]
    message = db.session.get_one(Message, payload["message_id"])
    if message.state != "waiting":
        return
    mail = _mail(message, settings)
    db.session.rollback()  # the network takes long; nothing stays open meanwhile
    if settings.smtp_url:
        _deliver(mail, settings.smtp_url)
    with transaction() as session:
        sent = session.get_one(Message, payload["message_id"])
        sent.state, sent.sent_at = ("sent", at) if settings.smtp_url else ("kept", None)


def _mail(message: Message, settings: Settings) -> EmailMessage:
    mail = EmailMessage()
    host = urlsplit(settings.public_url).hostname or "localhost"
    mail["From"] = settings.mail_from or f"evalcomm@{host}"
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<message-{message.id}@{host}>"
    mail.set_content(message.body)
    return mail


def _deliver(mail: EmailMessage, url: str) -> None:
    """`url` = smtp://user:password@host:port (STARTTLS when offered) or smtps://…"""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=30, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=30)
    with server:
        if parts.scheme != "smtps":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            server.login(parts.username, parts.password or "")
        server.send_message(mail)
