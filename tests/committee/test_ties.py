"""Conflicts that organisations give away, against a slow search over the same relations."""

from hypothesis import given
from hypothesis import strategies as st

from evalcomm.committee.ties import Kinship, Part, TieKind

ORGANISATIONS = range(1, 9)


@st.composite
def kinships(draw: st.DrawFn) -> Kinship:
    """Any child → parent table without loops, and any pairs of affiliates."""
    parents = {}
    for child in ORGANISATIONS:
        above = draw(st.none() | st.integers(min_value=1, max_value=8))
        if above is not None and above < child:
            parents[child] = above
    pairs = draw(st.sets(st.tuples(st.sampled_from(ORGANISATIONS), st.sampled_from(ORGANISATIONS))))
    return Kinship(parents, frozenset((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]))


def stands_above(kinship: Kinship, one: int, other: int) -> bool:
    """By walking up, one step at a time."""
    above = kinship.parents.get(other)
    return above is not None and (above == one or stands_above(kinship, one, above))


@given(kinships(), st.sampled_from(ORGANISATIONS), st.sampled_from(ORGANISATIONS))
def test_a_tie_is_what_a_walk_through_the_organisations_finds(kinship: Kinship, own: int, other: int) -> None:
    kind = kinship.kind(own, other)

    if own == other:
        assert kind is TieKind.SAME
    elif stands_above(kinship, own, other):
        assert kind is TieKind.ABOVE
    elif stands_above(kinship, other, own):
        assert kind is TieKind.BELOW
    elif (min(own, other), max(own, other)) in kinship.affiliates:
        assert kind is TieKind.AFFILIATED
    else:
        assert kind is None


@given(kinships(), st.sampled_from(ORGANISATIONS), st.sampled_from(ORGANISATIONS))
def test_both_sides_see_the_same_tie(kinship: Kinship, own: int, other: int) -> None:
    mirrored = {TieKind.ABOVE: TieKind.BELOW, TieKind.BELOW: TieKind.ABOVE}
    kind = kinship.kind(own, other)

    assert kinship.kind(other, own) == (mirrored.get(kind, kind) if kind is not None else None)


def test_two_children_of_one_ministry_are_strangers() -> None:
    kinship = Kinship(parents={2: 1, 3: 1}, affiliates=frozenset())

    assert kinship.kind(2, 3) is None
    assert kinship.kind(1, 3) is TieKind.ABOVE


def test_ties_name_the_lead_first_and_every_partner_that_is_concerned() -> None:
    kinship = Kinship(parents={2: 1}, affiliates=frozenset({(2, 5)}))

    ties = kinship.ties(2, lead=1, partners=[5, 4, 2, 1])

    assert [(tie.part, tie.organisation_id, tie.kind) for tie in ties] == [
        (Part.LEAD, 1, TieKind.BELOW),
        (Part.PARTNER, 5, TieKind.AFFILIATED),
        (Part.PARTNER, 2, TieKind.SAME),
    ]


def test_a_loop_among_parents_ends() -> None:
    assert Kinship(parents={1: 2, 2: 1}, affiliates=frozenset()).kind(3, 1) is None
