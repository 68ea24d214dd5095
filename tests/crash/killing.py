"""A site that is killed without warning, whole or in part, at moments that a seed decides."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.site import HERE, Site

EVERYTHING, SUPERVISOR, WEB, WEB_PROCESS, WORKER = "everything", "supervisor", "web", "web process", "worker"


class Victim:
    """The processes of one site: a supervisor with the web server, its processes, and the worker."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site, self._log = site, folder / "server.log"
        self._groups: list[subprocess.Popen[bytes]] = []

    @contextmanager
    def alive(self) -> Iterator[None]:
        try:
            self.start()
            yield
        finally:
            self.stop()

    def start(self) -> None:
        with self._log.open("ab") as output:
            started = subprocess.Popen(
                [sys.executable, str(HERE / "server.py"), "serve", str(self._site.port)],
                env={**self._site.environment, "GUNICORN_CMD_ARGS": "--workers 2"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._groups.append(started)

    def stop(self) -> None:
        """In order, as an operator would; then whatever outlived its supervisor."""
        current = self._groups[-1]
        current.terminate()
        try:
            current.wait(40)
        finally:
            for started in self._groups:
                try:
                    os.killpg(started.pid, signal.SIGKILL)
                except ProcessLookupError:
                    started.wait(10)

    def kill(self, part: str, chance: random.Random) -> None:
        current = self._groups[-1]
        if part == EVERYTHING:
            os.killpg(current.pid, signal.SIGKILL)
        elif part == SUPERVISOR:
            current.kill()
        else:
            chosen = self._processes(part)
            if chosen:  # a part that is just being started again has died already
                os.kill(chance.choice(chosen), signal.SIGKILL)
        if part in {EVERYTHING, SUPERVISOR}:
            current.wait(10)
            self.start()

    def _processes(self, part: str) -> list[int]:
        commands = _children_of(self._groups[-1].pid)
        web = [pid for pid, command in commands.items() if "gunicorn" in command]
        if part == WEB:
            return web
        if part == WEB_PROCESS:
            return [pid for parent in web for pid in _children_of(parent)]
        return [pid for pid, command in commands.items() if "gunicorn" not in command]

    def tail(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]


def _children_of(parent: int) -> dict[int, str]:
    """pid → command line, from /proc."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended while we looked
    return found


def wait_until(true: Callable[[], bool], *, seconds: float, what: Callable[[], str]) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, what()
        time.sleep(0.02)
