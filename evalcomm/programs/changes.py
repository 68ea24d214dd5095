"""What an amendment changes, before and after, in the words of a notice."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from evalcomm.programs.models import Right, Visibility
from evalcomm.programs.terms import SECTIONS, CallTerms, PhaseTerms, TrackTerms
from evalcomm.programs.words import PHASES, RIGHTS, TEXTS, VISIBILITIES
from evalcomm.web.filters import kst, won


@dataclass(frozen=True, slots=True)
class Change:
    what: str
    before: str
    after: str


def between(before: CallTerms, after: CallTerms) -> list[Change]:
    """Every difference, in the order of the notice; [] where nothing differs."""
    parts = (_head, _phases, _tracks, _rounds, _texts)
    found = [change for part in parts for change in part(before, after)]
    return [Change(c.what, c.before or _("없음"), c.after or _("없음")) for c in found if c.before != c.after]


def _head(before: CallTerms, after: CallTerms) -> Iterator[Change]:
    yield Change(_("공고명"), before.title, after.title)
    yield Change(_("사업 내용"), before.description, after.description)
    yield Change(_("지원 예산"), won(before.budget_won), won(after.budget_won))
    yield Change(_("공고 명의"), before.authority, after.authority)
    yield Change(_("문의처"), before.contact, after.contact)


def _phases(before: CallTerms, after: CallTerms) -> Iterator[Change]:
    old = {phase.key: phase for phase in before.phases}
    new = {phase.key: phase for phase in after.phases}
    for key in [*old, *(key for key in new if key not in old)]:
        name = phase_name((new.get(key) or old[key]), after)
        was, now = old.get(key), new.get(key)
        yield Change(_("%(phase)s 시작", phase=name), _when(was, "opens_at"), _when(now, "opens_at"))
        yield Change(_("%(phase)s 마감", phase=name), _when(was, "closes_at"), _when(now, "closes_at"))
        yield Change(_("%(phase)s 기간의 권한", phase=name), _granted(was), _granted(now))


def phase_name(phase: PhaseTerms, terms: CallTerms) -> str:
    name = str(PHASES[phase.kind])
    if phase.round is None:
        return name
    title = next((row.title for row in terms.rounds if row.position == phase.round), str(phase.round))
    return f"{name}({title})"


def _granted(phase: PhaseTerms | None) -> str:
    if phase is None:
        return ""
    names = [str(RIGHTS[right]) for right in Right if getattr(phase, right.value)]
    if phase.members_see_other_scores is not Visibility.NEVER:
        names.append(_("다른 위원의 점수: %(when)s", when=str(VISIBILITIES[phase.members_see_other_scores])))
    return ", ".join(names)


def _tracks(before: CallTerms, after: CallTerms) -> Iterator[Change]:
    old = {track.code: track for track in before.tracks}
    for track in after.tracks:
        was = old.get(track.code)
        if was is None:
            yield Change(_("분야"), "", track.title)
            continue
        yield Change(_("분야 이름"), was.title, track.title)
        yield Change(_("%(track)s 분야 예산", track=track.title), won(was.budget_won), won(track.budget_won))
        yield Change(_("%(track)s 분야 평가계획", track=track.title), _plan(was), _plan(track))


def _rounds(before: CallTerms, after: CallTerms) -> Iterator[Change]:
    yield Change(_("평가 차수"), _round_list(before), _round_list(after))


def _texts(before: CallTerms, after: CallTerms) -> Iterator[Change]:
    for section in SECTIONS:
        yield Change(str(TEXTS[section]), "\n".join(before.texts[section]), "\n".join(after.texts[section]))


def _round_list(terms: CallTerms) -> str:
    return ", ".join(f"{row.title} {row.weight_percent}%" for row in terms.rounds)


def _plan(track: TrackTerms) -> str:
    plan = track.plan
    return str(
        _("%(title)s 제%(version)s판(확정값 %(seal)s)", title=plan.title, version=plan.version, seal=plan.sha256[:16])
    )


def _when(phase: PhaseTerms | None, end: str) -> str:
    return "" if phase is None else kst(getattr(phase, end))
