"""Draws against the published ones, against counting every digest, and the promises about reserves, the skipped and strata."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.engine.draw import Candidate, Draw, DrawError, Method, Outcome, draw, key_of
from evalcomm.engine.draw.order import fair_remainder, remainder, taken

# RFC 3797, §6: 25 candidates; index, MD5, number left, position drawn.
RFC_SOURCES = [[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]
RFC_EXAMPLE = """
990DD0A5692A029A98B5E01AA28F3459  25  17
3691E55CB63FCC37914430B2F70B5EC6  24   7
FE814EDF564C190AC1D25753979990FA  23   2
1863CCACEB568C31D7DDBDF1D4E91387  22  16
F4AB33DF4889F0AF29C513905BE1D758  21  25
13EAEB529F61ACFB9A29D0BA3A60DE4A  20  23
992DB77C382CA2BDB9727001F3CDCCD9  19   8
63AB4258ECA922976811C7F55C383CE7  18  24
DFBC5AC97CED01B3A6E348E3CC63F40D  17  19
31CB111C4A4EBE9287CEAE16FE51B909  16  13
07FA46C122F164C215BBC72793B189A3  15  22
AC52F8D75CCBE2E61AFEB3387637D501  14   5
53306F73E14FC0B2FBF434218D25948E  13  18
B5D1403501A81F9A47318BE7893B347C  12   9
85B10B356AA06663EF1B1B407765100A  11   1
3269E6CE559ABD57E2BA6AAB495EB9BD  10   4
"""

# The voting members of the IETF's Nominating Committee of 2022, drawn from 267 volunteers; the numbers are those of four lotteries of
# the week before. As its chair published it: github.com/richsalz/ietf-rfc3797-code, 2022.seeds and 2022.results.
NOMCOM_SOURCES = [
    [7, 18, 28, 40, 48, 8, 11],
    [15, 21, 31, 36, 65, 16],
    [17, 21, 12, 26, 8, 42, 35, 13],
    [1, 10, 13, 14, 16, 25, 27, 5, 21],
]
NOMCOM_2022 = """
D0BD0C1947856D9EC8892BFD7B8F537A  267  171
A9B445CD350943417B4A365D4752F665  266  245
6090F1C93E7EF6AA20FD73CE3892EAEF  265   68
6B81AD77E14855FEFB36ABA73FADE5F3  264  190
6A426AAA8DF10BA1DF2ADBF85E18B673  263   70
55FC29BBBF1170647975DF74FEDCCC15  262  126
57E7969FD21534F95FADC7196649955E  261  110
20A9C424B529414C8B41EA90083CB29F  260  128
327721252E133A0B8B24656FA4AF7688  259  138
4937ABAC4E80B067F4297150F1E30B97  258  173
"""


def pool_of(number: int) -> list[Candidate]:
    return [Candidate(f"C{place:03}") for place in range(1, number + 1)]


@pytest.mark.parametrize(
    ("number", "sources", "key", "published"),
    [
        (25, RFC_SOURCES, "9319./2.5.8.10.12./9.18.26.34.41.45./", RFC_EXAMPLE),
        (
            267,
            NOMCOM_SOURCES,
            "7.8.11.18.28.40.48./15.16.21.31.36.65./8.12.13.17.21.26.35.42./1.5.10.13.14.16.21.25.27./",
            NOMCOM_2022,
        ),
    ],
)
def test_published_draws_come_out_digest_by_digest(
    number: int, sources: Sequence[Sequence[int]], key: str, published: str
) -> None:
    lines = [line.split() for line in published.split("\n") if line]

    drawn = draw(pool_of(number), sources=sources, size=len(lines))

    assert drawn.key == key
    assert [(s.i, s.key, s.digest.upper(), s.remaining, s.position, s.pick) for s in drawn.steps] == [
        (i, key, digest, int(left), int(position), f"C{int(position):03}")
        for i, (digest, left, position) in enumerate(lines)
    ]


def places(place_of: Callable[[bytes, int], int | None], number: int) -> Counter[int | None]:
    """How many of all digests of one byte lead to each place."""
    return Counter(place_of(bytes([value]), number) for value in range(256))


def test_every_place_has_equally_many_digests() -> None:
    for number in range(1, 257):
        counted = places(fair_remainder, number)
        passed_over = counted.pop(None, 0)
        assert counted == dict.fromkeys(range(number), 256 // number)
        assert passed_over == 256 % number

    assert len(set(places(remainder, 100).values())) == 2  # what the test is about: the plain remainder is not fair


def test_every_order_has_equally_many_digests() -> None:
    """A digest that is passed over leaves the choice to the next."""
    orders: Counter[tuple[int, ...]] = Counter()
    for digests in product(range(256), range(256)):
        if digests[0] != 255:  # 255 = 3 · 85: passed over where three are left
            orders[order_by(*digests, 0)] += 1

    assert len(orders) == 6
    assert set(orders.values()) == {255 * 256 // 6}
    assert order_by(255, 1, 1, 0) == (1, 2, 0)


def order_by(*digests: int) -> tuple[int, ...]:
    """The order in which three are drawn by digests of one byte."""
    return tuple(pick.member for pick in taken(range(3), lambda i: bytes([digests[i]]), fair_remainder))


@st.composite
def pools(draw_: st.DrawFn) -> list[Candidate]:
    names = draw_(st.lists(st.text("가나다ab12", min_size=1, max_size=4), min_size=1, max_size=12, unique=True))
    regions = draw_(st.lists(st.sampled_from(["부산", "제주", "전북"]), min_size=len(names), max_size=len(names)))
    return [Candidate(name, (region,)) for name, region in zip(names, regions, strict=True)]


SOURCES = st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=6), min_size=1, max_size=3)


@given(pools(), SOURCES, st.randoms(use_true_random=False))
def test_sha256_is_a_function_of_pool_and_sources_alone(
    pool: list[Candidate], sources: list[list[int]], chance: random.Random
) -> None:
    size = 1 + len(pool) // 2
    shuffled = chance.sample(pool, len(pool))
    unsorted = [chance.sample(source, len(source)) for source in sources]

    assert draw(pool, sources=sources, size=size, method=Method.SHA256) == draw(
        shuffled, sources=unsorted, size=size, method=Method.SHA256
    )


@given(pools(), SOURCES, st.sampled_from(Method), st.data())
def test_reserves_are_the_same_draw_continued_and_the_skipped_are_passed_over(
    pool: list[Candidate], sources: list[list[int]], method: Method, data: st.DataObject
) -> None:
    pool = [Candidate(one.id) for one in pool]
    everyone = draw(pool, sources=sources, size=len(pool), method=method).picked(Outcome.SELECTED)
    skip = data.draw(st.sets(st.sampled_from(everyone), max_size=len(pool) - 1))
    able = [who for who in everyone if who not in skip]
    size = data.draw(st.integers(1, len(able)))
    reserve = data.draw(st.integers(0, len(able) - size))

    drawn = draw(pool, sources=sources, size=size, method=method, reserve=reserve, skip=skip)

    assert sorted(everyone) == sorted(one.id for one in pool)
    assert drawn.picked(Outcome.SELECTED) == able[:size]
    assert drawn.picked(Outcome.RESERVE) == able[size : size + reserve]
    assert [step.pick for step in drawn.steps] == everyone[: len(drawn.steps)]
    assert sorted((*drawn.picked(Outcome.SKIPPED), *drawn.never_met)) == sorted(skip)
    assert sum(drawn.chances) == size


@given(pools(), SOURCES, st.sampled_from(Method), st.data())
def test_every_stratum_has_its_own_number_and_its_own_draw(
    pool: list[Candidate], sources: list[list[int]], method: Method, data: st.DataObject
) -> None:
    counts = Counter(one.stratum for one in pool)
    names = data.draw(st.permutations(sorted(counts)))
    quotas = {name: data.draw(st.integers(0, counts[name])) for name in names}
    if not any(quotas.values()):
        quotas[names[0]] = 1
    size = sum(quotas.values())

    drawn = draw(pool, sources=sources, size=size, method=method, quotas=quotas)

    assert [one.name for one in drawn.strata] == list(names)
    assert [step.stratum for step in drawn.steps] == [name for name in names for _ in range(quotas[name])]
    assert all(step.key == f"{key_of(sources)}{step.stratum}./" for step in drawn.steps)
    by_id = {one.id: one.stratum for one in pool}
    assert all(by_id[step.pick] == step.stratum for step in drawn.steps)
    assert [chance for one, chance in zip(drawn.pool, drawn.chances, strict=True)] == [
        Fraction(quotas[one.stratum], counts[one.stratum]) for one in drawn.pool
    ]
    # Whoever is passed over in one stratum changes nothing in another.
    first = drawn.steps[0]
    if quotas[first.stratum] < counts[first.stratum]:
        again = draw(pool, sources=sources, size=size, method=method, quotas=quotas, skip=[first.pick])
        assert others(again, first.stratum) == others(drawn, first.stratum)


def others(drawn: Draw, stratum: str) -> list[str]:
    return [step.pick for step in drawn.steps if step.stratum != stratum]


def test_without_quotas_the_size_is_divided_in_proportion() -> None:
    regions = ["부산"] * 5 + ["전북"] * 3 + ["제주"] * 2
    pool = [Candidate(f"C{place}", (region,)) for place, region in enumerate(regions)]

    def numbers(size: int) -> dict[str, int]:
        return {one.name: one.quota for one in draw(pool, sources=[[1]], size=size).strata}

    assert numbers(10) == {"부산": 5, "전북": 3, "제주": 2}
    assert numbers(3) == {"부산": 1, "전북": 1, "제주": 1}  # 1.5, 0.9, 0.6
    assert numbers(1) == {"부산": 1, "전북": 0, "제주": 0}
    assert numbers(5) == {"부산": 3, "전북": 1, "제주": 1}  # 2.5 and 1.5: equal remainders go to the larger stratum


@pytest.mark.parametrize("method", Method)
def test_stated_chances_are_those_of_many_draws(method: Method) -> None:
    """2,000 sources; a frequency outside five standard deviations would fail."""
    pool = [Candidate(name, (group,)) for name, group in zip("ABCDEFG", "xxxxyyy", strict=True)]
    drawn_often: Counter[str] = Counter()
    many = 2_000
    for number in range(many):
        drawn = draw(pool, sources=[[number]], size=3, method=method, quotas={"x": 1, "y": 2}, skip="D")
        drawn_often.update(drawn.picked(Outcome.SELECTED))

    for one, chance in zip(drawn.pool, drawn.chances, strict=True):
        assert (drawn_often[one.id] - many * chance) ** 2 <= 25 * many * chance * (1 - chance)
    assert dict(zip("ABCDEFG", drawn.chances, strict=True)) == {
        **dict.fromkeys("ABC", Fraction(1, 3)),
        "D": 0,
        **dict.fromkeys("EFG", Fraction(2, 3)),
    }


TWO = [Candidate("A", ("x",)), Candidate("B", ("y",))]


@pytest.mark.parametrize(
    ("pool", "options", "says"),
    [
        ([], {}, "the pool is empty"),
        (pool_of(3), {"size": 4}, "the pool has 3 candidates; 4 cannot be drawn from it"),
        (pool_of(3), {"size": 0}, "it must be of 1 or more"),
        (pool_of(3), {"sources": []}, "needs a source of numbers"),
        (pool_of(3), {"sources": [[1], []]}, "every source a number"),
        (pool_of(3), {"sources": [[-1]]}, "not negative"),
        ([*pool_of(3), Candidate("C001")], {}, "C001 is in the pool twice"),
        ([Candidate("")], {}, "blank"),
        ([Candidate("A\nB")], {}, "one line"),
        (pool_of(3), {"skip": ["Z"]}, "nobody in the pool is called Z"),
        (pool_of(3), {"size": 2, "reserve": 2}, "2 and 2 in reserve cannot be drawn"),
        (pool_of(3), {"size": 3, "skip": ["C002"]}, "3 candidates, 2 without the skipped; 3 cannot be drawn"),
        (pool_of(65_536), {}, "RFC 3797 draws from 65535 at most"),
        (TWO, {"quotas": {"x": 1}}, "the stratum 'y' has no number"),
        (TWO, {"quotas": {"x": 1, "y": 0, "z": 0}}, "there is no stratum 'z'; the pool has 'x', 'y'"),
        (TWO, {"quotas": {"x": 1, "y": 1}}, "add up to 2, but 1 are to be drawn"),
        (TWO, {"size": 2, "quotas": {"x": 2, "y": 0}}, "the stratum 'x' has 1 candidates; 2 cannot be drawn"),
        ([Candidate("A", ("x / y", "z")), Candidate("B", ("x", "y / z"))], {}, "two strata would both be called"),
    ],
)
def test_what_cannot_be_drawn_is_refused(pool: list[Candidate], options: dict[str, object], says: str) -> None:
    with pytest.raises(DrawError, match=says.replace("(", r"\(")):
        draw(pool, **{"sources": [[1]], "size": 1, **options})  # type: ignore[arg-type]
