"""Attachments: what may come in, told by name and by content, and where the bytes lie."""

from pathlib import PurePath

from flask import current_app

from evalcomm.config import Settings
from evalcomm.foundation.errors import Invalid, TooLarge
from evalcomm.foundation.store import Store

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".hwp": ("application/x-hwp", (OLE, b"HWP Document File")),
    ".hwpx": ("application/hwp+zip", (ZIP,)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (ZIP,)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (ZIP,)),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (ZIP,)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
}
"""Extension → media type and how the content begins."""
MAX_FILES = 20
ACCEPT = ",".join(KINDS)


def clean_name(filename: str) -> str:
    """The file's own name, without folders and without characters that a terminal or a header would act on."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(letter for letter in name if letter.isprintable()).strip() or "file"


def media_type(filename: str, beginning: bytes) -> str:
    """Raises Invalid where the name or the content is of no kind that is taken in."""
    name = clean_name(filename)
    if len(name) > 200:
        raise Invalid("attachment_name_long", name=name[:60] + "…")
    if not beginning:
        raise Invalid("attachment_empty", name=name)
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise Invalid("attachment_kind_unknown", name=name)
    if not beginning.startswith(kind[1]):
        raise Invalid("attachment_not_what_it_says", name=name)
    return kind[0]


def too_large(filename: str, limit: int) -> TooLarge:
    return TooLarge("attachment_too_large", limit=limit // (1024 * 1024), name=clean_name(filename))


def store() -> Store:
    settings: Settings = current_app.extensions["settings"]
    return Store(settings.instance / "files")
