# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Throw-away orders and their events, for all that must not touch a real order."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from . import recipe
from .cloudevent import PIECE, envelope, event_id, quantity, stamp

PART = "Dummy"
MACHINE = "M98"
MACHINES = {MACHINE: "Machine 98 - Trial"}
OPERATION = "Trial run"
NOON = datetime(2012, 3, 1, 12, tzinfo=timezone.utc)
EARLIER = datetime(2012, 3, 1, 11, tzinfo=timezone.utc)
SMALL = Decimal(1)


def plan(origin, part=PART, operations=(OPERATION,), **more):
    """Ten pieces on the trial machine."""
    route = tuple((name, MACHINE, 1.0) for name in operations)
    return recipe.Plan(
        origin, part, Decimal(10), route, recipe.PASTE, Decimal(1), **more
    )


def event(source, seed, what, name, data, time=NOON):
    """An event about what its data is about: an order, or else a machine."""
    subject = data.get("jobOrderId") or data.get("equipmentId")
    identity = event_id(seed, "mischief", what)
    return envelope(source, subject or "trial", name, identity, time, data)


def report(job_order_id, pieces):
    return {
        "jobOrderId": job_order_id,
        "quantity": quantity(pieces),
        "backflush": "auto",
        "final": False,
        "time": stamp(NOON),
    }


def response(job_order_id, time):
    return {
        "jobOrderId": job_order_id,
        "operationsSegmentId": OPERATION,
        "equipmentId": MACHINE,
        "time": stamp(time),
    }


def use(job_order_id, code, lot=None, amount="10", unit="GRM"):
    """Material consumed, or returned."""
    size = {"value": amount, "unitCode": unit}
    material = {"materialDefinitionId": code, "quantity": size}
    if lot:
        material["lots"] = [{"materialLotId": lot, "quantity": size}]
    return {"jobOrderId": job_order_id, "materials": [material]}


def window(start=NOON, length=timedelta(hours=1)):
    """A span of time of the trial machine."""
    begin, end = stamp(start), stamp(start + length)
    return {"equipmentId": MACHINE, "windowStart": begin, "windowEnd": end}


def readings(length=timedelta(hours=1)):
    """What was measured at the trial machine, summed up."""
    values = {"min": "61.5", "max": "64.0", "mean": "62.8", "count": 300}
    return window(length=length) | {
        "readings": [{"name": "Temperature", "unitCode": "CEL", **values}]
    }


def empty_store():
    """Before the first trial order there was nothing of its product in the store."""
    nothing = quantity(Decimal(0))
    return {
        "materialDefinitionId": recipe.Recipe(PART).product,
        "quantity": nothing,
        "asOf": stamp(EARLIER),
    }


def effectiveness():
    """Times and quantities of an hour of the trial machine (ISO 22400-2)."""
    minutes = {
        "plannedBusyTime": "60",
        "actualProductionTime": "40",
        "actualUnitSetupTime": "15",
        "plannedRunTimePerItem": "1",
    }
    pieces = {"producedQuantity": "36", "goodQuantity": "35", "scrapQuantity": "1"}
    return {
        **window(),
        **{name: {"value": text, "unitCode": "MIN"} for name, text in minutes.items()},
        **{name: {"value": text, "unitCode": PIECE} for name, text in pieces.items()},
    }
