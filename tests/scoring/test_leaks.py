"""Sealed scores stay sealed: what may be inferred from lists, order, counts, answers, papers, errors, the trail and messages.

Most of these tests compare: everything that others can reach is read while the scores are one thing and again when they are another. If
an answer differs, it leaks. Each test first makes sure that there is something to leak.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from evalcomm.accounts.models import UserAccount, UserRole
from evalcomm.applications.models import Application
from evalcomm.audit.models import AuditEntry
from evalcomm.committee.models import ConflictAct
from evalcomm.documents.queries import papers_of_call
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import canonical_sha256, db, transaction
from evalcomm.foundation.errors import Refused
from evalcomm.notices.models import Message
from evalcomm.programs.models import Phase, Visibility
from evalcomm.scoring import policies, queries, services
from evalcomm.scoring.models import SheetVersion
from evalcomm.scoring.policies import Figures
from evalcomm.scoring.sheet import Draft
from tests.conftest import SettableClock
from tests.factories import NOW, actor_for, make_user
from tests.pages import client_for, open_page
from tests.scoring.world import (
    IN_DELIBERATION,
    World,
    decide,
    enter_fixed,
    file,
    full_draft,
    make_world,
    open_scores,
    score,
    score_everything,
)

HASHES = re.compile(r'[0-9a-f]{8,64}|<wbr>|csrf-token" content="[^"]*"|csrf_token" value="[^"]*"')
"""What must differ from answer to answer: hashes, which hide what they stand for, tokens and reference numbers."""
TRAIL = re.compile(r"<h2>감사 현황</h2>.*?</dl>", re.DOTALL)
"""How long the trail is: these very readings make it longer."""
BEST, WORST = 0, 4


@pytest.fixture
def world(app: Flask) -> World:
    """Three members, two applications; member 2 is recused from application 1; everything is handed in with the best grades."""
    made = make_world(members=3, applications=2)
    decide(made, file(made, 2, 1))
    enter_fixed(made)
    score_everything(made, dict.fromkeys(((m, a) for m in range(3) for a in range(2)), BEST))
    return made


def score_again(world: World, place: int, *, only: tuple[int, int] | None = None) -> None:
    """Every sheet (or one) is reopened and handed in with another grade: states, counts and times stay what they were."""
    with transaction():
        for member in range(3):
            for application in range(2):
                desk = world.desk(member, application)
                if desk.is_recused or only not in {None, (member, application)}:
                    continue
                services.reopen_sheet(desk=desk, reason="다시", actor=actor_for(world.secretary), at=NOW)
                desk = world.desk(member, application)
                assert desk.sheet is not None
                services.submit_sheet(
                    desk=desk,
                    tag=desk.sheet.draft_tag,
                    draft=full_draft(world.rubric, place),
                    actor=world.actor(member),
                    at=NOW,
                )


def outsiders(world: World) -> Iterator[UserAccount]:
    """Everybody who must not learn member 0's scores: other members too, the recused one among them."""
    yield from (world.members[1], world.members[2], world.secretary, world.auditor)
    yield db.session.get_one(UserAccount, db.session.get_one(Application, world.applications[0].id).owner_id)


def addresses(world: World) -> list[str]:
    """Everything that could carry a figure of member 0 before the opening."""
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}"
    found = [
        "/",
        "/scoring",
        "/scoring/progress",
        f"/calls/{world.call.id}/scoring",
        f"/calls/{world.call.id}",
        f"{at}/opening",
        f"{at}/score-table",
        f"{at}/score-table/closing",
        f"/committees/{world.committee.id}",
    ]
    for application in range(2):
        desk = world.desk(0, application)
        assert desk.sheet is not None
        sheet = f"/scoring/sheets/{desk.sheet.id}"
        found += [
            sheet,
            f"{sheet}/read",
            f"{sheet}/receipt",
            f"{sheet}/versions",
            f"{sheet}/versions/1",
            f"{sheet}/confirm",
        ]
        found += [f"/scoring/applications/{desk.application_id}/fixed-points", f"/applications/{desk.application_id}"]
    return found


def everything(app: Flask, world: World, person: UserAccount) -> dict[str, tuple[int, str]]:
    """Status and text of every answer."""
    browser = client_for(app, person)
    answers = {}
    for url in addresses(world):
        answer = browser.get(url)
        answers[url] = (answer.status_code, TRAIL.sub("", HASHES.sub("", answer.get_data(as_text=True))))
    return answers


def test_no_page_of_anybody_else_changes_when_scores_change(app: Flask, world: World) -> None:
    own = client_for(app, world.members[0])
    desk = world.desk(0, 0)
    assert desk.sheet is not None
    score_again(world, BEST)  # so that both readings come after a reopening
    with transaction() as session:
        session.execute(update(Message).values(read_at=NOW))
    before = {person.id: everything(app, world, person) for person in outsiders(world)}
    mine = open_page(own, f"/scoring/sheets/{desk.sheet.id}")

    score_again(world, WORST, only=(0, 0))

    assert open_page(own, f"/scoring/sheets/{desk.sheet.id}") != mine  # there was something to leak
    for person in outsiders(world):
        after = everything(app, world, person)
        assert {url for url in after if after[url] != before[person.id][url]} == set(), person.name


def test_the_progress_of_a_sheet_is_a_state_and_no_number(app: Flask, world: World) -> None:
    """Ten entries or one: the matrix says the same."""
    made = make_world(members=2, applications=1)
    office = client_for(app, made.secretary)
    with transaction():
        services.open_sheet(desk=made.desk(0, 0), actor=made.actor(0), at=NOW)
    seen = set()
    full = full_draft(made.rubric)
    for tag, count in enumerate((0, 1, len(full.entries)), start=1):
        draft = Draft(entries=dict(list(full.entries.items())[:count]), opinion="의견" * count)
        with transaction():
            services.save_draft(desk=made.desk(0, 0), draft=draft, tag=max(1, tag - 1), actor=made.actor(0), at=NOW)
        assert made.desk(0, 0).sheet.draft.tally(made.rubric).scored == count  # type: ignore[union-attr]  # opened above
        seen.add(open_page(office, f"/calls/{made.call.id}/scoring"))

    assert len(seen) == 1


def test_the_rule_answers_no_to_everybody_but_the_evaluator(world: World) -> None:
    bench = world.bench
    table, row = Figures(bench), Figures(bench, world.applications[0].id)
    cell = Figures(bench, world.applications[0].id, world.seats[0].id)

    for person in (*outsiders(world), make_user(Role.ADMINISTRATOR), make_user(Role.APPLICANT)):
        for figures in (table, row, cell):
            assert not policies.may_see_figures(actor_for(person), figures, IN_DELIBERATION).allowed, person.name
    assert policies.may_see_figures(world.actor(0), cell, NOW).allowed
    for figures in (table, row):
        assert policies.may_see_figures(world.actor(0), figures, NOW).code == "figures_sealed"


@pytest.mark.parametrize(
    ("visibility", "handed_in", "sees"),
    [
        (Visibility.NEVER, True, False),
        (Visibility.AFTER_OWN, False, False),
        (Visibility.AFTER_OWN, True, True),
        (Visibility.ALWAYS, False, True),
    ],
)
def test_members_see_one_another_as_the_phase_says_and_the_recused_never(
    app: Flask, visibility: Visibility, handed_in: bool, sees: bool
) -> None:
    made = make_world(members=3, applications=1)
    score(made, 0, 0, full_draft(made.rubric))
    if handed_in:
        score(made, 1, 0, full_draft(made.rubric))
    file(made, 2, 0)
    with transaction() as session:
        session.execute(update(Phase).where(Phase.may_score).values(members_see_other_scores=visibility))
    cell = Figures(made.bench, made.applications[0].id, made.seats[0].id)
    sheet = made.desk(0, 0).sheet
    assert sheet is not None

    assert policies.may_see_figures(made.actor(1), cell, NOW).allowed is sees
    assert not policies.may_see_figures(made.actor(2), cell, NOW).allowed
    assert client_for(app, made.members[1]).get(f"/scoring/sheets/{sheet.id}/read").status_code == (
        200 if sees else 403
    )
    assert not policies.may_see_figures(made.actor(1), Figures(made.bench, made.applications[0].id), NOW).allowed


def test_autosave_answers_strangers_with_nothing_of_the_sheet(app: Flask, world: World) -> None:
    desk = world.desk(0, 0)
    assert desk.sheet is not None

    for person in outsiders(world):
        answer = client_for(app, person).post(
            f"/scoring/sheets/{desk.sheet.id}/autosave", json={"tag": "1", "fields": {"opinion": "x"}}
        )
        assert answer.status_code == 403
        assert set(answer.get_json()) == {"code", "sentence", "reference"}
        assert "종합의견" not in answer.get_data(as_text=True)


def test_the_trail_holds_ids_and_hashes_that_nobody_can_turn_into_scores(world: World) -> None:
    kept = db.session.scalars(select(SheetVersion)).all()
    assert {version.content["total"] for version in kept} == {"70"}  # there is something to leak

    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb.like("scoring.%"))).all()

    assert {key for entry in entries for key in entry.detail} <= {"application", "version", "sha256", "item"}
    hashes = {entry.detail["sha256"] for entry in entries if "sha256" in entry.detail}
    assert len(hashes) == len(kept)  # equal sheets have different hashes
    guesses = {_hash_of_guess(version.content, nonce) for version in kept for nonce in ("", "0" * 32, None)}
    assert hashes.isdisjoint(guesses)


def _hash_of_guess(content: dict[str, Any], nonce: str | None) -> str:
    """What somebody would try who knows everything about a sheet but the nonce."""
    guess = {**content, "nonce": nonce}
    if nonce is None:
        del guess["nonce"]
    return canonical_sha256(guess)


def test_messages_and_papers_before_the_opening_carry_no_figure(app: Flask, world: World, clock: SettableClock) -> None:
    with transaction():
        services.remind(call=world.call, actor=actor_for(world.secretary), at=NOW)
    score_again(world, WORST, only=(0, 0))
    clock.instant = IN_DELIBERATION
    with transaction():
        services.request_opening(bench=world.bench, actor=actor_for(world.secretary), at=IN_DELIBERATION)
    best, worst = (full_draft(world.rubric, place).tally(world.rubric).shown for place in (BEST, WORST))
    assert {best, worst} == {"70", "49"}

    written = db.session.scalars(select(Message.subject + Message.body)).all()

    assert len(written) >= 3
    for text in written:
        assert not re.search(r"(?<!\d)(70|49)(?!\d)", text), text
        assert "종합의견" not in text
    assert [paper.kind for paper in papers_of_call(world.call.id) if paper.kind.startswith("score_")] == []


def test_no_verb_says_more_in_its_refusal_than_its_code(world: World) -> None:
    for person in (world.secretary, world.auditor):
        with pytest.raises(Refused) as caught, transaction():
            services.close_table(bench=world.bench, remark="총평", actor=actor_for(person), at=IN_DELIBERATION)
        assert caught.value.params == {}
    with pytest.raises(Refused) as caught, transaction():
        services.sign_table(bench=world.bench, actor=world.actor(1), at=IN_DELIBERATION)
    assert (caught.value.code, dict(caught.value.params)) == ("figures_sealed", {})


# ---- after the opening


def table_page(app: Flask, world: World, person: UserAccount) -> str:
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}/score-table"
    return open_page(client_for(app, person), at)


@pytest.fixture
def opened(app: Flask, world: World, clock: SettableClock) -> World:
    score_again(world, WORST, only=(0, 0))
    score_again(world, 2, only=(1, 1))
    open_scores(world)
    clock.instant = IN_DELIBERATION
    return world


def test_a_member_signs_a_table_that_shows_the_own_figures_and_the_results(app: Flask, opened: World) -> None:
    row = next(row for row in queries.opened_table(opened.bench).rows if row.application == opened.applications[0].id)

    text = table_page(app, opened, opened.members[1])

    own, others = row.cells[1].total, row.cells[0].total
    assert own == "70"
    assert others == "49"
    assert ">70.00<" in text
    assert ">49.00<" not in text
    assert "최고 제외" not in text  # whose copy was dropped tells where it lay
    desk = opened.desk(0, 0)
    assert desk.sheet is not None
    open_page(client_for(app, opened.members[1]), f"/scoring/sheets/{desk.sheet.id}/read", status=403)


def test_a_recused_member_can_infer_nothing_of_the_masked_row(app: Flask, world: World, clock: SettableClock) -> None:
    """Two openings of equal worlds that differ in the masked application only: the recused member sees the same page."""
    clock.instant = IN_DELIBERATION
    pages = []
    for place in (BEST, WORST):
        made = make_world(members=3, applications=2)
        decide(made, file(made, 2, 1))
        enter_fixed(made)
        grades = dict.fromkeys(((m, a) for m in range(3) for a in range(2)), 2)
        score_everything(made, grades | {(0, 1): place, (1, 1): place})
        open_scores(made)
        ranks = [row.rank for row in queries.opened_table(made.bench).rows]
        masked = next(
            row for row in queries.opened_table(made.bench).rows if row.application == made.applications[1].id
        )
        pages.append((table_page(app, made, made.members[2]), masked.final, masked.rank, ranks))

    (first, final, rank, _), (second, other_final, other_rank, _) = pages
    assert final != other_final  # there was something to leak
    assert rank != other_rank
    assert _bare(first) == _bare(second)


def _bare(text: str) -> str:
    """A page without hashes, and without the ids, numbers and names that tests count up."""
    table = text[text.index("<table") : text.index("</table>")]
    return re.sub(r"\d{4}-\d{4}|기관 \d+|/sheets/\d+/", "", HASHES.sub("", table))


def test_the_row_stays_and_only_its_figures_go(app: Flask, opened: World) -> None:
    text = table_page(app, opened, opened.members[2])
    table = queries.opened_table(opened.bench)
    masked = next(row for row in table.rows if row.application == opened.applications[1].id)
    shown = next(row for row in table.rows if row.application == opened.applications[0].id)

    assert masked.number in text
    assert masked.title in text
    assert f">{masked.final}" not in text
    assert str(shown.final) in text
    assert "순위도 보여 드리지 않으며" in text
    for cell in (opened.desk(0, 1), opened.desk(1, 1)):
        assert cell.sheet is not None
        open_page(client_for(app, opened.members[2]), f"/scoring/sheets/{cell.sheet.id}/read", status=403)


def test_readers_see_all_and_administrators_and_applicants_nothing(app: Flask, opened: World) -> None:
    for person in (opened.secretary, opened.auditor):
        text = table_page(app, opened, person)
        assert ">49.00<" in text
    at = f"/tracks/{opened.track.id}/rounds/{opened.call.rounds[0].id}/score-table"
    for person in (make_user(Role.ADMINISTRATOR), make_user(Role.APPLICANT), make_user(Role.EVALUATOR)):
        assert client_for(app, person).get(at).status_code == 403


def test_a_secretary_with_a_seat_sees_as_a_member(app: Flask, opened: World) -> None:
    """A conflicted officer must not look over the own mask: a seat weighs more than a role."""
    with transaction() as session:
        session.add(UserRole(user_id=opened.members[2].id, role=Role.SECRETARIAT, granted_at=NOW))
    db.session.expire_all()
    both = db.session.get_one(UserAccount, opened.members[2].id)
    figures = Figures(opened.bench, opened.applications[1].id)

    assert actor_for(both).has(Role.SECRETARIAT)
    assert policies.may_see_figures(actor_for(both), figures, IN_DELIBERATION).code == "recused_from_application"


def test_opening_one_track_opens_no_other(app: Flask, world: World) -> None:
    other = make_world(members=2, applications=1)
    score_everything(other)
    enter_fixed(other)
    open_scores(other)

    assert not policies.may_see_figures(actor_for(world.secretary), Figures(world.bench), IN_DELIBERATION).allowed
    assert policies.may_see_figures(actor_for(world.secretary), Figures(other.bench), IN_DELIBERATION).allowed


def test_an_excluded_members_sheet_leaves_the_figures_and_the_page_of_others(app: Flask, world: World) -> None:
    decide(world, file(world, 1, 0, ConflictAct.EXCLUSION))
    open_scores(world)

    row = next(row for row in queries.opened_table(world.bench).rows if row.application == world.applications[0].id)

    assert [cell.mark for cell in row.cells] == ["scored", "excluded", "scored"]
    assert row.cells[1].sheet is None
    assert row.cells[1].total is None
