# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Faults that need more than one server, or bring a load of their own."""

import itertools
import time

from factory import CONSUMED, Factory, Story
from invariants import advisory_locks

from plantsim.client import Plant

DEADLY = "kill your worker"  # of tests/chaos/addons/mfg_chaos
COLLIDING = 5  # seconds to look at a storm
PARKED = 240  # seconds for the deadly message to be found out
RAW = "raw_material_production_id"


class Balanced(Plant):
    """A plant behind a load balancer: each request goes to the next server."""

    def __init__(self, endpoint, servers):
        super().__init__(servers[0].url, endpoint.key, endpoint.source, patience=120)
        self.servers = itertools.cycle([server.url + "/" for server in servers])

    def _try(self, method, url, options):
        server = next(self.servers)
        return super()._try(method, url.replace(self.url, server, 1), options)


def nodes(run, starts=3, orders=6):
    """Two Odoo servers on one database; one comes and goes, then the other dies.

    Two servers are two job runners. The first one, which has the lead, is killed for
    good in the middle of the load; the second one finishes alone.
    """
    load, one = run.orders(orders), run.bed.stack
    with run.bed.second_node() as two:
        plant = Balanced(run.endpoint, (one, two))
        sender = run.sender(load.queue, 2 * starts + 2, plant)
        for number in range(starts):
            two.start()
            two.wait_ready()
            sender.turns.release(2)
            run.faults.wait_for_posting(5)
            two.stop() if number % 2 else two.kill9()
            run.note("second node stopped" if number % 2 else "second node killed")
        two.start()
        two.wait_ready()
        sender.turns.release()
        hit = run.faults.wait_for_posting(5)
        before = run.posted()
        one.kill9()
        run.note("first node killed for good", hit=hit)
        run.settle()
        run.notes["posted by the second node alone"] = run.posted() - before
        one.start()  # people look at the totals there
        one.wait_ready()
    run.notes.update(load.totals())


def killer(run, tries=3, neighbours=120):
    """A message that kills whatever posts it is parked; its neighbours go on."""
    endpoint, odoo = run.endpoint, run.bed.odoo
    interface = endpoint.interface("mfg.connection.tested.v1")
    odoo.call("mfg.interface", "write", [interface], {"max_attempts": tries})
    chain = endpoint.events(5)
    deadly = chain[2]
    deadly["data"]["text"] = DEADLY
    others = endpoint.events(neighbours, keys=12)
    run.sender(chain, 1).go_on()
    sender = run.sender(others, 10)
    for _batch in sender.batches:
        sender.turns.release()
        time.sleep(0.5)
    run.wait_state(deadly, "parked", PARKED)
    run.note("killed by a message", hit=True)
    run.settle()
    state, code, attempts = endpoint.row(deadly["id"], "state, error_code, attempts")
    found = (state, code, attempts)
    run.check("quarantined", found != ("parked", "server-stopped", tries) and found)
    states = [endpoint.row(event["id"], "state")[0] for event in chain]
    wanted = ["posted", "posted", "parked", "waiting", "waiting"]
    run.check("only its followers wait", states != wanted and states)
    _skip(odoo, endpoint.row(deadly["id"], "id")[0])


def _skip(odoo, message):
    """A person lets its followers go on."""
    values = {"action": "skip", "reason": "it kills", "chosen_ids": [(6, 0, [message])]}
    wizard = odoo.call("mfg.message.decide", "create", [values])
    odoo.call("mfg.message.decide", "action_apply", wizard)


def sequence(run, orders=4, batches=8):
    """Orders shuffled by the network, also within; and 1, 2, 4, then 3."""
    load = run.orders(orders)
    one, two, three, four = run.endpoint.events(4)
    run.sender([one, two, four], 1).go_on()
    run.wait_state(four, "waiting", 30)
    run.sender([three], 1).go_on()
    run.sender(load.mixed_up(), batches).go_on()
    run.note("out of order")


def storm(run, orders=10, reports=4):
    """Many orders take the same two components, in this order and in the other."""
    factory = Factory(run.bed)
    stories = [_hot(run, factory, number, reports) for number in range(orders)]
    before = factory.on_hand(factory.plank), factory.on_hand(factory.glue)
    deadlocks = _deadlocks(run.bed)
    rounds = zip(*(story.events for story, _order in stories), strict=True)
    run.sender(list(itertools.chain(*rounds)), reports).go_on()
    run.notes["drains at once"] = _most_at_once(run)
    run.settle()
    run.nothing_parked()
    taken = [
        factory.moved(order, RAW, product)
        for _story, order in stories
        for product in (factory.plank, factory.glue)
    ]
    wanted = [float(reports), round(0.1 * reports, 2)] * orders
    run.check("each order took its own", taken != wanted and (taken, wanted))
    after = factory.on_hand(factory.plank), factory.on_hand(factory.glue)
    gone = [round(b - a, 2) for b, a in zip(before, after, strict=True)]
    total = [orders * reports, round(0.1 * orders * reports, 2)]
    run.check("the shelf says the same", gone != total and (gone, total))
    run.notes["deadlocks"] = _deadlocks(run.bed) - deadlocks
    run.note("collision", hit=True)


def _hot(run, factory, number, reports):
    """An order's reports: both components in one message, in turns."""
    order, name = factory.order()
    story = Story(factory, run.endpoint, name)
    for _report in range(reports):
        plank, glue = factory.used("PLANK", 1, "C62"), factory.used("GLUE", 100, "GRM")
        materials = [plank, glue] if number % 2 else [glue, plank]
        story.add(CONSUMED, operationsSegmentId="Cut", materials=materials)
    return story, order


def _most_at_once(run):
    """How many drains were seen in the middle of a posting at one moment."""
    most, deadline = 0, time.monotonic() + COLLIDING
    while time.monotonic() < deadline:
        locks = advisory_locks(run.bed)
        most = max(most, sum(1 for _backend, _port, wrote in locks if wrote))
        time.sleep(0.02)
    return most


def _deadlocks(bed):
    return bed.value(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
