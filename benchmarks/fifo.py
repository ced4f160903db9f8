# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""(f) FIFO: what each open receipt of a component costs its consumption, and the cure.

Valued first in, first out, Odoo goes through all receipts that make up the stock on
hand at every posting. Joining reports is the only cure from outside of Odoo's code:
reports that wait together are one posting. The same reports are posted one by one and
joined, on components that are alike; stock and values must come out alike, too.

As a script it is the Odoo process that posts, by the drain and without a server: one
line of JSON with what each case took.

    python -m benchmarks.fifo CONFIG DATABASE ROUNDS RECEIPTS…
"""

import json
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property

from database import default_databases
from settings import LOG_DIR, ROOT, SetupError

from . import image, plan, rivals_env
from .events import Story
from .report import Chart, Result

DATABASE = "mfg_bench_fifo"
RECEIPTS, SMALL_RECEIPTS = (10, 300, 1_000), (10, 40)
RECEIVED = 8  # pieces in a receipt; their prices differ
REPORTS = 20  # of one order, a piece each: two receipts and a half
CONSUMED = "mfg.material.consumed.v1"
# What must be the same, however it was posted.
EQUAL = "open_before", "open_after", "on_hand", "consumed", "value", "unit_cost"


@dataclass
class Case:
    """One order whose reports were posted one by one, or joined."""

    receipts: int
    joined: bool
    seconds: float
    statements: int
    posted: int  # messages
    postings: int  # stock moves they became
    open_before: int  # receipts Odoo goes through
    open_after: int
    on_hand: float
    consumed: float
    value: float
    unit_cost: float

    @property
    def ms(self):
        return 1000 * self.seconds / REPORTS

    @property
    def sql(self):
        return self.statements / REPORTS


# -- the benchmark's process -----------------------------------------------------------


def run(options):
    databases = default_databases()
    image.ready(databases)
    receipts = SMALL_RECEIPTS if options.small else RECEIPTS
    with _valued(databases) as config:
        cases = _measured(config, options.rounds, receipts)
    return _result(cases)


@contextmanager
def _valued(databases):
    """A configuration for a copy of the image that values its stock."""
    with image.copy(databases, DATABASE) as name:
        rivals_env.install(databases, name, ["stock_account"])
        with image.configured(databases, name) as config:
            yield config


def _measured(config, rounds, receipts):
    """(single, joined) of every round and number of receipts."""
    command = [sys.executable, "-m", __name__, config, DATABASE, rounds, *receipts]
    log = LOG_DIR / "bench-fifo.log"
    with log.open("wb") as errors:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
            cwd=ROOT,
        )
    if done.returncode:
        raise SetupError(f"the posting process failed; see {log}")
    pairs = json.loads(done.stdout.splitlines()[-1])
    return [(Case(**single), Case(**joined)) for single, joined in pairs]


def _result(pairs):
    sizes = sorted({single.receipts for single, _joined in pairs})
    found = {n: [p for p in pairs if p[0].receipts == n] for n in sizes}
    rows = [_row(receipts, found[receipts]) for receipts in sizes]
    ways = "one by one", "joined"
    lines = {way: [(r["open receipts"], r[f"{way}, ms"]) for r in rows] for way in ways}
    return Result(
        "f",
        f"FIFO costing, {REPORTS} reports of one order by open receipts",
        rows=rows,
        notes=[
            "per event, posting only: the reports wait, one drain posts them all",
            "sql: the statements of the drain's cursor",
            *(f"{way}: {_slope(lines[way]):.2f} ms per open receipt" for way in ways),
        ],
        differences=[text for pair in pairs for text in _differences(*pair)],
        details={"cases": [[asdict(case) for case in pair] for pair in pairs]},
        chart=Chart(
            "(f) Consumption of a FIFO component, ms per event",
            lines=lines,
            x_label="open receipts",
        ),
    )


def _row(receipts, pairs):
    def median(number, what):
        return statistics.median(getattr(pair[number], what) for pair in pairs)

    return {
        "open receipts": receipts,
        "one by one, ms": median(0, "ms"),
        "joined, ms": median(1, "ms"),
        "ratio": statistics.median(single.ms / joined.ms for single, joined in pairs),
        "one by one, sql": median(0, "sql"),
        "joined, sql": median(1, "sql"),
    }


def _slope(points):
    """How much the last point is above the first, by receipt."""
    (few, fast), (many, slow) = points[0], points[-1]
    return (slow - fast) / (many - few)


def _differences(single, joined):
    wanted = [(single, REPORTS), (joined, 1)]
    for case, postings in wanted:
        name = f"{case.receipts} receipts, {'joined' if case.joined else 'one by one'}"
        if (case.posted, case.postings) != (REPORTS, postings):
            yield f"{name}: {case.posted} posted in {case.postings} postings"
        if case.open_before != case.receipts:
            yield f"{name}: {case.open_before} receipts open"
    for what in EQUAL:
        left, right = getattr(single, what), getattr(joined, what)
        if left != right:
            yield f"{single.receipts} receipts: {what}: {left} / {right} when joined"


# -- the Odoo process ------------------------------------------------------------------


class Shop:
    """Makes components with open receipts and orders that use them, and posts."""

    def __init__(self, env):
        self.env = env
        self.stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.endpoint = env["mfg.endpoint"].browse(self._world()["endpoint"])

    def _world(self):
        return json.loads(self.env["ir.config_parameter"].get_param("bench.world"))

    @cached_property
    def fifo(self):
        values = {"name": "FIFO", "property_cost_method": "fifo"}
        return self.env["product.category"].create(values)

    def case(self, receipts, joined):
        """Post the reports of a new order of a new component."""
        component = self._goods(self.fifo)
        self._receive(component, receipts)
        order = self._order(component)
        before = self._open(component)
        self._interface().join = joined
        self._send(order, component)
        seconds, statements = self._drained()
        moves = order.move_raw_ids.filtered(lambda move: move.state == "done")
        return Case(
            receipts,
            joined,
            seconds,
            statements,
            posted=self._posted(order),
            postings=len(moves),
            open_before=before,
            open_after=self._open(component),
            on_hand=component.qty_available,
            consumed=sum(moves.mapped("quantity")),
            value=round(sum(moves.mapped("value")), 2),
            unit_cost=component.standard_price,
        )

    def _goods(self, category=None):
        number = self.env["product.product"].search_count([])
        code = f"F{number}"
        values = {"name": code, "default_code": code, "is_storable": True}
        values |= {"categ_id": category.id} if category else {}
        return self.env["product.product"].create(values)

    def _receive(self, component, receipts):
        """Receipts of a few pieces each, every one at another price than the last."""
        supplier = self.env.ref("stock.stock_location_suppliers")
        values = {
            "product_id": component.id,
            "product_uom_qty": RECEIVED,
            "location_id": supplier.id,
            "location_dest_id": self.stock.id,
        }
        moves = self.env["stock.move"].create([dict(values) for _ in range(receipts)])
        moves._action_confirm(merge=False)
        moves.write({"quantity": RECEIVED, "picked": True})
        moves._action_done()
        for number, move in enumerate(moves):
            move.value = RECEIVED * (2 + number % 7 / 10)
        component._update_standard_price()

    def _order(self, component):
        """A released order that needs as much as is reported."""
        product = self._goods()
        line = {"product_id": component.id, "product_qty": 1}
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [(0, 0, line)],
            }
        )
        values = {"product_id": product.id, "product_qty": REPORTS}
        order = self.env["mrp.production"].create(values)
        order.action_confirm()
        return order

    def _open(self, component):
        return len(component._run_fifo_get_stack()[0])

    def _interface(self):
        return self.endpoint._interface(CONSUMED)

    def _send(self, order, component):
        """Reports come in and wait."""
        from odoo.addons.mfg_integration_base.controllers import intake

        name = order.mfg_job_order_id
        story = Story(plan.Order(plan.Product(component.default_code), 1, name), 0)
        for _report in range(REPORTS):
            story.consume(component.default_code, 1, plan.PIECE)
        received = intake.batch(json.dumps(story.events).encode())
        self.env["mfg.inbox"].accept(self.endpoint, received)
        self.env.cr.commit()
        self.env.invalidate_all()

    def _drained(self):
        """Post all that waits as jobs do, one after another: seconds, statements."""
        drain, cr = self.env["mfg.drain"], self.env.cr
        before, started = cr.sql_log_count, time.perf_counter()
        while slots := drain._due_slots():
            for lane, shard in slots:
                drain._drain_lane(lane, shard)
        taken = time.perf_counter() - started, cr.sql_log_count - before
        self.env.invalidate_all()
        return taken

    def _posted(self, order):
        domain = [("key", "=", order.mfg_job_order_id), ("state", "=", "posted")]
        return self.env["mfg.message"].search_count([*domain, ("direction", "=", "in")])


def measure(config, database, rounds, *receipts):
    from .inside import environment

    with environment(config, database) as env:
        shop = Shop(env)
        for joined in (False, True):
            shop.case(min(map(int, receipts)), joined)  # warms up
        pairs = [
            [asdict(shop.case(int(number), joined)) for joined in (False, True)]
            for _round in range(int(rounds))
            for number in receipts
        ]
    print(json.dumps(pairs))


if __name__ == "__main__":
    measure(*sys.argv[1:])
