# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""(e) Growth: the same work with 1 k, 100 k and 5 M messages already in the log.

Three databases that differ in their past only, each with its server, measured in turn:
acknowledging while the endpoint is paused, then draining what came in, of events that
are nothing but machinery and of production reports; then what people, monitoring,
plants and retention ask of the log.

The largest database takes minutes to fill and 8 GB. MFG_BENCH_KEEP=1 keeps it for the
next run, which then finds a few thousand messages more.
"""

import os
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from database import default_databases
from planner import Odoo
from settings import ENV, ROOT, need_disk

from . import door, events, history, image
from .report import Chart, Result
from .screen import Screen

NAME = "mfg_bench_log_{}"
SIZES = {1_000: "1 k", 100_000: "100 k", 5_000_000: "5 M"}
SMALL_SIZES = {1_000: "1 k", 5_000: "5 k", 20_000: "20 k"}
KEEP = os.environ.get("MFG_BENCH_KEEP") == "1"
CLIENTS = 4
SINGLES, BATCHES, BATCH, KEYS = 320, 10, 100, 100
ORDERS = 4  # whose reports are drained, in each round others
ASKED = 5  # times that everything else is asked for
SLOW = 3.0  # seconds after which once is enough
MENU = "mfg_integration_base.mfg_message_action_{}"
ORDER = "PAST/MO/0000010"  # in every past
LOGIN, PASSWORD = "bench-operator", "operator of the benchmark"
# asked often while it runs: a count would visit all that is parked, each time
LEFT = """SELECT EXISTS (SELECT 1 FROM mfg_message WHERE direction = 'in'
          AND state IN ('queued', 'waiting', 'retrying'))"""
RETENTION = """
import time
for days in ("36500", "180"):
    env["ir.config_parameter"].set_param("mfg_integration_base.retention_days", days)
    started = time.perf_counter()
    env["mfg.message"]._gc_messages()
    print("SECONDS", time.perf_counter() - started)
    env.cr.rollback()
"""
# measure -> the calls of a Screen; those of the menus and searches decide the target
PAGES = {
    "list: from the plant": {"action": MENU.format("in")},
    "list: to the plant": {"action": MENU.format("out")},
    "list: needs a person": {"action": MENU.format("person")},
    "list: a job order searched": {
        "action": MENU.format("in"),
        "words": {"key": ORDER},
    },
    "list: in progress": {"action": MENU.format("in"), "filters": ["in_progress"]},
    "list: received today": {"action": MENU.format("in"), "filters": ["today"]},
    "list: rejected": {"action": MENU.format("in"), "filters": ["state_rejected"]},
}
MORE_PAGES = {
    "kanban: from the plant": {"action": MENU.format("in"), "kind": "kanban"},
    "list: endpoints": {"action": "mfg_integration_base.mfg_endpoint_action"},
    "list: issues": {"action": "mfg_integration_base.mfg_issue_action"},
}


@dataclass
class Log:
    """A database with a past, its server, and what was measured on it."""

    databases: object
    name: str
    stack: object
    world: dict
    found: dict = field(default_factory=dict)  # measure -> values

    def note(self, measure, value):
        self.found.setdefault(measure, []).append(value)

    def median(self, measure):
        return statistics.median(self.found[measure])

    def admin(self):
        who = "admin", ENV["MFG_ADMIN_PASSWORD"]
        return Odoo(self.stack.url, self.name, *who)

    def switch(self, state):
        """Pause the endpoint or make it active again, as a manager does."""
        endpoint = [self.world["endpoint"]]
        self.admin().call("mfg.endpoint", "write", endpoint, {"state": state})

    def measure_round(self, number):
        self._acknowledge()
        self._drain("drained events/s", SINGLES + BATCHES * BATCH)
        orders = image.orders(self.world, "b")
        picked = orders[number * ORDERS % len(orders) :][:ORDERS]
        reports = events.of("b", picked)
        self.switch("paused")
        self._send(list(events.batches(reports)))
        self._drain("drained reports/s", len(reports))

    def _acknowledge(self):
        self.switch("paused")
        single = door.single(self.stack, self.world["ours_key"])
        bodies = [single.request(door.tested(_key(n))) for n in range(SINGLES)]
        load = door.load(single, bodies, CLIENTS)
        self.note("acknowledged singles/s", load.per_second)
        self.note("single p99 ms", 1000 * load.percentile(99))
        load = self._send(
            [[door.tested(_key(n)) for n in range(BATCH)] for _batch in range(BATCHES)]
        )
        self.note("acknowledged in batches/s", load.per_second * BATCH)

    def _send(self, batches):
        many = door.batch(self.stack, self.world["ours_key"])
        return door.load(many, [many.request(batch) for batch in batches])

    def _drain(self, measure, number):
        """From the click on Resume until nothing is left."""
        started = time.perf_counter()
        self.switch("active")
        door.wait_none(self.databases, self.name, LEFT)
        self.note(measure, number / (time.perf_counter() - started))

    def measure_questions(self):
        """What the log is asked besides."""
        asking = door.Door(self.stack, self.world["ours_key"], expected=200)
        for path in ("metrics", f"events/{self._event()}", "outbox?limit=50"):
            request = asking.get(f"/mfg/v1/{path}")
            measure = f"GET {path.partition('/')[0].partition('?')[0]}, s"
            self._ask(measure, lambda r=request: asking.knock(r))
        screen = Screen(self.stack.url, self.name, LOGIN, PASSWORD)
        for measure, page in {**PAGES, **MORE_PAGES}.items():
            self._ask(f"{measure}, s", lambda p=page: screen.open(**p))
        nothing, batch = self._retention()
        self.note("retention: nothing due, s", nothing)
        self.note("retention: a batch, s", batch)

    def _ask(self, measure, ask):
        """The first answer warms up, unless it says enough."""
        seconds = _timed(ask)
        if seconds > SLOW:
            self.note(measure, seconds)
            return
        for _time in range(ASKED):
            self.note(measure, _timed(ask))

    def _event(self):
        """One from the middle of the past."""
        with self.databases.cursor(self.name) as cr:
            cr.execute(
                "SELECT id FROM mfg_message WHERE direction = 'in' AND id >="
                " (SELECT max(id) / 2 FROM mfg_message) ORDER BY id LIMIT 1"
            )
            return cr.fetchone()[0]

    def _retention(self):
        with image.configured(self.databases, self.name) as config:
            done = subprocess.run(
                [sys.executable, "-m", "odoo", "shell", "-c", config, "--no-http"],
                input=RETENTION,
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
            )
        lines = [x.split() for x in done.stdout.splitlines() if "SECONDS" in x]
        return [float(line[-1]) for line in lines]


def _timed(ask):
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _key(number):
    """Of five events one is a machine's, whose key has a long past."""
    if number % history.MACHINE == 0:
        return f"PAST-M{number // history.MACHINE % history.MACHINES}"
    return f"NEW/{number % KEYS}"


def run(options):
    databases = default_databases()
    image.ready(databases)
    sizes = SMALL_SIZES if options.small else SIZES
    notes = []
    with ExitStack() as stack:
        logs = {
            label: stack.enter_context(_log(databases, size, notes))
            for size, label in sizes.items()
        }
        for log in logs.values():
            log._acknowledge()  # warms up
            log._drain("drained events/s", 1)
            log.found.clear()
        for number in range(options.rounds):
            for log in logs.values():
                log.measure_round(number)
        for log in logs.values():
            log.measure_questions()
    return _result(logs, notes)


@contextmanager
def _log(databases, size, notes):
    """A database with so many messages in its past, and its server."""
    name = NAME.format(size)
    largest = size == max(SIZES)
    try:
        _have(databases, name, size, notes, reuse=KEEP and largest)
        with door.serving(databases, name) as stack:
            log = Log(databases, name, stack, image.world(databases))
            _have_operator(log.admin())
            yield log
    finally:
        if not (KEEP and largest):
            databases.drop(name)


def _have(databases, name, size, notes, reuse):
    wanted = {**databases.installed(image.IMAGE), "messages": size}
    if reuse and databases.exists(name) and databases.installed(name) == wanted:
        return
    need_disk(2 + size // 500_000)
    with databases.building(name) as draft:
        databases.copy(image.IMAGE, draft)
        endpoint = image.world(databases)["endpoint"]
        seconds = history.fill(databases, draft, endpoint, size)
        databases.set_admin_password(draft)
        databases.remember(draft, wanted)
        gigabytes = history.gigabytes(databases, draft)
    notes.append(f"{size:,} messages: {seconds:.0f} s to write, {gigabytes:.1f} GB")


def _have_operator(admin):
    values = {
        "name": "Operator",
        "login": LOGIN,
        "password": PASSWORD,
        "group_ids": [(4, admin.xmlid("mfg_integration_base.group_mfg_operator"))],
    }
    if not admin.read("res.users", [("login", "=", LOGIN)], "login"):
        admin.call("res.users", "create", [values])


def _result(logs, notes):
    first, *_between, last = logs.values()
    rows = []
    for measure in first.found:
        values = {label: log.median(measure) for label, log in logs.items()}
        small, large = first.median(measure), last.median(measure)
        rising = measure.endswith("/s")
        growth = small / large if rising else large / small
        rows.append({"measure": measure, **values, "growth": growth})
    growth = {row["measure"]: row["growth"] for row in rows}
    pages = {page: last.median(f"{page}, s") for page in PAGES}
    slowest = max(pages, key=pages.get)
    return Result(
        "e",
        "Growth of the log",
        rows=rows,
        targets={
            "growth_ack": growth["acknowledged singles/s"],
            "growth_drain": growth["drained events/s"],
            "list_seconds": pages[slowest],
        },
        notes=[
            *notes,
            "growth: how many times dearer the most messages are than the fewest",
            f"list_seconds is the slowest of {len(pages)} ways to open the log, from"
            f" the click to the last answer of the server: {slowest}",
        ],
        chart=Chart(
            "With so many messages in the log",
            lines={
                measure: [
                    (_number(label), log.median(measure)) for label, log in logs.items()
                ]
                for measure in ("acknowledged singles/s", "drained events/s")
            },
            x_label="messages",
            log_x=True,
        ),
    )


def _number(label):
    sizes = {**SIZES, **SMALL_SIZES}
    return next(size for size, text in sizes.items() if text == label)
