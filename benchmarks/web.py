"""Pages and saves against a bare floor in the same run: Flask, SQLAlchemy Core and Jinja doing the same query, write and page.

16 clients, SQLite in WAL with synchronous=FULL, the same server with the same processes and threads for both, five interleaved pairs, the
median of the ratios. Goal (issue 2): at least 0.5 of the floor's requests per second for the list of 500 applications and for saving a sheet.

    python benchmarks/web.py [--seconds 3] [--pairs 5]
"""

import argparse
import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
CLIENTS = 16
ROWS = 500
SERVER = ["--workers", "2", "--threads", "4", "--log-level", "error", "--keep-alive", "30"]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: str
    body: bytes


class Connection:
    """One browser: a kept-alive connection that reconnects when the server closes it."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, method: str, path: str, body: bytes = b"") -> Answer:
        for attempt in (1, 2):
            if self.writer is None:
                self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            if body:
                head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            try:
                self.writer.write(head.encode() + b"\r\n" + body)
                return await self._receive()
            except (asyncio.IncompleteReadError, ConnectionError):
                self.writer = None
                if attempt == 2:
                    raise
        raise AssertionError

    async def _receive(self) -> Answer:
        assert self.reader is not None
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?i)content-length: (\d+)", head)
        assert length is not None, head
        body = await self.reader.readexactly(int(length.group(1)))
        if re.search(r"(?i)connection: close", head):
            assert self.writer is not None
            self.writer.close()
            self.writer = None
        return Answer(int(head.split(" ", 2)[1]), head, body)


Step = Callable[[Connection, int, int], Awaitable[None]]
"""`step(connection, client, turn)`: one request, checked."""


async def requests_per_second(port: int, cookies: list[str], step: Step, seconds: float, turns: list[int]) -> float:
    """All clients at once for `seconds`; `turns` keeps each client's count from one measurement to the next."""
    done = 0
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        nonlocal done
        connection = Connection(port, cookies[number])
        while time.perf_counter() < end:
            await step(connection, number, turns[number])
            turns[number] += 1
            done += 1

    begin = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return done / (time.perf_counter() - begin)


@contextlib.contextmanager
def served(application: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *SERVER, application]
    process = subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT, start_new_session=True)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
                break
            time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Filled:
    """A database with a call of 500 applications and an evaluator's 16 opened sheets."""

    secretary: int
    evaluator: int
    call_id: int
    sheets: list[int]
    items: list[tuple[str, list[str]]]
    comments: list[str]


def fill(folder: Path) -> Filled:
    from flask_migrate import upgrade

    from evalcomm.app import create_app
    from evalcomm.engine.rubric import Comment
    from evalcomm.foundation.actor import Role
    from evalcomm.foundation.database import db, transaction
    from evalcomm.programs.models import PhaseKind
    from evalcomm.scoring import queries as scoring
    from evalcomm.scoring import services as scoring_services
    from tests import factories

    app = create_app()
    with app.app_context():
        upgrade()
        db.session.remove()
        now = app.extensions["clock"]()
        call = factories.make_call(phase=PhaseKind.SCORING, at=now)
        owner, lead = factories.make_user(Role.APPLICANT), factories.make_organisation()
        applications = [factories.make_application(call, owner=owner, lead=lead) for _ in range(ROWS)]
        committee = factories.make_committee(call, members=5)
        membership = committee.memberships[0]
        actor = factories.actor_for(membership.user)
        sheets = []
        with transaction():
            for application in applications[:CLIENTS]:
                desk = scoring.get_desk_at(membership.id, application.id)
                sheets.append(scoring_services.open_sheet(desk=desk, actor=actor, at=now).id)
            rubric = desk.rubric
        secretary = factories.make_user(Role.SECRETARIAT)
        filled = Filled(
            secretary=secretary.id,
            evaluator=membership.user_id,
            call_id=call.id,
            sheets=sheets,
            items=[(item.id, [grade.name for grade in item.grades]) for item in rubric.scored_items],
            comments=[item.id for item in rubric.scored_items if item.comment is not Comment.NONE],
        )
        db.session.remove()
        db.engine.dispose()
    del folder
    return filled


def cookie_for(user_id: int) -> str:
    """A session as signing in makes it, with a CSRF token in it."""
    from evalcomm.app import create_app

    app = create_app()
    serializer = app.session_interface.get_signing_serializer(app)
    session = {"_user_id": f"{user_id}:0:bench", "_fresh": True, "_permanent": True, "csrf_token": "0" * 40}
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(session)}"


def csrf_token() -> str:
    from itsdangerous import URLSafeTimedSerializer

    from evalcomm.app import create_app

    return str(URLSafeTimedSerializer(create_app().secret_key, salt="wtf-csrf-token").dumps("0" * 40))


def product_steps(filled: Filled) -> dict[str, tuple[list[str], Step]]:
    token = csrf_token()

    async def read_list(connection: Connection, client: int, turn: int) -> None:
        answer = await connection.send("GET", f"/calls/{filled.call_id}/applications")
        assert answer.status == 200, answer.body[:300]
        assert answer.body.count(b'<th scope="row">') == ROWS

    async def save(connection: Connection, client: int, turn: int) -> None:
        fields = {"csrf_token": token, "version_tag": str(turn + 1), "opinion": f"의견 {turn}"}
        fields |= {f"entry-{item}": grades[turn % len(grades)] for item, grades in filled.items}
        fields |= {f"comment-{item}": f"근거를 확인함 {turn}" for item in filled.comments}
        answer = await connection.send("POST", f"/scoring/sheets/{filled.sheets[client]}", urlencode(fields).encode())
        assert answer.status == 302, (answer.status, turn, re.sub(r"\s+", " ", answer.body.decode())[-1500:])

    return {
        "list of 500 applications": ([cookie_for(filled.secretary)] * CLIENTS, read_list),
        "saving a score sheet": ([cookie_for(filled.evaluator)] * CLIENTS, save),
    }


def floor_steps(filled: Filled) -> dict[str, tuple[list[str], Step]]:
    async def read_list(connection: Connection, client: int, turn: int) -> None:
        answer = await connection.send("GET", f"/list/{filled.call_id}")
        assert answer.status == 200
        assert answer.body.count(b'<th scope="row">') == ROWS

    async def save(connection: Connection, client: int, turn: int) -> None:
        fields = {"tag": str(turn + 1), "opinion": f"의견 {turn}"}
        fields |= {f"entry-{item}": grades[turn % len(grades)] for item, grades in filled.items}
        fields |= {f"comment-{item}": f"근거를 확인함 {turn}" for item in filled.comments}
        answer = await connection.send("POST", f"/save/{filled.sheets[client]}", urlencode(fields).encode())
        assert answer.status == 302, answer.body[:300]

    return {
        "list of 500 applications": ([""] * CLIENTS, read_list),
        "saving a score sheet": ([""] * CLIENTS, save),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--pairs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"EVALCOMM_INSTANCE": str(folder / "product"), "EVALCOMM_INSECURE_COOKIES": "1"}
        filled = fill(folder)
        database, copy = folder / "product" / "evalcomm.sqlite", folder / "floor.sqlite"
        shutil.copyfile(database, copy)
        ports = {"product": free_port(), "floor": free_port()}
        with (
            served("evalcomm.app:create_app()", ports["product"], {}),
            served("benchmarks.web_floor:create_app()", ports["floor"], {"FLOOR_DATABASE": str(copy)}),
        ):
            measure(filled, ports, arguments.seconds, arguments.pairs)


def measure(filled: Filled, ports: dict[str, int], seconds: float, pairs: int) -> None:
    steps = {"product": product_steps(filled), "floor": floor_steps(filled)}
    for what in steps["product"]:
        turns = {side: [0] * CLIENTS for side in ports}
        for side, port in ports.items():  # warm up
            cookies, step = steps[side][what]
            asyncio.run(requests_per_second(port, cookies, step, 0.7, turns[side]))
        ratios, speeds = [], {"product": [], "floor": []}
        for _ in range(pairs):
            for side, port in ports.items():
                cookies, step = steps[side][what]
                speeds[side].append(asyncio.run(requests_per_second(port, cookies, step, seconds, turns[side])))
            ratios.append(speeds["product"][-1] / speeds["floor"][-1])
        print(
            f"{what}: {statistics.median(ratios):.2f} of the floor (goal 0.50; pairs {min(ratios):.2f} to {max(ratios):.2f}); "
            f"medians {statistics.median(speeds['product']):.0f} and {statistics.median(speeds['floor']):.0f} requests/s, {CLIENTS} clients"
        )


if __name__ == "__main__":
    main()
