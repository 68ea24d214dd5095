"""From the shortage of an impossible request to sentences about its applications and evaluators."""

from __future__ import annotations

import numpy as np

from evalcomm.engine.assign.instance import Instance
from evalcomm.engine.assign.layout import Layout
from evalcomm.engine.assign.request import Request
from evalcomm.engine.assign.result import Excluded, Impossible, Lack
from evalcomm.engine.assign.sentences import Statement, say
from evalcomm.engine.assign.shortage import best_coverage, bottleneck, idleness


def impossible(request: Request, layout: Layout, even: int) -> Impossible:
    wanted = request.per_application
    assert wanted is not None
    instance, rows = layout.instance(layout.greatest_loads(even)), layout.free_rows
    applications = [layout.applications[i] for i in rows.tolist()]
    beside = layout.fixed[rows].sum(axis=1).tolist()
    reasons = []
    found = {}
    for i in np.flatnonzero(instance.choices < instance.seats).tolist():
        found[i] = permitted = int(instance.choices[i]) + beside[i]
        code = "too-few-permitted" if instance.permitted[i].sum() == instance.choices[i] else "too-few-organisations"
        reasons.append(say(code, application=applications[i], permitted=permitted, wanted=wanted))
    open_ = np.flatnonzero(instance.choices)
    if len(open_):
        fillable = instance.of_rows(open_, np.minimum(instance.seats, instance.choices)[open_])
        coverage = best_coverage(fillable)
        for k in np.flatnonzero(coverage.lacks).tolist():
            i = int(open_[k])
            found[i] = found.get(i, wanted) - int(coverage.lacks[k])
        if coverage.lacks.any():
            narrow = bottleneck(fillable, coverage)
            reasons.append(
                say(
                    "crowded",
                    applications=tuple(applications[open_[k]] for k in narrow.applications.tolist()),
                    evaluators=tuple(layout.evaluators[j] for j in narrow.evaluators.tolist()),
                    needed=narrow.needed,
                    offered=narrow.offered,
                    lacks=narrow.needed - narrow.offered,
                )
            )
    lacking, idle_reasons = _idle(request, layout, instance)
    return Impossible(
        request.objective,
        tuple(Lack(applications[i], wanted, found[i]) for i in sorted(found)),
        lacking,
        (*reasons, *idle_reasons),
        Excluded(layout.declared, layout.own),
    )


def _idle(request: Request, layout: Layout, instance: Instance) -> tuple[tuple[Lack, ...], list[Statement]]:
    """Evaluators who cannot reach their minimum loads, and why."""
    idle = idleness(instance)
    if idle is None:
        return (), []
    least = {e.id: e.min_load for e in request.evaluators}
    held = layout.fixed.sum(axis=0).tolist()
    placed = (instance.low - idle.lacks).tolist()
    lacking = [
        Lack(layout.evaluators[j], least[layout.evaluators[j]], held[j] + placed[j])
        for j in np.flatnonzero(idle.lacks).tolist()
    ]
    names = tuple(layout.evaluators[j] for j in idle.evaluators.tolist())
    wanted = sum(max(least[layout.evaluators[j]] - held[j], 0) for j in idle.evaluators.tolist())
    lacks = wanted - idle.offered
    return tuple(lacking), [say("minimum-loads", evaluators=names, wanted=wanted, offered=idle.offered, lacks=lacks)]
