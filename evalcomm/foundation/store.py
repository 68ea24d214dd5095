"""Files under their SHA-256: written whole or not at all, never changed, the same content once."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO


class Store:
    """`folder`/ab/abcd…: a file is visible only when every byte of it is on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        return self.put_stream([content])[0]

    def put_stream(self, chunks: Iterable[bytes], *, limit: int | None = None) -> tuple[str, int]:
        """Returns (SHA-256, size). Raises `TooBig` past `limit` bytes and leaves nothing behind."""
        incoming = self._folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        draft = incoming / secrets.token_hex(16)
        digest, size = hashlib.sha256(), 0
        try:
            with draft.open("xb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise TooBig(limit)
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(target)
            _sync_folder(target.parent)
        finally:
            draft.unlink(missing_ok=True)
        return digest.hexdigest(), size

    def sweep(self, *, older_than: datetime) -> int:
        """Remove what a writer that was killed left half written. Returns how many."""
        swept = 0
        for draft in (self._folder / "incoming").glob("*"):
            try:
                if draft.stat().st_mtime < older_than.timestamp():
                    draft.unlink()
                    swept += 1
            except FileNotFoundError:
                continue  # it was finished or swept meanwhile
        return swept

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self._folder / sha256[:2] / sha256

    def open(self, sha256: str) -> IO[bytes]:
        return self.path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()


class TooBig(Exception):
    def __init__(self, limit: int) -> None:
        super().__init__(f"more than {limit} bytes")
        self.limit = limit


def _sync_folder(folder: Path) -> None:
    """The name must survive a crash as well as the bytes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
