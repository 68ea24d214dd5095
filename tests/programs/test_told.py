"""An amendment reaches everybody who has an application in the call, whatever its state, and nobody else."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from evalcomm.applications.models import ApplicationState
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.notices.models import Message
from evalcomm.programs import queries, services
from tests.factories import NOW, make_application, make_user
from tests.programs.calls import ACTOR, published
from tests.programs.test_publication import extended


def test_every_applicant_is_told_once(app: Flask) -> None:
    call, other = published(), published(number="2026-2", title="다른 공모")
    owners = [make_user(Role.APPLICANT) for _ in range(4)]
    make_application(call, owner=owners[0])
    make_application(call, owner=owners[0])
    make_application(call, owner=owners[1], state=ApplicationState.DRAFT)
    make_application(call, owner=owners[2], state=ApplicationState.WITHDRAWN)
    make_application(other, owner=owners[3])

    with transaction():
        fresh = queries.get_call(call.id)
        services.amend_call(
            call=fresh,
            wanted=extended(fresh),
            reason="접수 시스템 점검",
            approver="과장",
            approved_on=date(2026, 11, 22),
            actor=ACTOR,
            at=NOW,
        )

    messages = db.session.scalars(select(Message).order_by(Message.user_id)).all()
    assert [message.user_id for message in messages] == [owners[0].id, owners[1].id]
