# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Turns orders of the log into the events an MES would have sent, in their order.

Each row opens an interval of labour and closes it; the rows of a segment may overlap.
The last quantity of the closing segment is held back to the end of the order, because
it is the one that closes the order.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime

from . import recipe

SPACE = uuid.UUID("6f0f3f1e-6c0e-4d55-9a3c-0d7f3c7c2b11")
REASON = "REJECT"
BATCH = (50, 100)


@dataclass(frozen=True)
class Job:
    """An order of the log together with what Odoo released for it."""

    order: object
    job_order_id: str
    segments: dict  # activity -> operationsSegmentId

    @classmethod
    def of_release(cls, order, data):
        """Join an order with the data of its ``mfg.joborder.released.v1``."""
        segments = {
            part.get("name") or part["operationsSegmentId"]: part["operationsSegmentId"]
            for part in data.get("segments", [])
        }
        return cls(order, data["jobOrderId"], segments)

    def segment(self, activity):
        return self.segments.get(activity, activity)


def event_id(*parts):
    """The same id for the same fact in every run: a resend is then a duplicate."""
    return str(uuid.uuid5(SPACE, "/".join(str(part) for part in parts)))


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def quantity(value, unit=recipe.PIECE):
    return {"value": format(value.normalize(), "f"), "unitCode": unit}


def envelope(source, subject, name, identity, time, data, **more):
    """One CloudEvent of the plant."""
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": f"mfg.{name}.v1",
        "subject": subject,
        "time": stamp(time),
        "datacontenttype": "application/json",
        **more,
        "data": data,
    }


def order_events(job, source, seed=0):
    """All events of one order, in order."""
    return _Player(job, source, seed).play()


@dataclass(frozen=True)
class _Step:
    """A moment of a row: it begins (1), it ends (0, or 2 when it took no time)."""

    time: datetime
    phase: int
    row: object

    @property
    def begins(self):
        return self.phase == 1

    @property
    def key(self):
        return self.time, self.phase, self.row.number


def steps(rows):
    """Beginnings and ends of the rows, so sorted that no row ends before it began."""
    begins = [_Step(row.start, 1, row) for row in rows]
    ends = [_Step(row.end, 0 if row.end > row.start else 2, row) for row in rows]
    return sorted(begins + ends, key=lambda step: step.key)


class _Player:
    def __init__(self, job, source, seed):
        self.job, self.order = job, job.order
        self.source, self.seed = source, seed
        self.lot = recipe.lot(self.order)
        self.events, self.known = [], set()
        self.steps = steps(self.order.rows)
        self.last = {s.row.activity: s for s in self.steps if not s.begins}
        self.held = self._held()

    def play(self):
        for step in self.steps:
            (self._begin if step.begins else self._end)(step)
        if self.held:
            self._report(self.held, self.steps[-1].time, final=self.order.ends)
        return self.events

    def _held(self):
        """The row with the last finished goods."""
        closing = self.order.closing
        rows = [s.row for s in self.steps if not s.begins and s.row.completed]
        return next((row for row in rows[::-1] if row.activity == closing), None)

    def _begin(self, step):
        first = step.row.activity not in self.known
        self.known.add(step.row.activity)
        self._respond("started" if first else "resumed", step)
        if len(self.events) == 1:
            self._consume(step)

    def _end(self, step):
        row = step.row
        if row.completed and row is not self.held:
            self._report(row, step.time)
        if row.rejected:
            self._scrap(row)
        last = step is self.last[row.activity]
        self._respond("completed" if last else "paused", step)

    def _respond(self, word, step):
        row = step.row
        data = {"operationsSegmentId": self.job.segment(row.activity)}
        if row.machine:
            data["equipmentId"] = row.machine
        if row.worker:
            data["personId"] = row.worker
        data["time"] = stamp(step.time)
        kind = "begin" if step.begins else "end"
        self._add(f"jobresponse.{word}", step.time, data, row.number, kind)

    def _report(self, row, time, final=False):
        data = {
            "operationsSegmentId": self.job.segment(row.activity),
            "quantity": quantity(row.completed),
            "backflush": "auto",
            "final": final,
            "time": stamp(time),
        }
        if row.activity == self.order.closing:
            data |= self._lots()
        self._add("production.reported", time, data, row.number, "report")

    def _scrap(self, row):
        data = {
            "quantity": quantity(row.rejected),
            **self._lots(),
            "reasonCode": REASON,
            "time": stamp(row.end),
        }
        self._add("production.scrapped", row.end, data, row.number, "scrap")

    def _consume(self, step):
        dose = recipe.dose(self.order)
        amount = quantity(dose.amount, dose.unit)
        material = {"materialDefinitionId": dose.component, "quantity": amount}
        if dose.lot:
            material["lots"] = [{"materialLotId": dose.lot, "quantity": amount}]
        data = {
            "operationsSegmentId": self.job.segment(step.row.activity),
            "materials": [material],
        }
        self._add("material.consumed", step.time, data, step.row.number, "consume")

    def _lots(self):
        return {"lots": [{"materialLotId": self.lot}]} if self.lot else {}

    def _add(self, name, time, data, number, kind):
        identity = event_id(self.seed, self.order.case, number, kind)
        job_order_id = self.job.job_order_id
        data = {"jobOrderId": job_order_id, **data}
        sequence = str(len(self.events) + 1)
        self.events.append(
            envelope(
                self.source, job_order_id, name, identity, time, data, sequence=sequence
            )
        )


def shuffled(queues, seed=0):
    """Mix the events of many orders; each order keeps its own order."""
    dice = random.Random(seed)
    turns = [number for number, queue in enumerate(queues) for _event in queue]
    dice.shuffle(turns)
    heads = [iter(queue) for queue in queues]
    return [next(heads[number]) for number in turns]


def batches(events, seed=0, size=BATCH):
    """Cut the events into batches of varying size."""
    dice = random.Random(seed)
    start = 0
    while start < len(events):
        end = start + dice.randint(*size)
        yield events[start:end]
        start = end
