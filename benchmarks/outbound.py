# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Outbound: from a change in Odoo to its arrival at the plant, by push.

Beside it what a developer would write: one queue_job per webhook that calls
``requests.post``. The receiver counts arrivals; the clock of a single one begins before
the call that makes the change, that of a burst when all of it is committed.
"""

import os
import statistics
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from database import default_databases
from planner import Odoo
from settings import ENV
from stack import OdooStack

from . import rivals_env
from .report import Chart, Result

DATABASE = "mfg_bench_outbound"
SINGLES, SMALL_SINGLES = 60, 8
BURST, RIVALS_BURST, SMALL_BURST = 10_000, 2_000, 100
CHUNK, PATIENCE, PAUSE = 1_000, 600, 0.5
WARM_UP = 10  # for all workers: a new endpoint empties the caches of each
DRAINS, WORKERS = 2, 5
CHANNELS = "ODOO_QUEUE_JOB_CHANNELS"
TYPE = "mfg.event.posted.v1"


class Receiver:
    """Counts what arrives, and costs nearly nothing itself."""

    def __init__(self):
        self.times, self.arrived = [], threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                with receiver.arrived:
                    receiver.times.append(time.perf_counter())
                    receiver.arrived.notify_all()

            def log_message(self, *_args):
                """Quietly."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.request_queue_size = 128
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    def wait(self, count):
        """When the last of so many arrived."""
        with self.arrived:
            if not self.arrived.wait_for(lambda: len(self.times) >= count, PATIENCE):
                raise AssertionError(f"{len(self.times)} of {count} arrived")
        return self.times[count - 1]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Way:
    """One way of telling the plant: a method of bench.webhook."""

    def __init__(self, name, odoo, method, connect):
        self.name, self.odoo, self.method = name, odoo, method
        self.receiver, self.number = Receiver(), 0
        self.to = connect(self.receiver)  # what the method takes as its address

    def tell(self, count):
        for begin in range(0, count, CHUNK):
            part = min(CHUNK, count - begin)
            arguments = self.to, self.number, part
            self.odoo.call("bench.webhook", self.method, *arguments)
            self.number += part

    def single(self):
        """Seconds from before the change to its arrival."""
        begun = time.perf_counter()
        self.tell(1)
        seconds = self.receiver.wait(self.number) - begun
        time.sleep(PAUSE)
        return seconds

    def burst(self, count):
        """Arrivals per second of so many that are due at once."""
        begun = time.perf_counter()
        self.tell(count)
        committed = time.perf_counter()
        last = self.receiver.wait(self.number)
        return count / (last - begun), max(last - committed, 0.0)


def run(options):
    databases = default_databases()
    databases.drop(DATABASE)
    try:
        databases.ready(DATABASE, "plain")
        rivals_env.install(databases, DATABASE, ["mfg_bench"])
        with _serving(databases) as odoo:
            rounds = [_round(odoo, options.small) for _number in range(options.rounds)]
    finally:
        databases.drop(DATABASE)
    return _result(rounds, options.small)


@contextmanager
def _serving(databases):
    stack = OdooStack(
        databases.server,
        DATABASE,
        workers=WORKERS,
        drains=DRAINS,
        **rivals_env.options(),
    )
    rivals_env.set_channels(DRAINS, WORKERS)
    try:
        stack.start()
        stack.wait_ready()
        yield Odoo(stack.url, DATABASE, "admin", ENV["MFG_ADMIN_PASSWORD"])
    finally:
        os.environ.pop(CHANNELS)
        stack.kill9()
        stack.pid_file.unlink(missing_ok=True)


def _round(odoo, small):
    singles = SMALL_SINGLES if small else SINGLES
    bursts = (SMALL_BURST, SMALL_BURST) if small else (BURST, RIVALS_BURST)
    ways = (
        Way("ours", odoo, "pushed", lambda receiver: _endpoint(odoo, receiver)),
        Way("job", odoo, "delayed", lambda receiver: receiver.url),
    )
    found = {}
    for _number in range(WARM_UP):  # what serves has read neither code nor settings
        for way in ways:
            way.single()
    for way, count in zip(ways, bursts, strict=True):
        times = [way.single() for _number in range(singles)]
        found[way.name] = times, *way.burst(count)
        way.receiver.close()
    return found


def _endpoint(odoo, receiver):
    code = f"bench-{time.time_ns()}"
    values = {
        "name": "Benchmark",
        "code": code,
        "source": f"urn:{code}",
        "delivery": "push",
        "push_url": receiver.url,
    }
    wizard = odoo.call("mfg.endpoint.setup", "create", [values])
    shown = odoo.call("mfg.endpoint.setup", "action_create", wizard)["context"]
    id_ = shown["default_endpoint_id"]
    odoo.call("mfg.endpoint", "write", [id_], {"push_networks": "127.0.0.0/8"})
    return id_


def _result(rounds, small):
    rows = [_row(name, [found[name] for found in rounds]) for name in rounds[0]]
    rate = [found["ours"][1] / found["job"][1] for found in rounds]
    late = [_p95(found["ours"][0]) / _p95(found["job"][0]) for found in rounds]
    size = SMALL_BURST if small else BURST
    return Result(
        "outbound",
        "Webhooks: a change in Odoo until the plant has it",
        rows=rows,
        targets={
            "outbound_rate": statistics.median(rate),
            "outbound_p95": statistics.median(late),
        },
        notes=[
            f"{size:,} due at once by us; one request per message; the receiver and the"
            " client are on the same machine",
            "job: one queue_job per webhook with requests.post, as many side by side as"
            " the suite has drains",
            "outbound_rate: deliveries per second, ours / job; outbound_p95 likewise",
        ],
        details={"rounds": rounds},
        chart=Chart(
            "Webhooks delivered per second",
            bars={row["contender"]: row["deliveries_per_second"] for row in rows},
            x_label="per second",
        ),
    )


def _row(name, rounds):
    times = [seconds for singles, _rate, _tail in rounds for seconds in singles]
    return {
        "contender": name,
        "p50_ms": round(1000 * statistics.median(times)),
        "p95_ms": round(1000 * _p95(times)),
        "deliveries_per_second": round(
            statistics.median(rate for _singles, rate, _tail in rounds), 1
        ),
        "seconds_after_commit": round(
            statistics.median(tail for _singles, _rate, tail in rounds), 1
        ),
    }


def _p95(times):
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
