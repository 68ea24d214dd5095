from datetime import timedelta

from flask import Flask

from evalcomm.committee import queries, services
from evalcomm.committee.models import ConflictAct, ConflictState, Relation
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import transaction
from evalcomm.programs.models import PhaseKind
from tests.conftest import SettableClock
from tests.factories import NOW, actor_for, make_application, make_call, make_organisation, make_user, reload
from tests.pages import client_for, open_page, post


def test_smoke(app: Flask, clock: SettableClock) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    org = make_organisation("가스공사")
    apps = [make_application(call, lead=org if n == 1 else None) for n in range(3)]
    sec = make_user(Role.SECRETARIAT)
    ev = make_user(Role.EVALUATOR, organisation=org)
    actor = actor_for(sec)
    with transaction():
        committee = services.create_committee(call=call, name="평가위원회", actor=actor, at=NOW)
    client = client_for(app, sec)
    open_page(client, "/committees")
    open_page(client, f"/committees/{committee.id}/appoint")
    post(client, f"/committees/{committee.id}/appoint/{ev.id}")
    page = open_page(client, f"/committees/{committee.id}")
    m = queries.members(committee.id)[0]
    open_page(client, f"/memberships/{m.id}/chair")
    post(client, f"/memberships/{m.id}/chair", {"how": "elected", "note": "x"})
    own = client_for(app, ev)
    open_page(own, f"/memberships/{m.id}/pledge")
    post(own, f"/memberships/{m.id}/pledge", {"pledged": "y", "consented": "y"})
    open_page(own, f"/memberships/{m.id}/pledge")
    open_page(own, f"/memberships/{m.id}/declaration")
    data = {f"answer-{a.id}": "none" for a in apps} | {f"answer-{apps[1].id}": "recusal", "asked": ",".join(str(a.id) for a in apps)}
    post(own, f"/memberships/{m.id}/declaration", data, status=422)
    post(own, f"/memberships/{m.id}/declaration", data | {f"reason-{apps[1].id}": "근무", f"relation-{apps[1].id}": "member"}, status=302)
    open_page(own, f"/memberships/{m.id}/declaration")
    assert queries.recused_memberships(committee_id=committee.id) == {(m.id, apps[1].id): ConflictAct.RECUSAL}
    c = queries.conflicts_of(committee.id)[0]
    open_page(client, f"/conflicts/{c.id}")
    post(client, f"/conflicts/{c.id}", {"state": "accepted", "body": "committee", "reason": "타당함"})
    open_page(client, f"/conflicts/{c.id}")
    open_page(client, f"/committees/{committee.id}")
    open_page(client, f"/committees/{committee.id}/conflicts/new")
