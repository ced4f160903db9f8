# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Turns orders of the log into the events an MES would have sent, in their order.

Work opens an interval of labour and closes it; the rows of a segment may overlap.
Set-up is booked on time cards, and like a breakdown it is a stop of the machine. Pieces
to work over, or to review, are announced; the first get an operation of their own. The
last quantity of the closing segment is held back to the end of the order, because it is
the one that closes the order.
"""

import random
from dataclasses import dataclass
from datetime import datetime

from . import reasons, recipe, timecard
from .cloudevent import envelope, event_id, quantity, stamp
from .log import BREAKDOWN, rework_of

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


def order_events(job, source, seed=0):
    """All events of one order, in order; those of machines go by keys of their own."""
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
        self.events, self.count = [], 0
        self.begun, self.announced = set(), set()
        self.cards = timecard.cards(self.order)
        self.booked = {row.number for rows in self.cards.values() for row in rows}
        self.steps = steps(self.order.rows)
        self.last = {self.order.place(s.row): s for s in self.steps if not s.begins}
        self.held = self._held()

    def play(self):
        for step in self.steps:
            (self._begin if step.begins else self._end)(step)
            if step is self.steps[0]:
                self._consume(step)
        if self.held:
            self._report(self.held, self.steps[-1].time, final=self.order.ends)
        return self.events

    def _held(self):
        """The row with the last finished goods."""
        closing = self.order.closing
        rows = [s.row for s in self.steps if not s.begins and s.row.completed]
        return next((row for row in rows[::-1] if row.activity == closing), None)

    def _begin(self, step):
        row, place = step.row, self.order.place(step.row)
        if place != row.activity and place not in self.announced:
            self.announced.add(place)
            pieces = self.order.rework[row.activity]
            self._rework(step, pieces, reasons.REWORK, rework_of(row.activity))
        if row.number not in self.booked:
            self._respond("resumed" if place in self.begun else "started", step)
            self.begun.add(place)
        if row.kind == BREAKDOWN:
            self._stop(step)

    def _end(self, step):
        row = step.row
        if row.completed and row is not self.held:
            self._report(row, step.time)
        if row.rejected:
            self._scrap(row)
        if row.review:
            self._rework(step, row.review, reasons.REVIEW, "Material review")
        self._stop(step)
        if row.number in self.cards:
            self._book(step)
        if step is self.last[self.order.place(row)]:
            self._respond("completed", step)
        elif row.number not in self.booked:
            self._respond("paused", step)

    # -- time ----------------------------------------------------------------------

    def _respond(self, word, step):
        row = step.row
        data = {"operationsSegmentId": self._place(row), **_who(row)}
        data["time"] = stamp(step.time)
        kind = "begin" if step.begins else "end"
        self._add(f"jobresponse.{word}", step, data, kind)

    def _book(self, step):
        """A card of set-up, when its last line is over."""
        lines = [
            {**_who(row), "startTime": stamp(row.start), "endTime": stamp(row.end)}
            for row in self.cards[step.row.number]
        ]
        data = {"operationsSegmentId": self._place(step.row), "labor": lines}
        self._add("labor.reported", step, data, "book")

    def _stop(self, step):
        """The machine stands: a breakdown is told when it begins, and when it ends."""
        row = step.row
        if row.number not in self.order.stops:
            return
        data = {"equipmentId": row.machine, "startTime": stamp(row.start)}
        if not step.begins:
            data["endTime"] = stamp(row.end)
        data["reasonCode"] = reasons.STOPS[row.kind]
        kind = "stop" if step.begins else "stopped"
        self._add("equipment.downtime", step, data, kind, subject=row.machine)

    # -- pieces --------------------------------------------------------------------

    def _report(self, row, time, final=False):
        closing = row.activity == self.order.closing
        place = self.job.segment(row.activity) if closing else self._place(row)
        data = {
            "operationsSegmentId": place,
            "quantity": quantity(row.completed),
            "backflush": "auto",
            "final": final,
            "time": stamp(time),
        }
        if closing:
            data |= self._lots()
        self._add("production.reported", _Step(time, 0, row), data, "report")

    def _scrap(self, row):
        data = {
            "quantity": quantity(row.rejected),
            **self._lots(),
            "reasonCode": reasons.REJECT,
            "time": stamp(row.end),
        }
        self._add("production.scrapped", _Step(row.end, 0, row), data, "scrap")

    def _rework(self, step, pieces, reason, name):
        """Pieces in process are worked over, or wait for their review."""
        segment = {"name": name}
        segment["operationsSegmentId"] = self.job.segment(step.row.activity)
        if step.row.machine:
            segment["equipmentId"] = step.row.machine
        data = {
            "quantity": quantity(pieces),
            "reasonCode": reason,
            "segments": [segment],
            "time": stamp(step.time),
        }
        self._add("production.reworked", step, data, reason.lower())

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
        self._add("material.consumed", step, data, "consume")

    def _lots(self):
        return {"lots": [{"materialLotId": self.lot}]} if self.lot else {}

    # -- events --------------------------------------------------------------------

    def _place(self, row):
        return self.job.segment(self.order.place(row))

    def _add(self, name, step, data, kind, subject=None):
        """An event of the order, numbered; one with another subject has no number."""
        identity = event_id(self.seed, self.order.case, step.row.number, kind)
        data = {"jobOrderId": self.job.job_order_id, **data}
        more = {}
        if not subject:
            self.count += 1
            more["sequence"] = str(self.count)
        subject = subject or self.job.job_order_id
        event = envelope(self.source, subject, name, identity, step.time, data, **more)
        self.events.append(event)


def _who(row):
    """The machine and the worker, as far as the log names them."""
    named = {"equipmentId": row.machine, "personId": row.worker}
    return {name: code for name, code in named.items() if code}


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
