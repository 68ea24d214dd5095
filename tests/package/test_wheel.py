"""The wheel, installed elsewhere and run from elsewhere: it carries everything that the checkout has, and finds it."""

import io
import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.documents import examples

pytestmark = pytest.mark.xdist_group("package")

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = ("templates", "rubrics", "programs")
FIXED = "application,item,points\nA,site,15\nA,commitment,15\nB,site,15\nB,commitment,15\n"
ASK = """
import json, sys
from evalcomm import __file__ as where
from evalcomm.app import create_app
from evalcomm.documents import rendering
kind, model = json.load(sys.stdin)
app = create_app()
client = app.test_client()
client.set_cookie("locale", "en")
pages = {address: client.get(address).get_data(as_text=True) for address in ("/", "/static/app.css", "/sign-in")}
sys.stdout.buffer.write(json.dumps({"where": where, "pages": pages}).encode() + b"\\n" + rendering.print_paper(kind, model))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(CHECKOUT)]
    subprocess.run([*pip, *build], check=True, cwd=folder)
    (built,) = folder.glob("evalcomm-*.whl")
    return built


class Installed:
    """An environment of its own that holds the wheel and borrows the dependencies of this one, but not this one's evalcomm."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        environment = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
        (packages,) = environment.glob("lib/python3*/site-packages")
        # a path in a .pth file is searched, but the .pth files in it are not read: the editable install stays out
        (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        self.python, self._evalcomm = environment / "bin" / "python", environment / "bin" / "evalcomm"
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", "--no-deps", "--no-index", "--ignore-installed", str(wheel)], check=True)
        self.folder = folder / "elsewhere"
        self.folder.mkdir()
        self._environ = {
            name: value for name, value in os.environ.items() if not name.startswith(("EVALCOMM", "PYTHON", "DATABASE"))
        }

    def evalcomm(self, *arguments: str, **settings: str) -> str:
        return self.run(str(self._evalcomm), *arguments, **settings).decode()

    def run(self, *command: str, given: bytes = b"", **settings: str) -> bytes:
        environ = {**self._environ, **settings}
        done = subprocess.run(command, cwd=self.folder, env=environ, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode(errors="replace") + done.stderr.decode()
        return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(wheel, tmp_path_factory.mktemp("installed"))


def tracked(folder: str) -> set[str]:
    """What lies under a folder of the checkout, without what Python leaves behind."""
    return {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_carries_every_file_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    carried = {name for name in names if ".dist-info/" not in name}
    assert carried == tracked("evalcomm") | {f"evalcomm/_data/{name}" for folder in DATA for name in tracked(folder)}
    assert "evalcomm/translations/en/LC_MESSAGES/messages.mo" in carried
    assert any(name.startswith("evalcomm/migrations/versions/") for name in carried)
    assert "evalcomm/web/static/app.css" in carried
    assert {name.rsplit("/", 1)[1] for name in names - carried} >= {"LICENSE", "NOTICE", "entry_points.txt"}


def scores() -> str:
    """Five evaluators find A excellent and B good."""
    rubric = tomllib.loads((CHECKOUT / "rubrics" / "hub.toml").read_text(encoding="utf-8"))
    items = [item["id"] for criterion in rubric["criterion"] for item in criterion["item"] if "input" not in item]
    lines = [
        f"{application},{evaluator},{item},{grade}"
        for application, grade in (("A", "매우우수"), ("B", "우수"))
        for evaluator in range(1, 6)
        for item in items
    ]
    return "\n".join(["application,evaluator,item,score", *lines])


def test_it_ranks_without_a_server(installed: Installed) -> None:
    (installed.folder / "scores.csv").write_text(scores(), encoding="utf-8")
    (installed.folder / "fixed.csv").write_text(FIXED, encoding="utf-8")
    (installed.folder / "applications.csv").write_text(
        "application,requested\nA,2000000\nB,1000000\n", encoding="utf-8"
    )
    under_a_shipped_plan = ("--plan", "kr-subsidy", "--fixed", "fixed.csv", "--applications", "applications.csv")

    ranked = json.loads(installed.evalcomm("rank", "scores.csv", *under_a_shipped_plan, "--format", "json"))

    assert [line["application"] for line in ranked["applications"]] == ["A", "B"]


def test_it_makes_a_database_shows_pages_and_prints_a_paper(installed: Installed) -> None:
    """The instance lies where the command is run, never among the packages."""
    installed.evalcomm("db", "upgrade")
    loaded = installed.evalcomm("program", "load", str(CHECKOUT / "programs" / "innovation-city-2021.yaml"))

    assert (installed.folder / "instance" / "evalcomm.sqlite").is_file()
    assert loaded
    model = examples.receipt()
    said, printed = installed.run(
        str(installed.python), "-c", ASK, given=json.dumps(["receipt", model]).encode()
    ).split(b"\n", 1)
    told = json.loads(said)
    assert Path(told["where"]).is_relative_to(installed.python.parent.parent)
    assert "<html" in told["pages"]["/"]
    assert "Sign in" in told["pages"]["/sign-in"]
    assert "{" in told["pages"]["/static/app.css"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    assert "접수증" in text
    assert "가상 자료" in text
    assert model["number"] in text


def test_the_demonstration_is_found_by_its_entry_point(installed: Installed) -> None:
    assert "build" in installed.evalcomm("demo", "--help", EVALCOMM_DEMO="1")
