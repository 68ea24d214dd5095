from flask import Flask

from evalcomm.foundation.database import transaction
from evalcomm.scoring import queries, services
from tests.conftest import SettableClock
from tests.pages import client_for, open_page, post
from tests.scoring.world import (
    IN_DELIBERATION,
    enter_fixed,
    full_draft,
    make_world,
)


def test_story(app: Flask, clock: SettableClock) -> None:
    world = make_world()
    own = client_for(app, world.members[1])
    open_page(own, "/scoring")
    desk = world.desk(1, 0)
    open_page(own, f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}")
    post(own, f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}/open")
    sheet = world.desk(1, 0).sheet
    assert sheet
    open_page(own, f"/scoring/sheets/{sheet.id}")
    fields = full_draft(world.rubric).to_fields()
    answer = own.post(f"/scoring/sheets/{sheet.id}/autosave", json={"tag": "1", "fields": fields})
    assert answer.status_code == 200, answer.json
    post(own, f"/scoring/sheets/{sheet.id}", fields | {"version_tag": "2", "action": "review"})
    open_page(own, f"/scoring/sheets/{sheet.id}/confirm")
    post(own, f"/scoring/sheets/{sheet.id}", fields | {"version_tag": "1", "opinion": "다른 창"}, status=409)
    open_page(own, f"/scoring/sheets/{sheet.id}/versions")
    open_page(own, f"/scoring/sheets/{sheet.id}/versions/1")
    post(own, f"/scoring/sheets/{sheet.id}/submit", {"version_tag": "2"})
    post(own, f"/scoring/sheets/{sheet.id}/submit", {"version_tag": "2"})
    open_page(own, f"/scoring/sheets/{sheet.id}/receipt")
    open_page(own, f"/scoring/sheets/{sheet.id}")
    open_page(own, f"/scoring/memberships/{desk.membership_id}/compare")
    sec = client_for(app, world.secretary)
    open_page(sec, "/scoring/progress")
    open_page(sec, f"/calls/{world.call.id}/scoring")
    open_page(sec, f"/scoring/sheets/{sheet.id}/reopening")
    post(sec, f"/scoring/sheets/{sheet.id}/reopening", {"reason": "오기"})
    post(sec, f"/calls/{world.call.id}/scoring/reminders")
    with transaction():
        services.submit_sheet(
            desk=world.desk(1, 0), tag=world.desk(1, 0).sheet.draft_tag, actor=world.actor(1), at=clock()
        )
    for m in range(5):
        for a in range(3):
            if (m, a) != (1, 0):
                from tests.scoring.world import score

                score(world, m, a, full_draft(world.rubric, (m + a) % 3))
    open_page(sec, f"/scoring/applications/{world.applications[0].id}/fixed-points")
    enter_fixed(world)
    open_page(sec, f"/scoring/applications/{world.applications[0].id}/fixed-points")
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}"
    open_page(sec, f"{at}/opening")
    clock.instant = IN_DELIBERATION
    open_page(sec, f"{at}/opening")
    post(sec, f"{at}/opening")
    open_page(sec, f"{at}/opening")
    second = client_for(app, world.second)
    page = open_page(second, f"{at}/opening")
    post(second, f"{at}/opening/confirmation", {"sha256": queries.assemble_box(world.bench).sha256})
    open_page(second, f"{at}/opening")
    open_page(second, f"{at}/score-table")
    open_page(own, f"{at}/score-table")
    open_page(second, f"/scoring/sheets/{sheet.id}/read")
    for m in range(5):
        with transaction():
            services.sign_table(bench=world.bench, actor=world.actor(m), at=clock())
    chair = client_for(app, world.members[0])
    open_page(chair, f"{at}/score-table/closing")
    table = queries.opened_table(world.bench)
    post(chair, f"{at}/score-table/closing", {"remark": "총평", "sha256": table.sha256})
    open_page(second, f"{at}/score-table")
    print(table.rows[0])
