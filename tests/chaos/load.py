# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What happens at the plant meanwhile: orders of a generated log, sent in batches."""

import random
import threading

from planner import Planner

from plantsim import generate, play, recipe, reconcile

AGAIN = 0.2  # of the batches are sent a second time, as a nervous MES does


class Load:
    """Orders of a generated log, released by Odoo and pulled by the plant."""

    def __init__(self, world, endpoint, orders, seed, name):
        self.log, self.seed = generate.plant(orders, seed), seed
        for order in self.log.orders:
            order.case = f"{name} {seed} {order.case}"
        self.planner = Planner(world.odoo)
        plans = [recipe.plan(order) for order in self.log.orders]
        self.planner.load(plans, self.log.machines, self.log.workers)
        self._allow(world.odoo, endpoint)
        self.jobs = self._jobs(endpoint)
        self.events = {
            job.order.case: play.order_events(job, endpoint.source, seed)
            for job in self.jobs
        }
        self.queue = play.shuffled(list(self.events.values()), seed)

    def _allow(self, odoo, endpoint):
        """The log is messy on purpose: more is made, and more taken, than ordered."""
        self.planner.desk.explain_reasons(endpoint.source)
        values = {"limit_over_production": False, "shortage": "allow"}
        types = ("mfg.production.reported.v1", "mfg.material.consumed.v1")
        odoo.call("mfg.interface", "write", [*map(endpoint.interface, types)], values)

    def _jobs(self, endpoint):
        released = {
            event["data"]["origin"]: event["data"]
            for event in endpoint.drain_outbox()
            if event["type"] == "mfg.joborder.released.v1"
        }
        orders = self.log.orders
        return [play.Job.of_release(o, released[o.case]) for o in orders]

    def mixed_up(self):
        """The events in any order at all, also within an order."""
        events = list(self.queue)
        random.Random(self.seed).shuffle(events)
        return events

    def totals(self):
        """What was made of what was reported, for people to read."""
        found = self.planner.books.totals(list(self.events)).values()
        return {
            "pieces made": int(sum(total.produced for total in found)),
            "pieces scrapped": int(sum(total.scrapped for total in found)),
        }

    def differences(self):
        """Order -> what is not exactly as the plant said."""
        found = self.planner.books.totals(list(self.events))
        wrong = {}
        for job in self.jobs:
            case, closing = job.order.case, job.segment(job.order.closing)
            blank = recipe.Recipe(job.order.part).blank
            wanted = reconcile.totals(self.events[case], closing, blank)
            if names := wanted.differences(found[case]):
                wrong[case] = {n: (wanted, found[case]) for n in names}
        return wrong


class Sender(threading.Thread):
    """The plant: sends small batches, again and again until each is answered.

    It sends one for each ``turns.release()``; all of them after ``go_on()``.
    """

    def __init__(self, plant, batches, seed=0):
        super().__init__(daemon=True)
        self.plant, self.batches = plant, batches
        self.dice = random.Random(seed)
        self.turns = threading.Semaphore(0)
        self.answered, self.again, self.trouble = {}, 0, None

    def run(self):
        try:
            for batch in self.batches:
                self.turns.acquire()
                self._send(batch)
                if self.dice.random() < AGAIN:
                    self._send(batch)
                    self.again += len(batch)
        except Exception as error:  # told by who waits, in another thread
            self.trouble = error

    def _send(self, batch):
        for event, answer in zip(batch, self.plant.send(batch), strict=True):
            if answer["status"] not in ("accepted", "duplicate"):
                raise AssertionError(f"not taken: {answer}")
            self.answered[event["id"]] = answer

    def go_on(self):
        self.turns.release(len(self.batches) or 1)

    @property
    def repeated(self):
        """Events and requests that were sent more than once."""
        return self.again + self.plant.counts["repeated requests"]


def cut(things, pieces):
    """Cut into so many pieces, in their order; fewer when there are fewer things."""
    pieces = min(pieces, len(things)) or 1
    size = len(things) / pieces
    edges = [round(number * size) for number in range(pieces + 1)]
    return [things[start:end] for start, end in zip(edges, edges[1:], strict=False)]
