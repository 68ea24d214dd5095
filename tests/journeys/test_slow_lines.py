"""On the last day everybody uploads at once, over whatever line there is; who only reads is still served."""

import socket
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from tests.journeys.site import Site

SLOW = 40
"""Fewer than one process has threads: nothing deals connections out evenly."""
HEAD = (
    "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    'Content-Length: 9000000\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="사업계획서.pdf"\r\n\r\n'
)


def test_forty_uploads_that_never_end_keep_nobody_from_reading(app: Flask, database_url: str, tmp_path: Path) -> None:
    site = Site(tmp_path, database_url)

    with site.served(), ExitStack() as lines:
        for _ in range(SLOW):
            line = lines.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            line.sendall(HEAD.format(port=site.port).encode() + b"%PDF-1.7")

        for _ in range(5):
            with urllib.request.urlopen(site.url, timeout=20) as answer:
                assert answer.status == 200
