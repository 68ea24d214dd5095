"""A real PDF for every made-up application, so that attachments are files that open and have hashes."""

from dataclasses import dataclass
from html import escape

from evalcomm.applications import files
from evalcomm.applications.content import Content
from evalcomm.applications.models import Application
from evalcomm.applications.words import NARRATIVE
from evalcomm.demo.story import ProjectStory
from evalcomm.documents import pdf


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


def proposal(told: ProjectStory, application: Application, content: Content) -> Stored:
    sections = "".join(
        f"<h2>{escape(str(title))}</h2>"
        + "".join(f"<p>{escape(line)}</p>" for line in content.narrative.get(name, "").split("\n") if line)
        for name, (title, _hint) in NARRATIVE.items()
    )
    html = (
        "<!doctype html><html lang='ko'><head><meta charset='utf-8'><title>사업계획서</title><style>"
        "@page { size: A4; margin: 25mm 20mm; @top-right { content: '가상 자료 — 시연용'; font-size: 9pt } }"
        "body { font-family: NanumGothic; font-size: 11pt; line-height: 1.7 } h1 { font-size: 20pt } h2 { font-size: 13pt }"
        f"</style></head><body><h1>사업계획서</h1><p>{escape(told.title)} · {escape(application.project.task.title)}</p>{sections}</body></html>"
    )
    printed = pdf.render_pdf(html, number="가상", title=f"사업계획서 {told.title}", issued_at="2020-10-20T00:00:00Z")
    return Stored(sha256=files.store().put(printed), size=len(printed))
