"""The supervisor starts again what died, and nothing it started outlives it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CHILD = "import os, pathlib, time; pathlib.Path({file!r}).write_text(str(os.getpid())); time.sleep(600)"
PROGRAM = """
import sys
from evalcomm.foundation.supervisor import Supervisor
Supervisor({"one": [sys.executable, "-c", sys.argv[1]]}).run()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pid"


@pytest.fixture
def supervisor(file: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", PROGRAM, CHILD.format(file=str(file))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as started:
        yield started
        started.kill()


def child(file: Path, *, other_than: str = "") -> str:
    until = time.monotonic() + 60
    while not file.exists() or file.read_text() in {"", other_than}:
        assert time.monotonic() < until
        time.sleep(0.02)
    return file.read_text()


def is_alive(pid: str) -> bool:
    """A zombie that nobody has asked for yet is dead."""
    try:
        return Path("/proc", pid, "stat").read_text().rsplit(")", 1)[1].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def wait_for_the_end_of(pid: str) -> None:
    until = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_child_that_is_killed_is_started_again(supervisor: subprocess.Popen[bytes], file: Path) -> None:
    first = child(file)

    subprocess.run(["kill", "-KILL", first], check=True)

    assert is_alive(child(file, other_than=first))


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_no_child_outlives_the_supervisor(supervisor: subprocess.Popen[bytes], file: Path, how: str) -> None:
    """An orphaned web server would hold the port, and the next `serve` could never start."""
    pid = child(file)

    getattr(supervisor, how)()

    wait_for_the_end_of(pid)
