"""Sentences of this room's codes."""

from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words

TASKS = {"notices.send": _l("메일 발송"), "documents.print": _l("문서 인쇄(PDF)")}
"""What the worker's jobs are called."""

words.register(
    {
        "job_not_given_up": _l("이미 다시 시도하고 있거나 끝난 작업입니다."),
        "not_your_message": _l("다른 분께 보낸 알림입니다."),
        "message_key_used": _l("같은 알림을 이미 보냈습니다."),
        "message_state_unclear": _l("알림의 상태가 맞지 않습니다. 관리자에게 알려 주십시오."),
    }
)
register_constraint("uq_message_key", "message_key_used", unique="message.key")
register_constraint("ck_message_state", "message_state_unclear")
register_constraint("ck_message_sent", "message_state_unclear")

trail.register(
    "notices",
    _l("알림"),
    acts={
        "read": _l("알림 확인"),
        "retry_job": _l("자동 작업 다시 시도"),
    },
    subjects={
        "message": _l("알림"),
        "job": _l("자동 작업"),
    },
)
