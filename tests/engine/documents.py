"""Rubrics and plans as texts, small enough to be read in a test."""

from __future__ import annotations

from evalcomm.engine.places import parse_toml
from evalcomm.engine.plan import Plan
from evalcomm.engine.plan_reading import read_plan
from evalcomm.engine.rubric import Rubric
from evalcomm.engine.rubric_reading import read_rubric

RUBRIC = """
id = "small"
version = 1
title = "작은 평가표"
total = "50"

[grades]
"상" = "1.0"
"중" = "0.6"
"하" = "0.2"

[descriptors]
"상" = "그대로 시행할 수 있다."
"중" = "보완하면 시행할 수 있다."
"하" = "시행할 수 없다."

[[criterion]]
id = "plan"
title = "계획"
points = "30"
min_ratio = "0.4"
  [[criterion.item]]
  id = "goal"
  title = "목표"
  points = "20"
  [[criterion.item]]
  id = "site"
  title = "부지"
  points = "10"
  input = "fixed"
  min_points = "2"

[[criterion]]
id = "effect"
title = "효과"
points = "20"
  [[criterion.item]]
  id = "jobs"
  title = "고용"
  points = "10"
  [[criterion.item]]
  id = "ready"
  title = "협약 체결"
  points = "10"
  input = "yes-no"

[[bonus]]
id = "reuse"
points = "2"

[[penalty]]
id = "late"
points = "-3"
"""

PLAN = """
id = "small"
version = 1

[aggregate]
method = "trimmed-mean"
"""


def rubric_of(text: str = RUBRIC) -> Rubric:
    section = parse_toml(text)
    rubric = read_rubric(section)
    assert section.problems == []
    return rubric


def plan_of(text: str = PLAN, rubric: Rubric | None = None) -> Plan:
    section = parse_toml(text)
    plan = read_plan(section, rubric)
    assert section.problems == []
    return plan


def rubric_problems(text: str) -> dict[str, str]:
    """By key, the problem's message."""
    section = parse_toml(text)
    read_rubric(section)
    return {problem.key: problem.message for problem in section.problems}


def plan_problems(text: str, rubric: Rubric | None = None) -> dict[str, str]:
    section = parse_toml(text)
    read_plan(section, rubric)
    return {problem.key: problem.message for problem in section.problems}
