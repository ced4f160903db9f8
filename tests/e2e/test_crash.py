# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""All of Odoo killed again and again while a plant replays its log: nothing is lost,
nothing happens twice, nothing is stranded.

MFG_CRASHES is how often it is killed (20), MFG_CRASH_SEED when.
"""

import os
import random
import threading
import time

import pytest
from planner import Planner

from plantsim import client, generate, play, recipe, reconcile
from plantsim.outcome import Outcomes

CRASHES = int(os.environ.get("MFG_CRASHES", "20"))
SEED = int(os.environ.get("MFG_CRASH_SEED", "1"))
ORDERS = 8
LONGEST_LIFE = 2.0  # seconds a server lives before it is killed
STRANDED = 60  # seconds after the last start
POSTING = 8  # seconds a posting may take to begin
IN_HAND = "SELECT count(*) FROM mfg_message WHERE started_at IS NOT NULL"
TRIES = "SELECT coalesce(sum(attempts), 0) FROM mfg_message WHERE direction = 'in'"


class Load:
    """Orders of a generated log, released by Odoo and pulled by the plant."""

    def __init__(self, world, endpoint):
        self.log = generate.plant(ORDERS, SEED)
        for order in self.log.orders:
            order.case = f"Crash {SEED} {order.case}"
        self.planner = Planner(world.odoo)
        plans = [recipe.plan(order) for order in self.log.orders]
        self.planner.load(plans, self.log.machines, self.log.workers)
        self._allow(world.odoo, endpoint)
        self.jobs = self._jobs(endpoint)
        self.events = {
            job.order.case: play.order_events(job, endpoint.source, SEED)
            for job in self.jobs
        }
        self.queue = play.shuffled(list(self.events.values()), SEED)

    def _allow(self, odoo, endpoint):
        """The log is messy on purpose: more is made than ordered."""
        odoo.ensure("stock.scrap.reason.tag", "name", {play.REASON: {"color": 1}})
        values = {"tolerance_percent": 1e6, "shortage": "allow"}
        reports = endpoint.interface("mfg.production.reported.v1")
        odoo.call("mfg.interface", "write", [reports], values)

    def _jobs(self, endpoint):
        released = {
            event["data"]["origin"]: event["data"]
            for event in endpoint.drain_outbox()
            if event["type"] == "mfg.joborder.released.v1"
        }
        orders = self.log.orders
        return [play.Job.of_release(o, released[o.case]) for o in orders]

    def differences(self):
        """Order -> what is not exactly as the plant said."""
        found = self.planner.totals(list(self.events))
        wrong = {}
        for job in self.jobs:
            case, closing = job.order.case, job.segment(job.order.closing)
            blank = recipe.Recipe(job.order.part).blank
            wanted = reconcile.totals(self.events[case], closing, blank)
            if names := wanted.differences(found[case]):
                wrong[case] = {n: (wanted, found[case]) for n in names}
        return wrong


class Sender(threading.Thread):
    """The plant: sends small batches, again and again until each is answered."""

    def __init__(self, endpoint, batches):
        super().__init__(daemon=True)
        self.plant, self.batches = endpoint.plant, batches
        self.turns = threading.Semaphore(0)
        self.answered, self.trouble = {}, None

    def run(self):
        try:
            for batch in self.batches:
                self.turns.acquire()
                ids = [event["id"] for event in batch]
                answers = self.plant.send(batch)
                self.answered |= dict(zip(ids, answers, strict=True))
        except Exception as error:  # told by the test, which lives in another thread
            self.trouble = error


def cut(things, pieces):
    """Cut into so many pieces, in their order."""
    size = len(things) / pieces
    edges = [round(number * size) for number in range(pieces + 1)]
    return [things[start:end] for start, end in zip(edges, edges[1:], strict=False)]


def crash_again_and_again(world, sender, turns):
    """Kill all processes again and again; how many messages each kill hit in hand.

    Every other kill comes at any moment of a server's life, its start included; the
    others when a posting is under way, which is where it could hurt.
    """
    dice, hit = random.Random(SEED), []
    for number, turn in enumerate(turns):
        for _batch in turn:
            sender.turns.release()
        before = world.value(TRIES)
        if number % 2:
            _wait_for_posting(world, before)
            time.sleep(dice.uniform(0, 0.3))
        else:
            time.sleep(dice.uniform(0, LONGEST_LIFE))
        world.stack.kill9()
        hit.append(world.value(IN_HAND) if world.value(TRIES) > before else 0)
        world.stack.start()
        if dice.random() < 0.8:  # else the next kill may meet it while it starts
            world.stack.wait_ready(60)
    world.stack.wait_ready(60)
    return hit


def _wait_for_posting(world, before):
    """Until another message is taken in hand; not for ever, all may be done."""
    deadline = time.monotonic() + POSTING
    while world.value(TRIES) == before and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.fixture
def impatient(monkeypatch):
    """Tests have less time than plants: look again soon."""
    monkeypatch.setattr(client, "pause", lambda _attempt, _response=None: 0.2)


@pytest.mark.usefixtures("impatient")
def test_killed_at_random_points(world, endpoint, tell):
    load = Load(world, endpoint)
    turns = cut(cut(load.queue, 2 * CRASHES), CRASHES)
    sender = Sender(endpoint, [batch for turn in turns for batch in turn])
    sender.start()
    started = time.monotonic()
    hit = crash_again_and_again(world, sender, turns)
    restarted = time.monotonic()
    sender.join(STRANDED)
    assert not sender.is_alive() and sender.trouble is None, sender.trouble
    world.wait_quiet(restarted + STRANDED - time.monotonic())
    quiet = time.monotonic() - restarted
    numbers = {
        "crashes": len(hit),
        "of these while posting": sum(map(bool, hit)),
        "events": len(load.queue),
        "requests sent again": endpoint.plant.counts["repeated requests"],
        "posted at the first try": _tries(world, endpoint, "= 1"),
        "claimed again after a crash": _tries(world, endpoint, "> 1"),
        "seconds of crashing": round(restarted - started, 1),
        "seconds from the last start until quiet": round(quiet, 1),
    }
    tell("crash campaign", numbers)
    _prove(world, endpoint, load, sender)
    assert CRASHES < 10 or any(hit), "no kill hit a posting: nothing was proven"


def _prove(world, endpoint, load, sender):
    assert {a["status"] for a in sender.answered.values()} <= {"accepted", "duplicate"}
    assert len(sender.answered) == len(load.queue)
    parked = world.rows(
        "SELECT type, error_code, error_detail, payload FROM mfg_message"
        " WHERE endpoint_id = %s AND state = 'parked'",
        endpoint.id,
    )
    assert parked == []
    assert world.invariants(endpoint, sender.answered) == len(load.queue)
    assert load.differences() == {}
    told = Outcomes(endpoint.plant, _Notes())
    told.collect()
    assert {o.state for o in told.told.values()} == {"posted"}
    assert set(sender.answered) == set(told.told)


class _Notes:
    """The plant's notebook, in memory."""

    orders, hrefs = {}, {}

    def save(self):
        pass


def _tries(world, endpoint, condition):
    return world.value(
        "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s"
        f" AND direction = 'in' AND attempts {condition}",
        endpoint.id,
    )
