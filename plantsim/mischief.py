# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What goes wrong between a plant and its ERP, made on purpose and repeatable.

Resends and conflicts use real events and must change nothing; what is no event, or a
broken one, is refused. Well-formed events that Odoo has to park are ``pranks``.
"""

import copy
import random
from dataclasses import dataclass
from datetime import timedelta

from . import trial
from .cloudevent import event_id, stamp

RESENT = 0.03
CONFLICTS = 6
SECOND = timedelta(seconds=1)  # a raw stream: no window to sum up


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
        spoiled[number * len(spoiled) // len(jokes)].append(prank)
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
        other["data"]["time"] = stamp(trial.NOON)
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
    data = trial.report("NONE", trial.SMALL)
    good = trial.event(source, seed, "broken", "production.reported", data)
    changes = [
        {"type": "mfg.production.reported.v9"},
        {"specversion": "0.3"},
        {"time": "yesterday"},
        {"data": {}},
        {"data": good["data"] | {"colour": "red"}},
        {"data": good["data"] | {"quantity": {"value": "1e400", "unitCode": "C62"}}},
        {"data": good["data"] | {"quantity": {"value": "many", "unitCode": "C62"}}},
        {"data": good["data"] | {"final": "perhaps"}},
        {"type": "mfg.equipment.telemetry.v1", "data": trial.readings(SECOND)},
    ]
    for number, change in enumerate(changes):
        identity = event_id(seed, "mischief", "broken", number)
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
