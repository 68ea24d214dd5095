"""Sentences of this room's constraints, and what the acts and things of every room are called where the trail is read.

An entry keeps the code of its verb, so that a name may change and the trail doesn't. A room registers its names beside its sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words


@dataclass(frozen=True, slots=True)
class Room:
    title: LazyString
    acts: Mapping[str, LazyString]


rooms: dict[str, Room] = {}
_subjects: dict[str, LazyString] = {}


def register(
    room: str, title: LazyString, *, acts: Mapping[str, LazyString], subjects: Mapping[str, LazyString]
) -> None:
    """`acts`: the verb after "room." → its name. `subjects`: table → what one row of it is."""
    rooms[room] = Room(title, {f"{room}.{verb}": name for verb, name in acts.items()})
    _subjects.update(subjects)


def act(verb: str) -> LazyString | str:
    """The name of a verb. One that is gone from the product keeps its code."""
    room = rooms.get(verb.partition(".")[0])
    return room.acts.get(verb, verb) if room is not None else verb


def subject(table: str) -> LazyString | str:
    return _subjects.get(table, table)


DETAILS = {
    "act": _l("구분"),
    "application": _l("신청서"),
    "applications": _l("신청서"),
    "before": _l("앞선 위원장"),
    "body": _l("결정한 곳"),
    "box_sha256": _l("개봉 대상 해시"),
    "call": _l("공고"),
    "code": _l("코드"),
    "committee": _l("위원회"),
    "content_sha256": _l("내용 해시"),
    "email_sha256": _l("이메일 해시"),
    "endpoint": _l("화면"),
    "figures_sha256": _l("점수 해시"),
    "how": _l("방법"),
    "inputs_sha256": _l("자료 해시"),
    "item": _l("항목"),
    "key": _l("키"),
    "kind": _l("종류"),
    "members": _l("위원"),
    "membership": _l("위원"),
    "model_sha256": _l("원본 해시"),
    "number": _l("번호"),
    "other": _l("상대 기관"),
    "paper": _l("문서"),
    "papers": _l("문서 수"),
    "plan": _l("평가계획 해시"),
    "plans": _l("평가계획 해시"),
    "project": _l("사업"),
    "result_sha256": _l("결과 해시"),
    "role": _l("역할"),
    "roles": _l("역할"),
    "rubric_sha256": _l("평가표 해시"),
    "run": _l("배분(안)"),
    "sha256": _l("해시"),
    "source": _l("원래 공고"),
    "state": _l("결정"),
    "task": _l("작업"),
    "track": _l("분야"),
    "user": _l("사용자"),
    "verdict": _l("판정"),
    "version": _l("판"),
}
"""What an entry's details are called."""

register("web", _l("접근"), acts={"refused": _l("권한 없는 요청")}, subjects={})

words.register(
    {
        "chain_taken": _l("다른 작업이 먼저 감사 기록을 봉인했습니다. 잠시 뒤 다시 시도합니다."),
        "entry_unclear": _l("감사 기록의 형식이 맞지 않습니다."),
        "chain_order": _l("봉인 묶음 %(batch)s: 앞 묶음과 이어지지 않습니다."),
        "chain_count": _l("봉인 묶음 %(batch)s: 봉인한 기록은 %(sealed)s건인데 남아 있는 기록은 %(found)s건입니다."),
        "chain_gap": _l("봉인 묶음 %(batch)s: %(place)s번째 기록이 없습니다."),
        "chain_hash": _l("봉인 묶음 %(batch)s: 기록들이 묶음의 해시와 맞지 않습니다."),
        "chain_unreadable": _l("봉인 묶음 %(batches)s개까지는 맞으나, 그다음 묶음에 읽을 수 없는 기록이 있습니다."),
        "entry_changed": _l("감사 기록 %(entry)s번(봉인 묶음 %(batch)s): 내용이 기록의 해시와 다릅니다."),
        "entry_changed_unsealed": _l("감사 기록 %(entry)s번(봉인 전): 내용이 기록의 해시와 다릅니다."),
        "evidence_changed": _l("%(thing)s %(number)s%(note)s: 내용이 함께 보관한 해시와 다릅니다."),
        "evidence_unknown": _l("%(thing)s %(number)s%(note)s: 감사 기록에 남은 것과 다른 내용입니다."),
        "evidence_gone": _l("감사 기록 %(entry)s번: 여기에 적힌 %(thing)s %(number)s의 내용이 남아 있지 않습니다."),
        "evidence_unreadable": _l("‘%(act)s’의 기록이 가리키는 내용 가운데 읽을 수 없는 것이 있습니다."),
    }
)
register_constraint("uq_audit_batch_previous_sha256", "chain_taken", unique="audit_batch.previous_sha256")
register_constraint("uq_audit_seal_batch_id_position", "chain_taken", unique="audit_seal.batch_id, audit_seal.position")
register_constraint("ck_audit_entry_outcome", "entry_unclear")
