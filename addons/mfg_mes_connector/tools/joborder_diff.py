# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What differs between two plans of a job order, and what kind of change that is.

Plain Python: a plan is what `mfg.joborder` makes of an order, the same for every plant.
Its members are named as in the published data; members of lists are addressed by their
own id and not by their place, which moves when another one goes.
"""

from odoo.addons.mfg_integration_base.engine.failure import pointer

ASPECTS = ("quantity", "dates", "components", "operations", "priority")
HEADER = ("quantity", "priority", "startTime", "endTime", "plant")
LISTS = {
    "materialRequirements": "materialRequirementId",
    "segments": "operationsSegmentId",
}
TIMES = ("startTime", "endTime")
# members that Odoo sets anew with the quantity, by their aspect
FOLLOW = {
    "components": ("quantity", "operationsSegmentId"),
    "operations": ("duration",),
    "dates": (),
}


def differences(before, after):
    """The changes that lead from one plan to another: dicts of what, from, to.

    ``from`` is missing where something came, ``to`` where it went.
    """
    found = []
    for name in HEADER:
        found += _compared((name,), before.get(name), after.get(name))
    for name, key in LISTS.items():
        old, new = (
            {node[key]: node for node in plan[name]} for plan in (before, after)
        )
        for id_ in {**old, **new}:
            found += _compared_nodes((name, id_), key, old.get(id_), new.get(id_))
    return found


def alike(plan, other):
    """Whether two plans ask a plant for the same, however their lines are numbered."""
    return _unnumbered(plan) == _unnumbered(other)


def aspects(changes):
    """Aspect -> its changes, what merely follows from another one counted with it.

    A new quantity scales components and durations, and moves the end; so a plant that
    leaves the quantity free is not asked about components.
    """
    kinds = {_aspect(change["what"]) for change in changes}
    began = any(change["what"] == "/startTime" for change in changes)
    found = {}
    for change in changes:
        kind = _aspect(change["what"])
        found.setdefault(_cause(change["what"], kind, kinds, began), []).append(change)
    return found


def is_moved(changes):
    """Whether the order is made in another warehouse from now on."""
    return any(change["what"] == "/plant" for change in changes)


def plain(node):
    """A node without what is there for people or for Odoo only."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, dict):
        shown = {n: v for n, v in node.items() if n != "text" and not n.startswith("_")}
        return {name: plain(value) for name, value in shown.items()}
    return node


def _compared_nodes(parts, key, old, new):
    if not (old and new):
        return _compared(parts, old, new)
    names = [n for n in {**old, **new} if n != key and not n.startswith("_")]
    return [
        change
        for name in names
        for change in _compared((*parts, name), old.get(name), new.get(name))
    ]


def _compared(parts, old, new):
    if plain(old) == plain(new):
        return []
    change = {"what": pointer(*parts), "from": old, "to": new}
    return [{name: value for name, value in change.items() if value is not None}]


def _unnumbered(plan):
    plan = plain(plan)
    lines = [
        {n: v for n, v in line.items() if n != "materialRequirementId"}
        for line in plan["materialRequirements"]
    ]
    header = {name: plan.get(name) for name in HEADER}
    return header, sorted(lines, key=repr), sorted(plan["segments"], key=repr)


def _aspect(what):
    _empty, name, *rest = what.split("/")
    if name in TIMES or (rest and rest[-1] in TIMES):
        return "dates"
    if name == "materialRequirements":
        return "components"
    return "operations" if name in ("segments", "plant") else name


def _cause(what, kind, kinds, began):
    """The aspect whose change brought this one about, else its own."""
    member = what.rsplit("/", 1)[-1]
    if "quantity" in kinds and what.count("/") == 3 and member in FOLLOW[kind]:
        return "quantity"
    if kind == "dates" and not began:
        causes = ("quantity", "operations", "components")
        return next((cause for cause in causes if cause in kinds), kind)
    return kind
