"""The secretariat's first page leads through the selection, one step after the other, and forgets none."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask

from evalcomm.foundation.database import transaction
from evalcomm.reports import services as reports
from tests.conftest import SettableClock
from tests.factories import actor_for
from tests.pages import client_for, open_page
from tests.selection.test_from_run_to_announcement import (
    AT,
    BILLION,
    adopt,
    announce,
    approve,
    make_run,
    resolve,
    selected_world,
    services_call,
)


def test_each_step_is_named_when_it_is_its_turn(app: Flask, clock: SettableClock) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    office = client_for(app, world.secretary)
    clock.instant = AT + timedelta(days=3)

    def step() -> str:
        section = open_page(office, "/").partition("오늘 할 일")[2].partition("</section>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", section).split())

    def overview() -> str:
        return open_page(office, f"/calls/{world.call.id}/selection")

    assert "배분(안)을 계산하고 채택할 차례입니다" in step()
    adopt(world, make_run(world))
    assert "위원회 의결을 기록할 차례입니다" in step()
    resolve(world)
    assert "문서번호와 결재일을 기록하십시오" in step()
    approve(world)
    assert "선정결과보고서를 발행할 차례입니다" in step()
    assert "아직 발행하지 않았습니다" in overview()
    with transaction():
        reports.issue_decision_papers(call=services_call(world), actor=actor_for(world.secretary), at=clock())
    assert "결과를 공표할 차례입니다" in step()
    assert "아직 발행하지 않았습니다" not in overview()
    announce(world)
    assert "진행 중인 공모에 남은 일이 없습니다" in step()
