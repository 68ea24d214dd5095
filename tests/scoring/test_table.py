"""종합집계표: figures against a slow oracle, signatures, closing, papers, and what selection gets."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from flask import Flask

from evalcomm.committee.models import ConflictAct
from evalcomm.documents.queries import papers_of, papers_of_call
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, Invalid, Refused, StaleVersion
from evalcomm.programs.models import Track
from evalcomm.scoring import queries, services
from evalcomm.scoring.figures import figures_sha256, places, signed_figures
from evalcomm.scoring.models import ScoreSheet
from tests.conftest import SettableClock
from tests.factories import actor_for, make_user
from tests.pages import client_for, count_queries, open_page, post
from tests.scoring.world import (
    IN_DELIBERATION,
    World,
    close,
    decide,
    enter_fixed,
    file,
    full_draft,
    make_world,
    open_scores,
    score,
    score_everything,
    sign,
)


def two_places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def trimmed_mean(totals: Sequence[Decimal]) -> Decimal:
    """As the plan kr-subsidy says: totals to two places, from five sheets up without one highest and one lowest, the mean to two places."""
    left = sorted(two_places(total) for total in totals)
    if len(left) >= 5:
        left = left[1:-1]
    return two_places(sum(left, Decimal(0)) / len(left))


def total_of(world: World, place: int) -> Decimal:
    """A sheet's points by hand: the share of the grade at this place times the points of every item."""
    shares = [Decimal("1.0"), Decimal("0.925"), Decimal("0.85"), Decimal("0.775"), Decimal("0.7")]
    return sum((shares[place] * Decimal(str(item.points)) for item in world.rubric.scored_items), Decimal(0))


PLACES = {(0, 0): 0, (1, 0): 1, (2, 0): 2, (3, 0): 4, (4, 0): 1, (0, 1): 3, (1, 1): 3, (2, 1): 0, (3, 1): 2, (4, 1): 2}


@pytest.fixture
def world(app: Flask) -> World:
    """Five members, two applications, opened; member 4 is recused from application 1, so four sheets are left there."""
    made = make_world(members=5, applications=2)
    decide(made, file(made, 4, 1))
    score_everything(made, PLACES)
    enter_fixed(made, points="12.5")
    open_scores(made)
    return made


def test_the_figures_are_those_of_a_slow_calculation(world: World) -> None:
    table = queries.opened_table(world.bench)
    rows = {row.application: row for row in table.rows}

    for application, members in ((0, range(5)), (1, range(4))):
        row = rows[world.applications[application].id]
        mean = trimmed_mean([total_of(world, PLACES[member, application]) for member in members])
        assert row.mean is not None
        assert row.final is not None
        assert Decimal(row.mean) == mean
        assert Decimal(row.final) == mean + Decimal("12.5") * 2
        for member in members:
            assert row.cells[member].total is not None
            assert Decimal(str(row.cells[member].total)) == total_of(world, PLACES[member, application])
    assert [cell.mark for cell in rows[world.applications[1].id].cells] == ["scored"] * 4 + ["recused"]
    assert rows[world.applications[1].id].fallback == "mean"
    assert [row.rank for row in table.rows] == [1, 2]
    dropped = [(cell.member, cell.dropped) for cell in rows[world.applications[0].id].cells if cell.dropped]
    assert dropped == [(world.seats[0].id, "highest"), (world.seats[3].id, "lowest")]


def test_selection_gets_the_same_figures(world: World) -> None:
    table = queries.opened_table(world.bench)

    ranking = queries.ranking_of(db.session.get_one(Track, world.track.id))

    assert [(one.application, one.rank, one.final) for one in ranking.standings] == [
        (str(row.application), row.rank, Fraction(row.final or "0")) for row in table.rows
    ]
    assert queries.closed_table(db.session.get_one(Track, world.track.id)) is None


def test_before_the_opening_there_is_no_figure_for_whoever_asks(app: Flask) -> None:
    sealed = make_world(members=2, applications=1)
    score_everything(sealed)

    with pytest.raises(Refused, match="figures_sealed"):
        queries.opened_table(sealed.bench)
    with pytest.raises(Refused, match="figures_sealed"):
        queries.ranking_of(db.session.get_one(Track, sealed.track.id))


def test_a_figure_is_printed_with_the_plans_decimals_and_never_shortened() -> None:
    assert [places(figure, 2) for figure in ("84", "84.5", "84.125", "253/3", "-2", None)] == [
        "84.00",
        "84.50",
        "84.125",
        "253/3",
        "-2.00",
        None,
    ]
    assert places("84.5", None) == "84.5"


# ---- signing and closing


def test_members_sign_what_they_saw_and_once(world: World) -> None:
    table = queries.opened_table(world.bench)
    with pytest.raises(StaleVersion, match="table_changed"), transaction():
        services.sign_table(bench=world.bench, sha256="0" * 64, actor=world.actor(1), at=IN_DELIBERATION)
    sign(world, 1)
    sign(world, 1)

    assert queries.signatures(world.track.id, world.call.rounds[0].id, table.sha256) == {
        world.seats[1].id: IN_DELIBERATION
    }
    for person in (world.secretary, world.auditor, make_user(Role.EVALUATOR)):
        with pytest.raises(Refused, match="not_of_this_committee"), transaction():
            services.sign_table(bench=world.bench, actor=actor_for(person), at=IN_DELIBERATION)


def shut(world: World, member: int = 0, **options: object) -> object:
    with transaction():
        return services.close_table(
            bench=world.bench,
            actor=world.actor(member),
            **{"remark": "총평", "at": IN_DELIBERATION, **options},  # type: ignore[arg-type]
        )


def test_the_chair_closes_when_everybody_has_signed(world: World) -> None:
    sign(world, 0, 1, 2, 3)

    with pytest.raises(Refused, match="chair_only"):
        shut(world, 1)
    with pytest.raises(Conflict, match="table_not_signed_by_all") as caught:
        shut(world)
    assert caught.value.params["names"] == world.members[4].name
    sign(world, 4)
    with pytest.raises(Invalid, match="remark_missing"):
        shut(world, remark=" ")
    with pytest.raises(StaleVersion):
        shut(world, sha256="0" * 64)
    shut(world)
    with pytest.raises(Refused, match="table_closed_already"):
        shut(world)
    with pytest.raises(Refused, match="table_closed_already"):
        sign(world, 0)


def test_absent_members_need_a_reason_and_a_quorum_stays(world: World) -> None:
    """kr-subsidy wants five to meet: with one absent there are four."""
    sign(world, 0, 1, 2, 3)
    absent = world.seats[4].id

    with pytest.raises(Invalid) as caught:
        shut(world, absent={absent: " "})
    assert set(caught.value.fields) == {f"absent-{absent}"}
    with pytest.raises(Invalid, match="absent_but_signed"):
        shut(world, absent={world.seats[1].id: "출장"})
    with pytest.raises(Conflict, match="table_without_quorum"):
        shut(world, absent={absent: "출장"})


def test_an_application_with_too_few_sheets_is_not_closed_over(app: Flask) -> None:
    made = make_world(members=5, applications=1)
    for member in (2, 3, 4):
        decide(made, file(made, member, 0))
    score_everything(made)
    enter_fixed(made)
    open_scores(made)
    sign(made)

    with pytest.raises(Conflict, match="table_too_few_sheets") as caught:
        shut(made)
    assert caught.value.params["number"] == made.applications[0].number
    with pytest.raises(Invalid, match="plan_does_not_resolve"):
        shut(made, resolved={made.applications[0].id: "의결함"})


def test_the_closed_table_holds_every_figure_with_the_hash_of_every_sheet(world: World) -> None:
    closed = close(world)

    table = queries.opened_table(world.bench)
    assert closed.content["figures"] == signed_figures(table.box, table.ranking, table.rows)
    assert closed.content["figures_sha256"] == figures_sha256(closed.content["figures"]) == table.sha256
    assert [one["member"] for one in closed.content["signatures"]] == [seat.id for seat in world.seats]
    sheets = {sheet.id: queries.submitted_version(sheet) for sheet in db.session.query(ScoreSheet)}
    told = {
        cell["sheet"]: cell["sha256"]
        for row in closed.content["figures"]["rows"]
        for cell in row["cells"]
        if cell["sheet"]
    }
    assert told == {sheet: version.sha256 for sheet, version in sheets.items() if version is not None}
    track = db.session.get_one(Track, world.track.id)
    found = queries.closed_table(track)
    assert found is not None
    assert found.id == closed.id


# ---- papers


def test_closing_issues_the_papers_and_names_evaluators_in_the_internal_edition_only(world: World) -> None:
    assert [paper for paper in papers_of_call(world.call.id) if paper.kind.startswith("score_")] == []

    closed = close(world)

    tables = {paper.edition: paper.model for paper in papers_of("score_table", closed.id)}
    sheets = papers_of_call(world.call.id, kind="score_sheet")
    names = [member.name for member in world.members]
    assert tables["internal"]["evaluators"] == names
    assert tables["disclosable"]["evaluators"] == [f"위원 {number}" for number in range(1, 6)]
    assert not any(name in str(tables["disclosable"]) for name in names)
    assert [score["mark"] for score in tables["internal"]["rows"][0]["scores"]].count("scored") >= 4
    assert {paper.edition for paper in sheets} == {"internal"}
    assert len(sheets) == 9

    with transaction():
        disclosed = services.issue_disclosable_sheets(
            bench=world.bench, actor=actor_for(world.secretary), at=IN_DELIBERATION
        )

    assert len(disclosed) == 9
    for paper in disclosed:
        text = str(paper.model)
        assert not any(name in text for name in names)
        assert "근거가 충분함" not in text
        assert paper.model["opinion"] is None
        assert paper.model["evaluator"].startswith("위원 ")


def test_a_sheet_on_paper_says_what_was_signed(world: World) -> None:
    close(world)
    sheet = world.desk(0, 0).sheet
    assert sheet is not None
    version = queries.submitted_version(queries.get_sheet(sheet.id))
    assert version is not None

    model = papers_of("score_sheet", sheet.id)[0].model

    assert model["sheet_sha256"] == version.sha256
    assert Decimal(model["total"]["value"]) == total_of(world, PLACES[0, 0])
    assert model["opinion"] == "종합의견"
    items = [item for criterion in model["criteria"] for item in criterion["items"]]
    assert {item["score"]["mark"] for item in items if item["is_fixed"]} == {"not_applicable"}
    assert {item["grade"] for item in items if not item["is_fixed"]} == {"매우우수"}


def test_who_reads_which_paper(app: Flask, world: World, clock: SettableClock) -> None:
    clock.instant = IN_DELIBERATION
    closed = close(world)
    own = world.desk(1, 0).sheet
    assert own is not None
    table, sheet = papers_of("score_table", closed.id)[0], papers_of("score_sheet", own.id)[0]

    for person, reads_table, reads_sheet in (
        (world.secretary, True, True),
        (world.auditor, True, True),
        (world.members[1], False, True),
        (world.members[2], False, False),
        (make_user(Role.ADMINISTRATOR), False, False),
        (make_user(Role.APPLICANT), False, False),
    ):
        browser = client_for(app, person)
        assert (browser.get(f"/papers/{table.id}").status_code == 200) == reads_table, person.name
        assert (browser.get(f"/papers/{sheet.id}").status_code == 200) == reads_sheet, person.name


# ---- pages


def test_the_table_is_signed_and_closed_on_its_page(app: Flask, world: World, clock: SettableClock) -> None:
    clock.instant = IN_DELIBERATION
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}/score-table"
    sha256 = queries.opened_table(world.bench).sha256
    assert "종합집계표를 확인하고 서명해 주십시오" in open_page(client_for(app, world.members[1]), "/scoring")
    for member in world.members:
        browser = client_for(app, member)
        open_page(browser, at)
        post(browser, f"{at}/signature", {"sha256": sha256})
        assert "확인하고 서명해 주십시오" not in open_page(browser, "/scoring")
    chair = client_for(app, world.members[0])
    assert "종합집계표를 확정해 주십시오" in open_page(chair, "/scoring")
    assert "종합집계표를 확정해 주십시오" not in open_page(client_for(app, world.members[1]), "/scoring")
    assert "총평을 적어" in post(chair, f"{at}/closing", {"remark": "", "sha256": sha256}, status=422).get_data(
        as_text=True
    )

    post(chair, f"{at}/closing", {"remark": "우수한 사업이 많음", "sha256": sha256})

    assert "확정한 종합집계표" in open_page(chair, "/scoring")
    office = client_for(app, world.secretary)
    text = open_page(office, at)
    assert "우수한 사업이 많음" in text
    assert "집계표-2026-0001" in text
    post(office, f"{at}/disclosable-sheets")
    assert len(papers_of_call(world.call.id, kind="score_sheet")) == 18


def test_a_closing_that_is_refused_keeps_what_the_chair_wrote(app: Flask, world: World, clock: SettableClock) -> None:
    clock.instant = IN_DELIBERATION
    sign(world, 0, 1, 2)
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}/score-table/closing"
    chair = client_for(app, world.members[0])
    form = {
        "remark": "길게 쓴 총평",
        f"absent-{world.seats[3].id}": "해외 출장",
        "sha256": queries.opened_table(world.bench).sha256,
    }

    text = post(chair, at, form, status=422).get_data(as_text=True)

    assert "길게 쓴 총평" in text
    assert "해외 출장" in text
    beside = text.split(f'id="absent-{world.seats[4].id}-error"', 1)[1].split("</p>", 1)[0]
    assert "먼저 서명을 받아" in beside
    text = post(chair, at, {**form, "remark": ""}, status=422).get_data(as_text=True)
    assert "총평을 적어" in text
    assert "먼저 서명을 받아" in text, "all that is missing is told at once"
    told = post(chair, at, {**form, f"absent-{world.seats[4].id}": "병가"}, status=409).get_data(as_text=True)
    assert "길게 쓴 총평" in told, "three of five are no quorum"


def test_the_pages_cost_the_same_for_one_application_and_for_many(app: Flask, clock: SettableClock) -> None:
    costs = []
    for applications in (1, 4):
        clock.instant = IN_DELIBERATION
        made = make_world(members=3, applications=applications)
        for application in range(applications):
            score(made, 0, application, full_draft(made.rubric))
        enter_fixed(made)
        at = f"/tracks/{made.track.id}/rounds/{made.call.rounds[0].id}"
        office = client_for(app, made.secretary)
        pages = [f"/calls/{made.call.id}/scoring", f"{at}/opening"]
        sealed = [_cost(office, page) for page in pages]
        open_scores(made)
        costs.append([*sealed, _cost(office, f"{at}/score-table")])

    assert costs[0] == costs[1]


def _cost(browser: object, page: str) -> int:
    with count_queries() as statements:
        open_page(browser, page)  # type: ignore[arg-type]
    return len(statements)


def test_a_tie_that_no_key_parts_waits_for_a_lot_and_takes_one(app: Flask) -> None:
    made = make_world(members=5, applications=2)
    score_everything(made, {(member, application): member % 3 for member in range(5) for application in range(2)})
    enter_fixed(made)
    open_scores(made)

    table = queries.opened_table(made.bench)
    track = db.session.get_one(Track, made.track.id)
    first, second = (str(application.id) for application in made.applications)

    assert [row.rank for row in table.rows] == [1, 1]
    assert all(row.waits_for_lot for row in table.rows)
    assert queries.ranking_of(track).needs_lot == ((first, second),)
    drawn = queries.ranking_of(track, lots={first: 2, second: 1})
    assert [(one.application, one.rank) for one in drawn.standings] == [(second, 1), (first, 2)]


def test_an_act_of_each_kind_leaves_the_mean_and_shows_its_own_word(app: Flask) -> None:
    made = make_world(members=5, applications=1)
    for member, act in ((2, ConflictAct.EXCLUSION), (3, ConflictAct.CHALLENGE), (4, ConflictAct.RECUSAL)):
        decide(made, file(made, member, 0, act))
    score_everything(made, {(0, 0): 0, (1, 0): 4})
    enter_fixed(made)
    open_scores(made)

    (row,) = queries.opened_table(made.bench).rows

    assert [cell.mark for cell in row.cells] == ["scored", "scored", "excluded", "challenged", "recused"]
    assert row.mean is not None
    assert Decimal(row.mean) == trimmed_mean([total_of(made, 0), total_of(made, 4)])
