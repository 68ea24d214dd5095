"""Files are whole or not there, and what a killed writer leaves is swept away."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from evalcomm.foundation.store import Store, TooBig

NOW = datetime(2026, 11, 22, 6, 20, tzinfo=UTC)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def broken() -> Iterator[bytes]:
    yield b"the first half"
    raise OSError("the line is dead")


def test_the_same_content_is_one_file_under_its_hash(tmp_path: Path) -> None:
    store = Store(tmp_path)

    first, second = store.put(b"content"), store.put(b"content")

    assert first == second
    assert files(tmp_path) == [store.path(first)]
    assert store.read(first) == b"content"


def test_what_breaks_off_or_is_too_big_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)

    with pytest.raises(OSError, match="dead"):
        store.put_stream(broken())
    with pytest.raises(TooBig):
        store.put_stream([b"x" * 11], limit=10)

    assert files(tmp_path) == []


def test_a_half_written_file_is_swept_after_a_day_and_a_young_or_finished_one_is_not(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = store.put(b"content")
    old, young = tmp_path / "incoming" / "old", tmp_path / "incoming" / "young"
    for path, age in ((old, timedelta(days=2)), (young, timedelta(hours=2)), (store.path(kept), timedelta(days=900))):
        path.parent.mkdir(exist_ok=True)
        path.touch()
        written = (NOW - age).timestamp()
        os.utime(path, (written, written))

    assert store.sweep(older_than=NOW - timedelta(days=1)) == 1

    assert not old.exists()
    assert young.exists()
    assert store.has(kept)
    assert Store(tmp_path / "nothing yet").sweep(older_than=NOW) == 0
