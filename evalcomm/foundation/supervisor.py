"""Keep a few child processes running, and stop them together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

RESTART_WAIT = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before the next start of a child that keeps dying; back to the first after it ran for a minute."""


class Supervisor:
    """Runs the named commands until SIGTERM or SIGINT; a child that dies is started again."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started: dict[str, float] = {}
        self._deaths: dict[str, int] = dict.fromkeys(commands, 0)
        self._start_at: dict[str, float] = dict.fromkeys(commands, 0.0)
        self._stopping = False

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self._stopping:
            for name in self._commands:
                self._tend(name)
            time.sleep(0.1)
        for child in self._running.values():
            child.terminate()
        deadline = time.monotonic() + 30
        for child in self._running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def _tend(self, name: str) -> None:
        child = self._running.get(name)
        now = time.monotonic()
        if child is not None and child.poll() is None:
            return
        if child is not None:
            lived = now - self._started[name]
            self._deaths[name] = 0 if lived > 60 else self._deaths[name] + 1
            wait = RESTART_WAIT[min(self._deaths[name], len(RESTART_WAIT) - 1)]
            print(f"{name} ended with {child.returncode} and starts again in {wait} s", flush=True)
            self._start_at[name] = now + wait
            del self._running[name]
        if now >= self._start_at[name]:
            self._started[name] = now
            self._running[name] = subprocess.Popen(  # noqa: S603 - our own commands
                list(self._commands[name]),
                env=os.environ.copy(),
                preexec_fn=_end_with_the_supervisor,  # noqa: PLW1509 - the supervisor has one thread
            )

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True


_PR_SET_PDEATHSIG = 1


def _end_with_the_supervisor() -> None:
    """In the child: SIGTERM when the supervisor is gone, however it went. An orphan would hold the port against the next `serve`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
