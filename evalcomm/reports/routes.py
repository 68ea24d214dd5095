"""Every paper of a call on one page, and the button that issues the decision papers."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.documents import kinds
from evalcomm.documents import queries as documents
from evalcomm.documents.models import Paper
from evalcomm.documents.policies import readable
from evalcomm.programs import links
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call
from evalcomm.reports import policies, services, words
from evalcomm.selection.policies import may_read_internal_paper, may_read_result_paper
from evalcomm.web.access import commits, current_actor, may, received_at, requires

__all__ = ["blueprint", "words"]

blueprint = Blueprint("reports", __name__)

kinds.register(
    kinds.PaperKind(
        code="decision_memo", label=_l("과제별 심의결과서"), series="심의결과", may_read=may_read_result_paper
    )
)
kinds.register(
    kinds.PaperKind(
        code="selection_report", label=_l("선정결과보고서"), series="선정보고", may_read=may_read_internal_paper
    )
)


@blueprint.get("/calls/<int:call_id>/papers")
@requires(policies.may_see_papers, load=programs.get_call)
def papers(call: Call) -> ResponseReturnValue:
    listed = readable(current_actor(), documents.papers_of_call(call.id), received_at())
    return render_template(
        "reports/papers.html",
        call=call,
        groups=_by_kind(listed),
        printed=sum(paper.file is not None for paper in listed),
        total=len(listed),
        may_issue=may(policies.may_issue_papers, call),
    )


def _by_kind(papers: Sequence[Paper]) -> list[tuple[kinds.PaperKind, list[Paper]]]:
    """In the order in which a call brings them forth: the notice first, the announcement last."""
    found: dict[str, list[Paper]] = {}
    for paper in papers:
        found.setdefault(paper.kind, []).append(paper)
    groups = sorted(found.items(), key=lambda group: min(paper.issued_at for paper in group[1]))
    return [(kinds.get(code), group) for code, group in groups]


@blueprint.post("/calls/<int:call_id>/papers")
@commits
@requires(policies.may_issue_papers, load=programs.get_call)
def issue(call: Call) -> ResponseReturnValue:
    issued = services.issue_decision_papers(call=call, actor=current_actor(), at=received_at())
    flash(_("문서 %(count)s부를 발행했습니다. PDF는 곧 만들어집니다.", count=len(issued)), "success")
    return redirect(url_for("reports.papers", call_id=call.id))


links.register(_l("문서"), "reports.papers", policies.may_see_papers, order=400)
