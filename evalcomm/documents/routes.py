"""Papers on screen and as files, and the public page that verifies a code."""

from flask import Blueprint, Response, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from evalcomm.documents import queries, rendering
from evalcomm.documents import words as room_words
from evalcomm.documents.models import Paper
from evalcomm.documents.policies import may_read_paper
from evalcomm.documents.press import store
from evalcomm.documents.services import PRINT
from evalcomm.foundation import outbox
from evalcomm.foundation.errors import NotFound
from evalcomm.web.access import everyone, requires

__all__ = ["blueprint", "room_words"]

blueprint = Blueprint("documents", __name__)


@blueprint.get("/papers/paper.css")
@requires(everyone)
def style() -> ResponseReturnValue:
    answer = Response(rendering.screen_css(), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.get("/papers/<int:paper_id>")
@requires(may_read_paper, load=queries.get_paper)
def paper(paper: Paper) -> ResponseReturnValue:
    """The paper as HTML, at once; the PDF link appears when the worker has printed it."""
    article = rendering.render_html(
        paper.kind,
        paper.model,
        for_screen=True,
        figure_url=lambda name: url_for("documents.figure", paper_id=paper.id, name=name),
    )
    # the press escapes everything that people wrote; what it returns is markup
    return render_template(
        "press/paper.html",
        paper=paper,
        given_up=paper.file is None and outbox.is_given_up(PRINT, str(paper.id)),
        article=Markup(article),  # noqa: S704 - as said above
    )


@blueprint.get("/papers/<int:paper_id>/figures/<name>.svg")
@requires(may_read_paper, load=queries.get_paper)
def figure(paper: Paper, name: str) -> ResponseReturnValue:
    """A plot of the paper, as an image from its own address under a policy of its own."""
    from evalcomm.documents import figures

    if name not in figures.names(paper.kind, paper.model):
        raise NotFound("not_found")
    answer = Response(figures.draw(paper.kind, name, paper.model), mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


@blueprint.get("/papers/<int:paper_id>/file.pdf")
@requires(may_read_paper, load=queries.get_paper)
def download(paper: Paper) -> ResponseReturnValue:
    if paper.file is None:
        raise NotFound("paper_not_printed_yet")
    inline = request.args.get("show") == "1"
    return send_file(
        store().path(paper.file.sha256),
        mimetype="application/pdf",
        as_attachment=not inline,
        download_name=f"{paper.number}_{paper.title}.pdf",
        etag=paper.file.sha256,
    )


@blueprint.get("/verify")
@requires(everyone)
def verify_form() -> ResponseReturnValue:
    return _verify(request.args.get("code", ""))


@blueprint.get("/verify/<code>")
@requires(everyone)
def verify(code: str) -> ResponseReturnValue:
    return _verify(code)


def _verify(code: str) -> ResponseReturnValue:
    """Title, date and whether it matches; no more."""
    found = queries.find_by_code(code) if code else None
    status = 200 if found is not None or not code else 404
    return render_template("press/verify.html", code=code, paper=found), status
