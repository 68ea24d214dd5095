"""The floor: a bare Flask with SQLAlchemy Core and Jinja that does the same query, the same write and the same rows, and nothing else."""

import hashlib
import json
import os
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask, redirect, render_template_string, request

LIST = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>신청서</title></head><body><h1>신청서</h1><table><tbody>
{% for row in rows -%}
<tr><th scope="row">{{ row.number }}</th><td><a href="/applications/{{ row.id }}">{{ row.title }}</a></td><td>{{ row.track }}</td><td>{{ row.region }}</td><td>{{ row.lead }}</td><td class="num">{{ "{:,}".format(row.requested_won) }}</td><td class="num">{{ "{:,}".format(row.total_won) }}</td><td class="date">{{ row.submitted_at }}</td><td class="center">{{ row.state }}</td><td class="center">{{ row.verdict }}</td></tr>
{% endfor -%}
</tbody></table></body></html>"""

QUERY = sa.text(
    """SELECT a.id, a.number, a.title, a.requested_won, a.total_won, a.state, a.submitted_at, t.title AS track, o.name AS lead,
       k.innovation_city AS region, s.verdict
       FROM application a JOIN track t ON t.id = a.track_id JOIN organisation o ON o.id = a.lead_organisation_id
       JOIN project p ON p.id = a.project_id JOIN task k ON k.id = p.task_id
       LEFT JOIN screening s ON s.application_id = a.id
       WHERE a.call_id = :call AND a.state != 'draft' ORDER BY a.number"""
)


def create_app() -> Flask:
    app = Flask("floor")
    engine = sa.create_engine(f"sqlite:///{os.environ['FLOOR_DATABASE']}")

    @sa.event.listens_for(engine, "connect")
    def prepare(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if request.method == "POST" else "BEGIN")

    metadata = sa.MetaData()
    with app.test_request_context(method="GET"):
        sheet, version, entry = (
            sa.Table(name, metadata, autoload_with=engine) for name in ("score_sheet", "sheet_version", "audit_entry")
        )
        engine.dispose()

    @app.get("/list/<int:call>")
    def read_list(call: int) -> str:
        with engine.begin() as connection:
            return render_template_string(LIST, rows=connection.execute(QUERY, {"call": call}).all())

    @app.post("/save/<int:sheet_id>")
    def save(sheet_id: int):  # type: ignore[no-untyped-def]
        fields, tag = request.form.to_dict(), int(request.form["tag"])
        content = json.dumps(fields, ensure_ascii=False, sort_keys=True)
        digest, now = hashlib.sha256(content.encode()).hexdigest(), datetime.now(UTC).replace(tzinfo=None)
        with engine.begin() as connection:
            connection.execute(
                sheet.update()
                .where(sheet.c.id == sheet_id, sheet.c.draft_tag == tag)
                .values(draft=fields, draft_tag=tag + 1, cut_tag=tag + 1, last_version=tag, changed_at=now)
            )
            values = {
                "sheet_id": sheet_id,
                "version": tag,
                "cause": "saved",
                "content": fields,
                "sha256": digest,
                "made_at": now,
                "made_by_id": 1,
            }
            connection.execute(version.insert().values(values))
            connection.execute(
                entry.insert().values(
                    at=now,
                    actor_id=1,
                    actor_part="",
                    address="",
                    request_id="",
                    verb="scoring.save",
                    subject_type="score_sheet",
                    subject_id=sheet_id,
                    outcome="done",
                    detail={"version": tag, "sha256": digest},
                    entry_sha256=digest,
                )
            )
        return redirect(f"/sheet/{sheet_id}")

    return app
