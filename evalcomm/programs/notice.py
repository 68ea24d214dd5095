"""공고문 and 변경공고: the paper of a published version of a call."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from evalcomm.documents import kinds, rendering
from evalcomm.documents.models import Paper
from evalcomm.documents.papers import Dated, PlanInWords
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.verdict import ALLOWED, Verdict
from evalcomm.programs.changes import Change, phase_name
from evalcomm.programs.heading import issuer
from evalcomm.programs.models import Call, CallVersion, PhaseKind, Track
from evalcomm.programs.terms import CallTerms, of_call
from evalcomm.rubrics import wording
from evalcomm.rubrics.queries import plan_value

KIND = "notice_of_call"


def may_read_notice(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    """A notice is public from the moment it is issued."""
    del actor, paper, at
    return ALLOWED


kinds.register(kinds.PaperKind(code=KIND, label=_l("공고문"), series="공고", may_read=may_read_notice))


def notice_number(call: Call, version: int) -> str:
    """국토교통부 공고 제2026-1호, and of its first amendment 국토교통부 공고 제2026-1호(제1차 변경)."""
    office = call.program.authority[0] if call.program.authority else call.authority
    number = f"{office} 공고 제{call.number}호".strip()
    return number if version == 1 else f"{number}(제{version - 1}차 변경)"


def body(call: Call, version: CallVersion, changes: Iterable[Change]) -> dict[str, Any]:
    """The model of the paper without what every paper carries; in Korean whatever the screen speaks."""
    with force_locale("ko"):
        terms = of_call(call)
        application = terms.phase(PhaseKind.APPLICATION)
        assert application is not None
        return {
            "notice_number": notice_number(call, version.version),
            "notice_on": in_seoul(version.published_at).date().isoformat(),
            "authority": call.authority or notice_number(call, 1),
            "version": version.version,
            "amendment": None if version.version == 1 else _amendment(call, version, changes),
            "purpose": purpose(call),
            "legal_basis": legal_basis(call),
            "budget": call.budget_won,
            **{section: list(lines) for section, lines in terms.texts.items()},
            "opens_at": _instant(application.opens_at),
            "closes_at": _instant(application.closes_at),
            "is_deadline_inclusive": True,
            "schedule": _schedule(terms),
            "plans": plans(call),
            "contact": call.contact or call.authority or call.program.name,
        }


def preview(call: Call, at: datetime) -> Markup:
    """The notice of a draft as it will look, without number, code and hash of its own."""
    version = CallVersion(version=1, published_at=at)
    model = {
        **body(call, version, []),
        "number": "―",
        "title": "공고문(안)",
        "issued_at": _instant(at),
        "issuer": issuer(call),
        "verify_url": "―",
        "is_demonstration": call.is_demonstration,
        "edition": "internal",
        "program": call.program.name,
        "call": call.title,
    }
    # the press escapes everything that people wrote; what it returns is markup
    return Markup(rendering.render_html(KIND, model, for_screen=True))  # noqa: S704 - as said above


def purpose(call: Call) -> str:
    """The first sentence of the notice: the call's own, else the usual one."""
    usual = _("「%(program)s」의 지원 대상 사업을 다음과 같이 공고합니다.", program=call.program.name)
    return str(call.description or usual)


def plans(call: Call) -> list[PlanInWords]:
    """One for each track, with the time at which its plan was announced first."""
    alone = len(call.tracks) == 1
    return [
        wording.in_words(
            track.plan,
            track=track.title,
            budget_won=None if alone else track.budget_won,
            sealed_at=_sealed_at(call, track),
        )
        for track in call.tracks
    ]


def _sealed_at(call: Call, track: Track) -> datetime:
    for version in call.versions:
        announced = {entry["code"]: entry["plan"]["sha256"] for entry in version.content["tracks"]}
        if announced.get(track.code) == track.plan.sha256:
            return version.published_at.astimezone(UTC)
    return (call.published_at or call.created_at).astimezone(UTC)


def legal_basis(call: Call) -> list[str]:
    """The programme's own, then those of the plans, each once."""
    own = [line.strip() for line in call.program.legal_basis.splitlines() if line.strip()]
    of_plans = [line for track in call.tracks for line in plan_value(track.plan).legal_basis]
    return list(dict.fromkeys([*own, *of_plans]))


def _schedule(terms: CallTerms) -> list[Dated]:
    return [
        {"what": phase_name(phase, terms), "when": _window(phase.opens_at, phase.closes_at), "note": None}
        for phase in terms.phases
    ]


def _window(opens_at: datetime, closes_at: datetime) -> str:
    return f"{_minute(opens_at)} ~ {_minute(closes_at)}"


def _minute(instant: datetime) -> str:
    local = in_seoul(instant)
    return f"{local.year}. {local.month}. {local.day}. {local:%H:%M}"


def _amendment(call: Call, version: CallVersion, changes: Iterable[Change]) -> dict[str, Any]:
    assert version.approved_on is not None
    return {
        "reason": version.reason,
        "approver": version.approver,
        "approved_on": version.approved_on.isoformat(),
        "previous_number": notice_number(call, version.version - 1),
        "changes": [{"what": c.what, "before": c.before, "after": c.after} for c in changes],
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
