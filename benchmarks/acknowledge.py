# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""(d) Acknowledgement: our door beside what Odoo's own framework offers for a door.

The contenders stand behind one server: our single events and batches, a plain route
with Odoo's bearer check and one ORM create, and JSON-2, Odoo's external API, with the
same create. Reports of real orders come in while the endpoint is paused: acknowledging
alone is measured, posting has workloads of its own. Then once more with the endpoint
active and events that post at once, so that drains work beside the door.
"""

import json
import re
import statistics
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle

from database import default_databases

from . import door, image
from .report import Chart, Result

DATABASE = "mfg_bench_door"
CLIENTS = (1, 4, 16)
HEADLINE = 4  # clients
CALLS, BATCHES, BATCH, WARM = 320, 32, 100, 8
SMALL = 10  # so many times fewer with --small
OURS, PLAIN, JSON2, OURS_BATCH = "ours", "plain route", "JSON-2 create", "ours, batch"
ACTIVE = " while drains post"
# Odoo logs how many statements a request took: "POST /path HTTP/1.1" 202 - 13 …
LOGGED = r'"{} HTTP/1\.[01]" {} - (\d+) '


@dataclass
class Contender:
    """Who knocks where, and with what."""

    door: door.Door
    body: object  # makes one, given a function that names the next order
    events: int = 1  # in one request
    loads: dict = field(default_factory=lambda: defaultdict(list))  # clients -> loads

    def run(self, requests, clients, orders):
        """Send requests that are made before the clock starts."""
        following = partial(next, cycle(orders))
        bodies = [self.body(following) for _number in range(requests)]
        return door.load(self.door, [self.door.request(b) for b in bodies], clients)

    def rate(self, clients):
        """Events per second, the median of the rounds."""
        rates = [load.per_second * self.events for load in self.loads[clients]]
        return statistics.median(rates)

    def percentile(self, clients, percent):
        """Of the latencies of all rounds, in milliseconds."""
        latencies = [s for load in self.loads[clients] for s in load.latencies]
        return 1000 * door.Load(1, latencies).percentile(percent)


def run(options):
    databases = default_databases()
    image.ready(databases)
    world = image.world(databases)
    orders = [order.name for order in image.orders(world, "b")]
    with _server(databases, "paused") as stack:
        contenders = _contenders(stack, world, door.reported)
        _measure(contenders, orders, options)
        paused = _statements(stack, contenders[OURS_BATCH], orders)
    with _server(databases, "active") as stack:
        active = _contenders(stack, world, door.tested)
        active = {n + ACTIVE: active[n] for n in (OURS, OURS_BATCH)}
        _measure(active, orders, options, partial(_wait_posted, databases))
        posting = _statements(stack, active[OURS_BATCH + ACTIVE], orders)
    return _result({**contenders, **active}, {"paused": paused, "active": posting})


@contextmanager
def _server(databases, state):
    """A server on a copy of the image, its endpoint paused or active."""
    with image.copy(databases, DATABASE) as name:
        with databases.cursor(name) as cr:
            cr.execute("UPDATE mfg_endpoint SET state = %s", [state])
        with door.serving(databases, name) as stack:
            yield stack


def _contenders(stack, world, event):
    ours, rpc = world["ours_key"], world["rpc_key"]
    plain = door.Door(stack, rpc, "/bench/plain", "application/json")
    json2 = "/json/2/bench.event/create", "application/json", 200
    return {
        OURS: Contender(door.single(stack, ours), lambda order: event(order())),
        PLAIN: Contender(plain, lambda order: event(order())),
        JSON2: Contender(door.Door(stack, rpc, *json2), _created),
        OURS_BATCH: Contender(
            door.batch(stack, ours),
            lambda order: [event(order()) for _number in range(BATCH)],
            BATCH,
        ),
    }


def _created(order):
    """What the plain route makes of an event, asked of Odoo's external API."""
    event = door.reported(order())
    subject, payload = event["subject"], json.dumps(event)
    values = {"event_id": event["id"], "subject": subject, "payload": payload}
    return {"vals_list": [values]}


def _measure(contenders, orders, options, settle=lambda: None):
    """Rounds in which every contender meets every number of clients."""
    divisor = SMALL if options.small else 1
    for contender in contenders.values():
        contender.run(WARM, HEADLINE, orders)
    for _round in range(options.rounds):
        for clients in CLIENTS:
            for contender in contenders.values():
                settle()
                calls = CALLS if contender.events == 1 else BATCHES
                calls = max(clients, calls // divisor)
                load = contender.run(calls, clients, orders)
                contender.loads[clients].append(load)
    settle()


def _wait_posted(databases):
    """The next contender must not pay for the events of the one before."""
    door.wait_none(
        databases,
        DATABASE,
        "SELECT count(*) FROM mfg_message WHERE direction = 'in'"
        " AND state IN ('queued', 'waiting', 'retrying')",
    )


def _statements(stack, contender, orders):
    """Statements of a batch beyond those of a request that only shows its key.

    As Odoo logs them, waking the drains included. The published schemas come from
    memory: what is left there is Odoo's own look for changed caches, and the key.
    """
    start = stack.log.stat().st_size
    contender.run(WARM, 1, orders)
    for _call in range(WARM):
        contender.door.call(contender.door.get("/mfg/v1/schemas"))
    text = stack.log.read_bytes()[start:].decode(errors="replace")
    batch = _logged(text, "POST /mfg/v1/events", 202)
    return batch - _logged(text, "GET /mfg/v1/schemas", 200)


def _logged(text, request, status):
    counts = re.findall(LOGGED.format(re.escape(request), status), text)
    return statistics.median(map(int, counts))


def _result(contenders, statements):
    rows = [
        {
            "contender": name,
            "clients": clients,
            "events/s": contender.rate(clients),
            "p50 ms": contender.percentile(clients, 50),
            "p99 ms": contender.percentile(clients, 99),
        }
        for name, contender in contenders.items()
        for clients in CLIENTS
    ]
    ours, plain = contenders[OURS], contenders[PLAIN]
    many = contenders[OURS_BATCH]
    single = {c: ours.rate(c) / plain.rate(c) for c in CLIENTS}
    batch = {c: many.rate(c) / ours.rate(c) for c in CLIENTS}
    tail = {c: ours.percentile(c, 99) / ours.percentile(c, 50) for c in CLIENTS}
    return Result(
        "d",
        "Acknowledgement",
        rows=rows,
        targets={"d_single": single[HEADLINE], "d_batch": batch[HEADLINE]},
        notes=[
            f"targets are with {HEADLINE} clients; three HTTP workers, the client on"
            " the same cores; batches of 100",
            f"ours / plain route: {_by_clients(single)}",
            f"batch / single: {_by_clients(batch)}",
            f"p99 / p50 of ours: {_by_clients(tail)} (wanted: at most 3)",
            "SQL statements of a batch beyond authentication:"
            f" {statements['paused']:.0f}, waking drains {statements['active']:.0f}"
            " (wanted: at most 3)",
        ],
        details={"single": single, "batch": batch, "tail": tail, "sql": statements},
        chart=Chart(
            "Acknowledged events per second",
            bars={
                f"{name}, {HEADLINE} clients": contender.rate(HEADLINE)
                for name, contender in contenders.items()
            },
            x_label="events per second",
        ),
    )


def _by_clients(ratios):
    return ", ".join(f"{ratio:.2f} with {c}" for c, ratio in ratios.items())
