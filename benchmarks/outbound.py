# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Outbound: from a confirmed order in Odoo to its arrival at the plant, by push.

Beside it what a developer would write: one queue_job per webhook that calls
``requests.post``. The receiver counts arrivals. The clock of a single one begins before
a planner's *Confirm*, so that it holds all of Odoo's own work; that of a burst when all
of it is committed and may go out: we are resumed after a pause, the jobs have been
written in one transaction.
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
BURST, SMALL_BURST = 10_000, 100
CHUNK, PATIENCE, PAUSE = 1_000, 600, 0.5
WARM_UP = 10  # orders, for all workers: a new endpoint empties the caches of each
DRAINS, WORKERS = 2, 5
CHANNELS = "ODOO_QUEUE_JOB_CHANNELS"


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
    """One way of telling the plant."""

    def __init__(self, odoo):
        self.odoo, self.receiver, self.orders = odoo, Receiver(), []

    def prepare(self, count):
        """Drafts that are to be confirmed."""
        self.orders = self.odoo.call("bench.webhook", "orders", count)

    def single(self):
        """Seconds from before an order is confirmed to its arrival."""
        number, order = len(self.receiver.times) + 1, self.orders.pop()
        begun = time.perf_counter()
        self.confirm(order)
        seconds = self.receiver.wait(number) - begun
        time.sleep(PAUSE)
        return seconds

    def burst(self, count):
        """Seconds for so many that are due at once."""
        number = len(self.receiver.times) + count
        begun = self.let_go(count)
        return self.receiver.wait(number) - begun


class Ours(Way):
    """The suite's: an endpoint that takes its messages by push."""

    def __init__(self, odoo):
        super().__init__(odoo)
        self.endpoint = _endpoint(odoo, self.receiver)

    def confirm(self, order):
        self.odoo.call("mrp.production", "action_confirm", [order])

    def let_go(self, count):
        self.odoo.call("mfg.endpoint", "action_push_pause", [self.endpoint])
        for begin in range(0, count, CHUNK):
            arguments = self.endpoint, begin, min(CHUNK, count - begin)
            self.odoo.call("bench.webhook", "pushed", *arguments)
        begun = time.perf_counter()
        self.odoo.call("mfg.endpoint", "action_push_resume", [self.endpoint])
        return begun

    def close(self):
        """From here on nothing is written for it: the rival pays only its own."""
        self.odoo.call("mfg.endpoint", "write", [self.endpoint], {"active": False})
        self.receiver.close()


class Job(Way):
    """A developer's: a job for each webhook."""

    def confirm(self, order):
        to = {"bench_webhook": self.receiver.url}
        self.odoo.call("mrp.production", "action_confirm", [order], context=to)

    def let_go(self, count):
        self.odoo.call("bench.webhook", "delayed", self.receiver.url, 0, count)
        return time.perf_counter()

    def close(self):
        self.receiver.close()


def run(options):
    databases = default_databases()
    databases.drop(DATABASE)
    try:
        databases.ready(DATABASE, "plain")
        rivals_env.install(databases, DATABASE, ["mfg_bench"])
        with _serving(databases) as odoo:
            _round(odoo, small=True)  # no worker has read code or settings yet
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
    return {
        name: _measured(way(odoo), small)
        for name, way in {"ours": Ours, "job": Job}.items()
    }


def _measured(way, small):
    """Seconds of single ones, and of a burst."""
    singles, burst = (SMALL_SINGLES, SMALL_BURST) if small else (SINGLES, BURST)
    way.prepare(WARM_UP + singles)
    for _number in range(WARM_UP):
        way.single()
    times = [way.single() for _number in range(singles)]
    found = times, way.burst(burst)
    way.close()
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
    size = SMALL_BURST if small else BURST
    rows = [_row(name, [found[name] for found in rounds], size) for name in rounds[0]]
    rate = [found["job"][1] / found["ours"][1] for found in rounds]
    late = [_p95(found["ours"][0]) / _p95(found["job"][0]) for found in rounds]
    return Result(
        "outbound",
        "Webhooks: an order is confirmed in Odoo until the plant has it",
        rows=rows,
        targets={
            "outbound_rate": statistics.median(rate),
            "outbound_p95": statistics.median(late),
        },
        notes=[
            "p50 and p95: from before an order is confirmed to its arrival",
            f"{size:,} due at once by each: ours paused, written and resumed, the jobs"
            " written in one transaction; one request per message; the receiver and the"
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


def _row(name, rounds, size):
    times = [seconds for singles, _burst in rounds for seconds in singles]
    return {
        "contender": name,
        "p50_ms": round(1000 * statistics.median(times)),
        "p95_ms": round(1000 * _p95(times)),
        "deliveries_per_second": round(
            statistics.median(size / burst for _singles, burst in rounds), 1
        ),
        "seconds_for_all": round(
            statistics.median(burst for _singles, burst in rounds), 1
        ),
    }


def _p95(times):
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
