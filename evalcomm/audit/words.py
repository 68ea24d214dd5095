"""Sentences of this room's constraints."""

from flask_babel import lazy_gettext as _l

from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words

words.register(
    {
        "chain_taken": _l("다른 작업이 먼저 감사 기록을 봉인했습니다. 잠시 뒤 다시 시도합니다."),
        "entry_unclear": _l("감사 기록의 형식이 맞지 않습니다."),
    }
)
register_constraint("uq_audit_batch_previous_sha256", "chain_taken", unique="audit_batch.previous_sha256")
register_constraint("uq_audit_seal_batch_id_position", "chain_taken", unique="audit_seal.batch_id, audit_seal.position")
register_constraint("ck_audit_entry_outcome", "entry_unclear")
