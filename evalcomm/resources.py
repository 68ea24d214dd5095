"""The one place that finds the data shipped with evalcomm: templates/, rubrics/ and programs/.

In a checkout they lie beside the package; in an installed wheel at `evalcomm/_data/`, because top-level folders of these names would
collide in site-packages.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder `name` ("templates", "rubrics" or "programs"); FileNotFoundError where the installation lacks it."""
    for folder in (PACKAGE / "_data" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"this installation of evalcomm has no folder '{name}'")


def rubric_file(name: str) -> Path:
    """A shipped rubric by its id: `rubric_file("hub")`."""
    return data_folder("rubrics") / f"{name}.toml"


def plan_file(name: str) -> Path:
    """A shipped plan by its id: `plan_file("kr-subsidy")`."""
    return data_folder("rubrics") / "plans" / f"{name}.toml"


def templates() -> Path:
    """The folder of Jinja templates."""
    return data_folder("templates")


def program_file(name: str) -> Path:
    """A shipped programme by its code: `program_file("innovation-city-2021")`."""
    return data_folder("programs") / f"{name}.yaml"
