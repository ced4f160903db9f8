# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Well-formed events that Odoo has to park, with the code it should give.

They happen on throw-away orders ("Mischief 1" …), each message with a key of its own,
so that no real order waits for it.
"""

from decimal import Decimal

from . import recipe, trial
from .cloudevent import PIECE, quantity, stamp
from .mischief import Sending
from .trial import EARLIER, NOON, SMALL, report, response, use

UNMAPPED, UNMAPPED_NAME = "M99", "Machine 99"
TOO_MUCH, HEALS, DONE, VALUES, REFUSED = (f"Mischief {n}" for n in range(1, 6))
PLANS = [trial.plan(o) for o in (TOO_MUCH, HEALS, DONE, VALUES, REFUSED)]


def pranks(source, job_ids, seed=0):
    """All of them; ``job_ids`` are those of the throw-away orders by origin."""
    maker = _Maker(source, job_ids, seed)
    return [
        *maker.unknown_order(),
        *maker.too_much(),
        *maker.unmapped_machine(),
        *maker.after_the_end(),
        *maker.values(),
        *maker.machines(),
        *maker.again(),
    ]


class _Maker:
    def __init__(self, source, job_ids, seed):
        self.source, self.job_ids, self.seed = source, job_ids, seed

    def unknown_order(self):
        data = report("NO-SUCH-ORDER", SMALL)
        yield self._make("unknown order", "production.reported", data, "unknown-order")

    def too_much(self):
        data = report(self.job_ids[TOO_MUCH], Decimal(100))
        yield self._make("too much", "production.reported", data, "over-tolerance")

    def unmapped_machine(self):
        """The first is parked for a mapping, the others wait behind it."""
        job = self.job_ids[HEALS]
        worked = response(job, EARLIER) | {"equipmentId": UNMAPPED}
        rest = worked | {"time": stamp(NOON)}
        yield self._line(1, "jobresponse.started", worked, "unknown-equipment")
        yield self._line(2, "jobresponse.paused", rest, "waiting")
        yield self._line(3, "production.reported", report(job, SMALL), "waiting")

    def _line(self, number, name, data, expect):
        event = trial.event(self.source, self.seed, f"heals {number}", name, data)
        return Sending({**event, "sequence": str(number)}, "prank", expect)

    def after_the_end(self):
        job = self.job_ids[DONE]
        last = report(job, SMALL) | {"final": True}
        name = "production.reported"
        yield self._make("the end", name, last, "posted", DONE)
        late = report(job, SMALL)
        yield self._make("after the end", name, late, "order-not-open", DONE)

    def values(self):
        """One wrong value each, all on one order."""
        job = self.job_ids[VALUES]
        good, started = report(job, SMALL), response(job, NOON)
        odd_unit = {"quantity": quantity(SMALL, "XYZ")}
        other_kind = {"quantity": quantity(SMALL, "KGM")}
        nothing = {"quantity": {"value": "0", "unitCode": PIECE}}
        cases = [
            ("unknown-unit", "production.reported", good | odd_unit),
            ("unit-mismatch", "production.reported", good | other_kind),
            ("quantity-invalid", "production.reported", good | nothing),
            ("unknown-person", "jobresponse.started", started | {"personId": "ID0"}),
            (
                "unknown-segment",
                "jobresponse.started",
                started | {"operationsSegmentId": "Painting"},
            ),
            ("unknown-material", "material.consumed", use(job, "NO-SUCH")),
            ("unknown-lot", "material.consumed", use(job, recipe.PASTE, "NONE")),
            ("lot-required", "material.consumed", use(job, recipe.PASTE)),
            (
                "shortage",
                "material.consumed",
                use(job, recipe.PASTE, recipe.PASTE_LOTS[0], "99000000"),
            ),
        ]
        for code, name, data in cases:
            yield self._make(code, name, data, code)
        yield from self._backwards(started)

    def _backwards(self, started):
        before = started | {"time": stamp(EARLIER)}
        key = "backwards"
        yield self._make("start", "jobresponse.started", started, "posted", key)
        yield self._make("backwards", "jobresponse.paused", before, "time-invalid", key)

    def machines(self):
        """A reason nobody mapped; an original nobody sent."""
        data = {"equipmentId": trial.MACHINE, "startTime": stamp(NOON)}
        data |= {"endTime": stamp(NOON), "reasonCode": "NO-SUCH-REASON"}
        yield self._make("no reason", "equipment.downtime", data, "unknown-reason")
        data = {"eventId": "never-sent", "reason": "Nobody knows it"}
        yield self._make("no original", "event.reversed", data, "original-missing")

    def again(self):
        """The same fact under another id: a line of labour, a window of a machine."""
        card = response(self.job_ids[VALUES], NOON)
        del card["time"]
        card |= {"startTime": stamp(EARLIER), "endTime": stamp(NOON)}
        hour = trial.effectiveness() | trial.window(EARLIER)
        yield from self._twice("card", "labor.reported", card, "time-overlap")
        yield from self._twice("hour", "equipment.oee", hour, "window-overlap")

    def _twice(self, what, name, data, code):
        yield self._make(what, name, data, "posted", what)
        yield self._make(f"{what} again", name, data, code, what)

    def _make(self, what, name, data, expect, key=None):
        event = trial.event(self.source, self.seed, what, name, data)
        event["partitionkey"] = f"mischief {key or what}"
        return Sending(event, "prank", expect)
