"""A site of its own for a journey: instance, database, port, processes; and the hands that set its clock and run its commands."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
STARTS_WITHIN = 60
"""Seconds that a loaded machine may take to start the processes."""


class Site:
    def __init__(self, folder: Path, database_url: str, *, demonstration: bool = False) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._ahead = folder / "ahead"
        self._ahead.write_text("0", encoding="ascii")
        self.environment = {
            **os.environ,
            "EVALCOMM_INSTANCE": str(folder / "instance"),
            "DATABASE_URL": database_url,
            "EVALCOMM_DEMO": "1" if demonstration else "0",
            "EVALCOMM_INSECURE_COOKIES": "1",
            "EVALCOMM_PUBLIC_URL": self.url,
            "EVALCOMM_JOURNEY_CLOCK": str(self._ahead),
        }

    def run(self, *command: str) -> str:
        """What a command of evalcomm printed; one that fails fails the test."""
        done = subprocess.run(
            [sys.executable, str(HERE / "server.py"), *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def set_clock(self, instant: datetime) -> None:
        written = self._ahead.with_suffix(".new")
        written.write_text(str((instant - datetime.now(UTC)).total_seconds()), encoding="ascii")
        written.replace(self._ahead)

    def running(self, *parts: str) -> AbstractContextManager["Site"]:
        """While the block lasts; `parts` leaves out the worker when it is "web" alone."""
        return self._answering([sys.executable, str(HERE / "server.py"), "serve", str(self.port), *parts])

    def served(self) -> AbstractContextManager["Site"]:
        """While the block lasts, by the product's own command with its own settings and the machine's clock."""
        return self._answering([sys.executable, "-m", "evalcomm", "serve", "--port", str(self.port)])

    @contextmanager
    def _answering(self, command: list[str]) -> Iterator["Site"]:
        log = self._folder / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                command,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                self._wait_until_it_answers(server, log)
                yield self
            finally:
                server.terminate()
                server.wait(40)

    def _wait_until_it_answers(self, server: subprocess.Popen[bytes], log: Path) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and server.poll() is None:
            try:
                with urllib.request.urlopen(self.url, timeout=10):
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"the site does not answer: {log.read_text(errors='replace')[-3000:]}")
