# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Critical: what is urgent stays quick while a mountain of mass data is posted.

A machine pauses and resumes, on the realtime lane, one event at a time; first on an
idle server, then while thousands of production reports of other orders drain on the
batch lane. The clock is the sender's, from before the request until a look into the
log, every few milliseconds, finds the event posted: Odoo keeps whole seconds only.
"""

import statistics
import threading
import time
from contextlib import contextmanager

from database import default_databases

from . import door, image
from .events import Story, batches
from .report import Chart, Result

DATABASE = "mfg_bench_critical"
REPORTS, SMALL_REPORTS = 5_000, 200
IDLE, SMALL_IDLE = 60, 10  # samples
CADENCE, LOOK, PATIENCE = 0.4, 0.005, 60  # seconds
PREPARE = """
UPDATE mfg_interface SET lane = CASE type
    WHEN 'mfg.production.reported.v1' THEN 'batch' ELSE 'realtime' END,
    limit_over_production = FALSE
WHERE type LIKE 'mfg.jobresponse.%' OR type = 'mfg.production.reported.v1'
"""
LEFT = """SELECT count(*) FROM mfg_message WHERE direction = 'in' AND lane = 'batch'
          AND state IN ('queued', 'waiting', 'retrying')"""
STATE = """SELECT state FROM mfg_message
           WHERE direction = 'in' AND key = %s AND event_id = %s"""
WRONG = """SELECT type, state, error_code, count(*) FROM mfg_message
           WHERE direction = 'in' AND state <> 'posted' GROUP BY 1, 2, 3"""


class Machine:
    """It pauses and resumes at one order, and waits each time until Odoo knows."""

    def __init__(self, databases, door, order):
        self.databases, self.door = databases, door
        self.story = Story(order, 0)
        self.sent = 0

    def sample(self, cr):
        """Seconds from sent to posted."""
        words = ("paused", "resumed") if self.sent else ("started",)
        self.story.respond(words[self.sent % len(words)], 0)
        self.sent += 1
        event = self.story.events[-1]
        request = self.door.request(event)
        started = time.perf_counter()
        self.door.knock(request)
        while self._state(cr, event) != "posted":
            if time.perf_counter() > started + PATIENCE:
                raise AssertionError(f"{event['type']}: {self._state(cr, event)}")
            time.sleep(LOOK)
        return time.perf_counter() - started

    def _state(self, cr, event):
        cr.execute(STATE, [event["subject"], event["id"]])
        return cr.fetchone()[0]

    def samples(self, going_on):
        """One after another at a steady pace, while `going_on(cursor, so far)`."""
        found = []
        with self.databases.cursor(DATABASE) as cr:
            while going_on(cr, found):
                started = time.perf_counter()
                found.append(self.sample(cr))
                time.sleep(max(0, started + CADENCE - time.perf_counter()))
        return found


def run(options):
    databases = default_databases()
    image.ready(databases)
    reports, idle = (SMALL_REPORTS, SMALL_IDLE) if options.small else (REPORTS, IDLE)
    rounds = [_round(databases, reports, idle) for _number in range(options.rounds)]
    return _result(rounds, reports)


def _round(databases, reports, quiet):
    """Samples on the idle server and beside the batch lane; what went wrong."""
    world = image.world(databases)
    with _server(databases) as stack:
        single = door.single(stack, world["ours_key"])
        machine = Machine(databases, single, image.orders(world, "a")[0])
        machine.samples(lambda _cr, found: len(found) < 5)  # warms up
        idle = machine.samples(lambda _cr, found: len(found) < quiet)
        sender = _Sender(stack, world, reports)
        with sender.sending():
            loaded = machine.samples(lambda cr, _found: sender.busy(cr))
        with databases.cursor(DATABASE) as cr:
            cr.execute(WRONG)
            return idle, loaded, [str(row) for row in cr.fetchall()]


@contextmanager
def _server(databases):
    with image.copy(databases, DATABASE) as name:
        with databases.cursor(name) as cr:
            cr.execute(PREPARE)
        with door.serving(databases, name) as stack:
            yield stack


class _Sender:
    """Production reports of all orders of the shift change, in batches."""

    def __init__(self, stack, world, reports):
        self.door = door.batch(stack, world["ours_key"])
        orders = [order.name for order in image.orders(world, "b")]
        found = [door.reported(orders[n % len(orders)]) for n in range(reports)]
        self.requests = [self.door.request(batch) for batch in batches(found)]
        self.thread = threading.Thread(
            target=door.load, args=[self.door, self.requests]
        )

    @contextmanager
    def sending(self):
        self.thread.start()
        yield
        self.thread.join()

    def busy(self, cr):
        """Whether any report is still to be sent or posted."""
        if self.thread.is_alive():
            return True
        cr.execute(LEFT)
        return cr.fetchone()[0] > 0


def _result(rounds, reports):
    idle = [seconds for found, _loaded, _wrong in rounds for seconds in found]
    loaded = [seconds for _idle, found, _wrong in rounds for seconds in found]
    ratios = [_p95(busy) / _p95(quiet) for quiet, busy, _wrong in rounds]
    ratio = statistics.median(ratios)
    return Result(
        "critical",
        "Realtime lane beside a draining batch lane",
        rows=[_row("idle", idle), _row("batch lane drains", loaded)],
        targets={"critical": ratio},
        notes=[
            f"{reports:,} production reports drain on the batch lane; one realtime"
            f" event every {CADENCE} s, sent to posted by the sender's clock",
            f"critical: median over {len(rounds)} rounds of p95 loaded / p95 idle",
        ],
        differences=[row for _idle, _loaded, wrong in rounds for row in wrong],
        details={"ratios": ratios, "idle": idle, "loaded": loaded},
        chart=Chart(
            "Sent to posted on the realtime lane, p95",
            bars={
                "idle": 1000 * _p95(idle),
                "beside the batch lane": 1000 * _p95(loaded),
            },
            x_label="ms",
        ),
    )


def _row(name, seconds):
    return {
        "server": name,
        "samples": len(seconds),
        "p50 ms": 1000 * statistics.median(seconds),
        "p95 ms": 1000 * _p95(seconds),
        "max ms": 1000 * max(seconds),
    }


def _p95(seconds):
    return door.Load(1, seconds).percentile(95)
