# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant counted of an order, as it tells Odoo at its end."""

from datetime import datetime, timedelta

from . import recipe
from .cloudevent import PIECE, envelope, event_id, quantity
from .reconcile import TIME, totals

NAME = "snapshot.reported"
UNITS = {recipe.OIL: "LTR", recipe.PASTE: "KGM"}  # the others are counted


def snapshot(job, events, source, seed):
    """The snapshot of an order after its last event."""
    found = totals(events, job.segment(job.order.closing), _blank(job.order))
    as_of = max(datetime.strptime(event["time"], TIME) for event in events)
    as_of += timedelta(seconds=1)
    data = {
        "jobOrderId": job.job_order_id,
        "asOf": as_of.strftime(TIME),
        "produced": quantity(found.produced),
        "scrapped": quantity(found.scrapped),
        "consumed": [
            {
                "materialDefinitionId": code,
                "quantity": quantity(amount, UNITS.get(code, PIECE)),
            }
            for code, amount in sorted(found.consumed.items())
        ],
        "byProducts": [],  # this plant has none, and scraps no components
        "scrappedMaterials": [],
        "state": "Completed" if job.order.ends else "Running",
    }
    if len(events) <= 1000:  # more are counted by their numbers
        data["events"] = [{"eventId": e["id"], "type": e["type"]} for e in events]
    numbers = [int(event["sequence"]) for event in events if "sequence" in event]
    data["lastSequence"] = max(numbers, default=0)
    identity = event_id(seed, job.order.case, "snapshot", data["lastSequence"])
    return envelope(source, job.job_order_id, NAME, identity, as_of, data)


def _blank(order):
    return recipe.Recipe(order.part).blank
