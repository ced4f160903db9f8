# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which messages of one key may take effect now (design.md section 4, guarantee 3).

Pure decision on what the log says, so that every case can be read and tested without
a database: the drain asks, this answers, the drain acts.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

REVERSAL = "mfg.event.reversed.v1"
# parked without a turn that anyone could wait for: too late, too early, done before
IDLE = ("overtaken", "original-missing", "already-reversed")


@dataclass(frozen=True)
class Policy:
    """What the interface of a message says about order."""

    hold: bool = True  # parked, it holds back its followers; late, it is overtaken
    counted: bool = True  # sequence counts per key from 1, so that gaps are seen
    gap: timedelta = timedelta(seconds=30)
    gap_parks: bool = True  # when the gap time is over: park, else go on
    join: bool = True  # may be one posting with others of its type
    max_attempts: int = 8
    shadow: bool = False  # explained, not posted


@dataclass(frozen=True)
class Item:
    """One message of the key that has not ended."""

    id: int
    state: str
    type: str
    sequence: int | None = None
    received_at: datetime | None = None
    next_try_at: datetime | None = None
    expiry: datetime | None = None
    code: str | None = None  # why it is parked
    out_of_turn: bool = False  # a person let it, or its followers, go on
    crashed: bool = False  # begun before without an outcome: post it alone
    tries: int = 0
    policy: Policy = Policy()
    revoked: bool = False  # its reversal has come: it will not take effect any more


@dataclass
class Decision:
    """What to do with the messages of one key, in this order."""

    park: list = field(default_factory=list)  # (item, code)
    heal: list = field(default_factory=list)  # parked for a gap that has closed
    run: list = field(default_factory=list)  # post now, together
    mark: Item | None = None  # the next one, or the run's last: not over before the run
    gap: Item | None = None  # goes on although an earlier one is missing: alert
    wait: list = field(default_factory=list)  # held back
    wait_until: datetime | None = None  # when the first of ``wait`` is due anyway


def arranged(items):
    """Items in the order they should take effect.

    Numbered ones by number, the others by arrival; the two merge by arrival, so that
    a sender that numbers only some of its events still gets an order it expects.
    """
    numbered = sorted(
        (i for i in items if i.sequence is not None), key=lambda i: (i.sequence, i.id)
    )
    plain = sorted((i for i in items if i.sequence is None), key=lambda i: i.id)
    merged = []
    while numbered and plain:
        earlier = numbered if numbered[0].id < plain[0].id else plain
        merged.append(earlier.pop(0))
    return merged + numbered + plain


def decide(items, last_sequence, now, limit=50):
    """Decide on one key.

    :param items: the messages of the key that have not ended, in any order; the last
        ones may be left out, and what is parked, unnumbered and holds nobody back
    :param last_sequence: highest sequence that has ended (None: none yet)
    :param now: aware or naive, like the items' own times
    :param limit: longest run to post in one transaction
    """
    decision = Decision()
    position = last_sequence
    queue = arranged(items)
    for index, head in enumerate(queue):
        verdict = _verdict(head, position, now)
        if verdict == DUE:
            decision.run = _run(queue[index:], position, now, limit)
            rest = queue[index + len(decision.run) :]
            is_next = (item for item in rest if item.state != "parked")
            decision.mark = next(is_next, decision.run[-1])
            decision.gap = head if _is_gap(head, position) else None
            return decision
        if isinstance(verdict, datetime):
            decision.wait, decision.wait_until = queue[index:], verdict
            return decision
        if verdict == HEAL:
            decision.heal.append(head)
            return decision
        if verdict != PARKED:
            decision.park.append((head, verdict))
        if _holds(head, verdict):
            decision.wait = queue[index + 1 :]
            return decision
        position = _advance(position, head)
    return decision


DUE, PARKED, HEAL = "due", "parked", "heal"


def _verdict(item, position, now):
    """DUE, PARKED, HEAL, a code to park with, or the time until which it waits."""
    if item.state == "parked":
        healed = item.code == "sequence-gap" and not _is_gap(item, position)
        return HEAL if healed else PARKED
    if item.expiry and item.expiry <= now:
        return "expired"
    if item.state == "retrying" and item.next_try_at and item.next_try_at > now:
        return item.next_try_at
    if item.out_of_turn or item.sequence is None:
        return DUE
    if position is not None and item.sequence <= position and item.policy.hold:
        return "overtaken"
    if not _is_gap(item, position):
        return DUE
    return _gap_verdict(item, now)


def _gap_verdict(item, now):
    deadline = item.received_at + item.policy.gap
    if deadline > now:
        return deadline
    return "sequence-gap" if item.policy.gap_parks else DUE


def _is_gap(item, position):
    """Whether an earlier number of the key is still missing."""
    if item.sequence is None or not item.policy.counted or item.out_of_turn:
        return False
    if position is None:
        return item.sequence > 1  # senders count from 0 or from 1
    return item.sequence > position + 1


def _holds(item, verdict):
    """Whether a parked item holds back its followers.

    One whose turn is over, or whose own reversal is among the followers, does not.
    """
    idle = verdict in IDLE or item.code in IDLE
    return item.policy.hold and not (item.out_of_turn or item.revoked or idle)


def _advance(position, item):
    if item.sequence is None:
        return position
    return item.sequence if position is None else max(position, item.sequence)


def _run(queue, position, now, limit):
    """The head and what may be posted after it in one transaction; crashed: alone.

    A reversal begins a run: what it takes back must have ended before.
    """
    run = [queue[0]]
    position = _advance(position, queue[0])
    for item in queue[1:limit]:
        if item.crashed or run[0].crashed or item.type == REVERSAL:
            break
        if _verdict(item, position, now) != DUE:
            break
        position = _advance(position, item)
        run.append(item)
    return run


def together(things, key):
    """Lists of consecutive things with one key; a thing without (None) is alone."""
    groups, last = [], None
    for thing in things:
        current = key(thing)
        if current is None or current != last:
            groups.append([])
        groups[-1].append(thing)
        last = current
    return groups
