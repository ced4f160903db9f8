# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant tells of its own master data: each kind once, on throw-away records.

The plant is the owner of its machines, reasons, other codes and lots; of everything
else it may propose, and a planner decides.
"""

from . import pranks, recipe, trial
from .cloudevent import PIECE
from .mischief import Sending

OWNED = ("equipment", "reason", "alias", "lot")
PROPOSED = ("material", "location", "unit", "bom", "routing")
MACHINE = "M97"


def records(source, seed=0):
    """One message of each kind, in an order in which each names what is known."""
    return [
        _said(source, seed, name, id_, members, **more)
        for name, id_, members, more in (
            ("equipment", MACHINE, {"name": "Machine 97 - Spare"}, {}),
            ("reason", "TOOLS", _tools(), {"use": "downtime"}),
            ("alias", "TRIAL", {"standsFor": trial.MACHINE}, {"kind": "equipment"}),
            ("lot", recipe.PASTE_LOTS[0], _lot(), {}),
            ("material", "GASKET-8", {"name": "Gasket", "unitCode": PIECE}, {}),
            ("location", "LINE-3-IN", {"name": "Line 3, inbound"}, {}),
            ("unit", "BOX12", {"referenceUnitCode": PIECE, "factor": "12"}, {}),
            ("bom", trial.PART, _bill(), {}),
            ("routing", "R1", _route(), {}),
        )
    ]


def _said(source, seed, name, id_, members, **more):
    data = {**more, "id": id_, "version": 1, "fields": members}
    event = trial.event(source, seed, f"{name} {id_}", f"master.{name}", data)
    event["subject"] = f"{name}:{id_}"
    return Sending(event, "prank", "posted")


def _tools():
    block = {"first": 185000, "last": 185999}
    return {"name": "Tool change", "category": "availability", "block": block}


def _lot():
    return {"materialDefinitionId": recipe.PASTE, "reference": "SUP-4711"}


def _bill():
    made = recipe.Recipe(trial.PART)
    line = {"lineId": "1", "materialDefinitionId": made.blank}
    return {
        "materialDefinitionIds": [made.product],
        "materials": [line | {"quantity": {"value": "1", "unitCode": PIECE}}],
    }


def _route():
    operation = {
        "operationId": "1",
        "name": trial.OPERATION,
        "equipmentId": MACHINE,
        "duration": {"value": "6", "unitCode": "MIN"},
        "sequence": 1,
    }
    return {"reference": pranks.VALUES, "operations": [operation]}
