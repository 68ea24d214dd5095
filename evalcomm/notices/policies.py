"""A message is read by the person it went to; the worker's jobs are the administrator's."""

from datetime import datetime

from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.outbox import Job
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused
from evalcomm.notices.models import Message


def may_read_message(actor: Actor, message: Message, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if message.user_id == actor.user_id else refused("not_your_message")


def may_retry(actor: Actor, job: Job, at: datetime) -> Verdict:
    del job, at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.ADMINISTRATOR) else refused("role_needed")
