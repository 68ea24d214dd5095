"""People who work on while the server dies under them: each does an act again until the server has answered it, and remembers what was answered.

Nothing is known about an act that got no answer: it may be done or not. Whoever does it again must find it done once.
"""

import json
import random
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

VERSIONS = 2
"""That an applicant hands in at the least; whoever is done before the last blow hands in another."""
NARRATIVE = ("summary", "background", "goals", "plan", "system", "effects")
PATIENCE = 240
"""How often somebody tries an act again, four times a second, before the site counts as gone."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass
class Answer:
    status: int
    text: str
    location: str

    def token(self, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]* (?:value|content)="([^"]*)"', self.text)
        assert found, f"{name} is not on the page: {self.text[:2000]}"
        return found.group(1)


class Person:
    def __init__(self, site: str, email: str, password: str, seed: int) -> None:
        self._site, self._email, self._password = site, email, password
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()), _Stay)
        self._csrf = ""
        self.answers = 0
        self._random = random.Random(seed)

    def sign_in(self) -> None:
        page = self.get("/sign-in")
        self._csrf = page.token("csrf-token")
        self.post("/sign-in", {"email": self._email, "password": self._password}, expect=302)
        self._csrf = self.get("/profile").token("csrf-token")

    def get(self, path: str) -> Answer:
        return self._until_answered(lambda: self._ask(path), 200)

    def post(self, path: str, fields: dict[str, str], *, expect: int) -> Answer:
        data = urlencode({**fields, "csrf_token": self._csrf}).encode()
        return self._until_answered(lambda: self._ask(path, data, "application/x-www-form-urlencoded"), expect)

    def autosave(self, path: str, tag: str, fields: dict[str, str]) -> str:
        """The new tag."""
        data = json.dumps({"tag": tag, "fields": fields}).encode()
        answer = self._until_answered(lambda: self._ask(path, data, "application/json"), 200)
        return str(json.loads(answer.text)["tag"])

    def attach(self, path: str, filename: str, content: bytes) -> None:
        edge = uuid.UUID(int=self._random.getrandbits(128)).hex
        parts = {"csrf_token": self._csrf, "kind": "other"}
        body = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts.items()
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{filename}"\r\n\r\n'
        data = body.encode() + head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        self._until_answered(lambda: self._ask(path, data, f"multipart/form-data; boundary={edge}"), 302)

    def pause(self, longest: float = 0.15) -> None:
        threading.Event().wait(self._random.uniform(0, longest))

    def _until_answered(self, act: Callable[[], Answer], expect: int) -> Answer:
        """What the server says is final, so an answer that is not the expected one fails the test; silence is tried again."""
        for _attempt in range(PATIENCE):
            try:
                answer = act()
            except (OSError, HTTPException):
                threading.Event().wait(0.25)
                continue
            self.answers += 1
            assert answer.status == expect, f"{self._email}: {answer.status} {answer.location} {answer.text[:3000]}"
            return answer
        raise AssertionError("the site does not come back")

    def _ask(self, path: str, data: bytes | None = None, media_type: str = "") -> Answer:
        headers = {"Accept": "application/json" if media_type == "application/json" else "text/html"}
        if data is not None:
            headers |= {"Content-Type": media_type, "X-CSRFToken": self._csrf, "Referer": self._site}
        try:
            answer = self._opener.open(Request(self._site + path, data=data, headers=headers), timeout=40)
        except HTTPError as error:  # an answer all the same
            answer = error
        with answer:
            return Answer(answer.status, answer.read().decode(), answer.headers.get("Location", ""))


class Applicant:
    """Starts an application and hands in one version after the other, typing and attaching in between."""

    def __init__(self, person: Person, *, start: str, basics: dict[str, str], budget: dict[str, str]) -> None:
        self.person, self._start, self._sections = person, start, {"basics": basics, "budget": budget}
        self.path = ""
        self.typed = ""
        self.files: list[str] = []
        self.receipts: list[tuple[str, str]] = []
        """Every version that was acknowledged: its number and the hash of its content, as the receipt says."""

    def work(self, is_over: Callable[[], bool]) -> None:
        self.person.sign_in()
        self.path = self.person.post(self._start, {}, expect=302).location
        for section, fields in self._sections.items():
            tag = self.person.get(f"{self.path}/{section}").token("version_tag")
            self.person.post(f"{self.path}/{section}", {**fields, "version_tag": tag}, expect=302)
        while len(self.receipts) < VERSIONS or not is_over():
            self._hand_in(len(self.receipts) + 1)

    def _hand_in(self, version: int) -> None:
        """One version: every word typed is autosaved, then a file, then the submission."""
        tag = self.person.get(f"{self.path}/plan").token("version_tag")
        for word in range(3):
            text = f"{self.typed} 말{version}-{word}".strip()
            tag = self.person.autosave(f"{self.path}/plan/autosave", tag, dict.fromkeys(NARRATIVE, text))
            self.typed = text
            self.person.pause()
        name = f"계획서 {version}.pdf"
        self.person.attach(f"{self.path}/attachments", name, f"%PDF-1.7 {self.path} {version}".encode())
        self.files.append(name)
        self.person.post(f"{self.path}/submit", {}, expect=302)
        page = self.person.get(f"{self.path}/receipt").text
        told = re.search(r"(\d+)차", page), re.findall(r"\b[0-9a-f]{64}\b", page)
        assert told[0]
        self.receipts.append((told[0].group(1), told[1][-1]))


@dataclass
class Sheet:
    """What an evaluator was told about one sheet."""

    path: str
    fields: dict[str, str] = field(default_factory=dict)


class Evaluator:
    """Opens one sheet after the other, picks grades that are autosaved, saves, hands in."""

    def __init__(self, person: Person, *, openings: list[str], fields: dict[str, str]) -> None:
        self.person, self._openings, self._fields = person, openings, fields
        self.sheets: list[Sheet] = []

    def work(self, _is_over: Callable[[], bool]) -> None:
        self.person.sign_in()
        for opening in self._openings:
            self.sheets.append(self._score(self.person.post(opening, {}, expect=302).location))

    def _score(self, path: str) -> Sheet:
        sheet = Sheet(path)
        tag = self.person.get(path).token("version_tag")
        for name, value in self._fields.items():
            tag = self.person.autosave(f"{path}/autosave", tag, {**sheet.fields, name: value})
            sheet.fields[name] = value
            self.person.pause()
        self.person.post(path, {**self._fields, "version_tag": tag}, expect=302)
        tag = self.person.get(f"{path}/confirm").token("version_tag")
        self.person.post(f"{path}/submit", {"version_tag": tag}, expect=302)
        return sheet
