"""The rubrics and plans that come with evalcomm."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evalcomm import resources
from evalcomm.engine.plan import Plan
from evalcomm.foundation.errors import NotFound
from evalcomm.rubrics import checking


@dataclass(frozen=True, slots=True)
class ShippedPlan:
    """`name` is the file's, without its ending: `services.store_plan_file` takes it."""

    name: str
    plan: Plan
    seal: str


@cache
def plans() -> tuple[ShippedPlan, ...]:
    """By name, the standard one first. Read once per process."""
    folder = resources.data_folder("rubrics") / "plans"
    found = [_read(path.stem) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(found, key=lambda shipped: (shipped.name != "kr-subsidy", shipped.name)))


def bare_name(name: str) -> str:
    """The name of a shipped file; whoever types one must not reach another folder. Raises NotFound."""
    if not name or Path(name).name != name or name.startswith("."):
        raise NotFound("plan_file_unknown", name=name)
    return name


def rubric_text(name: str) -> str | None:
    path = resources.rubric_file(bare_name(name))
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _read(name: str) -> ShippedPlan:
    text = resources.plan_file(name).read_text(encoding="utf-8")
    rubric_name = Path(checking.rubric_path_of(text, name=f"{name}.toml") or "").stem
    rubric = checking.rubric_of(rubric_text(rubric_name) or "", name=f"{rubric_name}.toml")
    plan = checking.plan_of(text, rubric, name=f"{name}.toml")
    return ShippedPlan(name, plan, plan.seal())
