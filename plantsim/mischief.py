# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What goes wrong between a plant and its ERP, made on purpose and repeatable.

Resends and conflicts use real events and must change nothing. Everything that has to
be parked happens on throw-away orders ("Mischief 1" …), each message with a key of its
own, so that no real order waits for it.
"""

import copy
import random
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal

from . import play, recipe

PART = "Dummy"
MACHINE = "M98"
MACHINES = {MACHINE: "Machine 98 - Trial"}
UNMAPPED, UNMAPPED_NAME = "M99", "Machine 99"
RESENT = 0.03
CONFLICTS = 6
NOON = datetime(2012, 3, 1, 12, tzinfo=timezone.utc)
EARLIER = datetime(2012, 3, 1, 11, tzinfo=timezone.utc)
SMALL = Decimal(1)

TOO_MUCH, HEALS, DONE, VALUES = (f"Mischief {number}" for number in range(1, 5))
PLANS = [
    recipe.Plan(
        origin,
        PART,
        Decimal(10),
        (("Trial run", MACHINE, 1.0),),
        recipe.PASTE,
        Decimal(1),
    )
    for origin in (TOO_MUCH, HEALS, DONE, VALUES)
]


@dataclass(frozen=True)
class Sending:
    """An event on its way, why it is sent and what should come of it.

    ``expect`` is the answer's status, or the code of a message that is parked.
    """

    event: dict
    role: str  # real, resent, conflict, broken or prank
    expect: str | None = None


def spoil(batches, source, jokes, seed=0):
    """The batches with the mischief mixed in."""
    dice = random.Random(f"mischief {seed}")
    spoiled = [[Sending(event, "real") for event in batch] for batch in batches]
    _resend(spoiled, dice)
    _conflict(spoiled, dice)
    _spread(spoiled, broken(source, seed), dice)
    # Each at the end of a batch, in their order: it counts.
    for number, prank in enumerate(jokes):
        spoiled[number * len(spoiled) // 40 % len(spoiled)].append(prank)
    return spoiled


def _resend(batches, dice):
    """Some events again, at once or later, half of them with the members reordered."""
    for number, batch in enumerate([list(batch) for batch in batches]):
        for sending in batch:
            if dice.random() < RESENT:
                event = sending.event
                event = reordered(event) if dice.random() < 0.5 else event
                later = min(number + dice.randint(0, 3), len(batches) - 1)
                batches[later].append(Sending(event, "resent", "duplicate"))


def _conflict(batches, dice):
    """The same ids with other data, after the originals."""
    timed = [s.event for s in batches[0] if "time" in s.event["data"]]
    for event in dice.sample(timed, min(CONFLICTS, len(timed))):
        other = copy.deepcopy(event)
        other["data"]["time"] = play.stamp(NOON)
        batch = batches[dice.randrange(len(batches))]
        batch.append(Sending(other, "conflict", "conflict"))


def _spread(batches, sendings, dice):
    for sending in sendings:
        batch = batches[dice.randrange(len(batches))]
        batch.insert(dice.randint(0, len(batch)), sending)


def reordered(value):
    """The same JSON with the members of every object the other way round."""
    if isinstance(value, dict):
        return {name: reordered(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return [reordered(item) for item in value]
    return value


def broken(source, seed=0):
    """Events that the schema refuses; none has an effect, whoever's order they name."""
    good = _event(source, seed, "broken", "production.reported", _report("NONE", SMALL))
    changes = [
        {"type": "mfg.production.reported.v9"},
        {"specversion": "0.3"},
        {"time": "yesterday"},
        {"data": {}},
        {"data": good["data"] | {"colour": "red"}},
        {"data": good["data"] | {"quantity": {"value": "1e400", "unitCode": "C62"}}},
        {"data": good["data"] | {"quantity": {"value": "many", "unitCode": "C62"}}},
        {"data": good["data"] | {"final": "perhaps"}},
    ]
    for number, change in enumerate(changes):
        identity = play.event_id(seed, "mischief", "broken", number)
        yield Sending({**good, "id": identity, **change}, "broken", "rejected")


def raw():
    """Bodies that are no event at all: (what, body, content type, statuses)."""
    one, many = "application/cloudevents+json", "application/cloudevents-batch+json"
    event = '"specversion": "1.0", "type": "mfg.production.reported.v1"'
    return [
        ("cut off", b"{" + event.encode() + b', "id": ', one, {400, 422}),
        ("empty", b"", one, {400}),
        ("not a number", b"{" + event.encode() + b', "data": NaN}', one, {400, 422}),
        ("twice the same member", b'{"id": "1", "id": "2"}', one, {400, 422}),
        ("no UTF-8", b'{"id": "\xff"}', one, {400, 422}),
        ("too deep", b"[" * 5000 + b"]" * 5000, many, {207, 400, 422}),
        ("a list as one event", b"[]", one, {400, 422}),
        ("plain text", b"42 pieces made", "text/plain", {415}),
        ("too large", b" " * (1024 * 1024 + 1), one, {413}),
    ]


def pranks(source, job_ids, seed=0):
    """Well-formed events that Odoo has to park, with the code it should give."""
    maker = _Maker(source, job_ids, seed)
    return [
        *maker.unknown_order(),
        *maker.too_much(),
        *maker.unmapped_machine(),
        *maker.after_the_end(),
        *maker.values(),
    ]


class _Maker:
    def __init__(self, source, job_ids, seed):
        self.source, self.job_ids, self.seed = source, job_ids, seed

    def unknown_order(self):
        data = _report("NO-SUCH-ORDER", SMALL)
        yield self._make("unknown order", "production.reported", data, "unknown-order")

    def too_much(self):
        data = _report(self.job_ids[TOO_MUCH], Decimal(100))
        yield self._make("too much", "production.reported", data, "over-tolerance")

    def unmapped_machine(self):
        """The first is parked for a mapping, the others wait behind it."""
        job = self.job_ids[HEALS]
        worked = _response(job, EARLIER) | {"equipmentId": UNMAPPED}
        rest = worked | {"time": play.stamp(NOON)}
        yield self._line(1, "jobresponse.started", worked, "unknown-equipment")
        yield self._line(2, "jobresponse.paused", rest, "waiting")
        yield self._line(3, "production.reported", _report(job, SMALL), "waiting")

    def _line(self, number, name, data, expect):
        event = _event(self.source, self.seed, f"heals {number}", name, data)
        return Sending({**event, "sequence": str(number)}, "prank", expect)

    def after_the_end(self):
        job = self.job_ids[DONE]
        last = _report(job, SMALL) | {"final": True}
        name = "production.reported"
        yield self._make("the end", name, last, "posted", DONE)
        late = _report(job, SMALL)
        yield self._make("after the end", name, late, "order-not-open", DONE)

    def values(self):
        """One wrong value each, all on one order."""
        job = self.job_ids[VALUES]
        report, started = _report(job, SMALL), _response(job, NOON)
        odd_unit = {"quantity": play.quantity(SMALL, "XYZ")}
        other_kind = {"quantity": play.quantity(SMALL, "KGM")}
        nothing = {"quantity": {"value": "0", "unitCode": recipe.PIECE}}
        cases = [
            ("unknown-unit", "production.reported", report | odd_unit),
            ("unit-mismatch", "production.reported", report | other_kind),
            ("quantity-invalid", "production.reported", report | nothing),
            ("unknown-person", "jobresponse.started", started | {"personId": "ID0"}),
            (
                "unknown-segment",
                "jobresponse.started",
                started | {"operationsSegmentId": "Painting"},
            ),
            ("unknown-material", "material.consumed", _consume(job, "NO-SUCH")),
            ("unknown-lot", "material.consumed", _consume(job, recipe.PASTE, "NONE")),
            ("lot-required", "material.consumed", _consume(job, recipe.PASTE)),
            (
                "shortage",
                "material.consumed",
                _consume(job, recipe.PASTE, recipe.PASTE_LOTS[0], "99000000"),
            ),
        ]
        for code, name, data in cases:
            yield self._make(code, name, data, code)
        yield from self._backwards(started)

    def _backwards(self, started):
        before = started | {"time": play.stamp(EARLIER)}
        key = "backwards"
        yield self._make("start", "jobresponse.started", started, "posted", key)
        yield self._make("backwards", "jobresponse.paused", before, "time-invalid", key)

    def _make(self, what, name, data, expect, key=None):
        event = _event(self.source, self.seed, what, name, data)
        event["partitionkey"] = f"mischief {key or what}"
        return Sending(event, "prank", expect)


def _event(source, seed, what, name, data):
    identity = play.event_id(seed, "mischief", what)
    return play.envelope(source, data["jobOrderId"], name, identity, NOON, data)


def _report(job_order_id, pieces):
    return {
        "jobOrderId": job_order_id,
        "quantity": play.quantity(pieces),
        "backflush": "auto",
        "final": False,
        "time": play.stamp(NOON),
    }


def _response(job_order_id, time):
    return {
        "jobOrderId": job_order_id,
        "operationsSegmentId": "Trial run",
        "equipmentId": MACHINE,
        "time": play.stamp(time),
    }


def _consume(job_order_id, code, lot=None, grams="10"):
    amount = {"value": grams, "unitCode": "GRM"}
    material = {"materialDefinitionId": code, "quantity": amount}
    if lot:
        material["lots"] = [{"materialLotId": lot, "quantity": amount}]
    return {"jobOrderId": job_order_id, "materials": [material]}
