# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The planner's side: loads orders of a log into Odoo, reads what became of them.

It works as a person with a login does, through Odoo's own external API (XML-RPC). The
plant never sees any of this; it has its key and /mfg/v1 only. Everything is found again
by its code or origin, so that a second run creates nothing.

    planner.py load|totals [--run-file .run/demo.json] [--log PATH] [--orders N]
"""

import argparse
import json
import sys
import xmlrpc.client
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from plantsim import recipe  # noqa: E402
from plantsim.source import choose  # noqa: E402
from scripts.planner_books import Books  # noqa: E402
from scripts.planner_desk import Desk  # noqa: E402
from scripts.planner_stock import Stock, per_piece  # noqa: E402

CHUNK = 10  # orders per call: each costs Odoo a quarter of a second
CALENDAR = "Around the clock"


class Odoo:
    """Odoo's external API for one person."""

    def __init__(self, url, db, login, password):
        self.db, self.password = db, password
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.uid = common.authenticate(db, login, password, {})
        if not self.uid:
            raise PermissionError(f"{url}: {login} cannot log in to {db}")
        self.object = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )

    def call(self, model, method, *args, **options):
        whose = self.db, self.uid, self.password
        return self.object.execute_kw(*whose, model, method, args, options)

    def read(self, model, domain, *fields, **options):
        return self.call(model, "search_read", domain, list(fields), **options)

    def ids(self, model, key, values):
        """Ids by the value of a field that identifies the record."""
        rows = self.read(model, [(key, "in", list(values))], key)
        return {row[key]: row["id"] for row in rows}

    def ensure(self, model, key, wanted):
        """Create what is missing of {key value: other values}; ids by key value."""
        found = self.ids(model, key, wanted)
        missing = [value for value in wanted if value not in found]
        if missing:
            created = self.call(
                model, "create", [{key: value, **wanted[value]} for value in missing]
            )
            found |= dict(zip(missing, created, strict=True))
        return found

    def xmlid(self, name):
        """Database id of a record that Odoo's own data files made."""
        module, _dot, record = name.partition(".")
        domain = [("module", "=", module), ("name", "=", record)]
        return self.read("ir.model.data", domain, "res_id")[0]["res_id"]


class Planner:
    """Loads orders and all they need; has a stock, a desk, and the books."""

    def __init__(self, odoo, say=lambda text: None):
        self.odoo, self.say = odoo, say
        self.stock, self.desk, self.books = Stock(odoo), Desk(odoo), Books(odoo)

    def database(self):
        """Tells this database from another one of the same name."""
        return self.odoo.call("ir.config_parameter", "get_param", "database.uuid")

    def load(self, plans, machines, workers):
        """Make the orders that are not there yet; how many that were."""
        self._confirm_drafts(plans)
        known = self.odoo.ids("mrp.production", "origin", [p.origin for p in plans])
        new = [plan for plan in plans if plan.origin not in known]
        self._workers(workers)
        centres = self._work_centres(machines)
        if new:
            products = self._products(new)
            boms = self._boms(new, products, centres)
            self.stock.lay_in(new, products)
            self._order(new, products, boms)
        return len(new)

    def _workers(self, workers):
        wanted = {code: {"name": f"Worker {code}"} for code in workers}
        self.odoo.ensure("hr.employee", "barcode", wanted)

    def _work_centres(self, machines):
        calendar = self._calendar()
        return self.odoo.ensure(
            "mrp.workcenter",
            "code",
            {
                code: {"name": name, "resource_calendar_id": calendar}
                for code, name in machines.items()
            },
        )

    def _calendar(self):
        """Day and night: the log's shifts know no weekend."""
        hours = [
            (0, 0, {"name": "Day and night", "dayofweek": str(day), "hour_to": 24})
            for day in range(7)
        ]
        wanted = {CALENDAR: {"tz": "UTC", "attendance_ids": hours}}
        return self.odoo.ensure("resource.calendar", "name", wanted)[CALENDAR]

    def centre_without_code(self, name):
        """A work centre the plant's code does not lead to, until somebody maps it."""
        values = {"resource_calendar_id": self._calendar()}
        return self.odoo.ensure("mrp.workcenter", "name", {name: values})[name]

    def _products(self, plans):
        piece = self.odoo.xmlid("uom.product_uom_unit")
        wanted = {
            recipe.OIL: self._product(
                "Cutting oil", self.odoo.xmlid("uom.product_uom_litre"), 4.0
            ),
            recipe.PASTE: self._product(
                "Lapping paste", self.odoo.xmlid("uom.product_uom_kgm"), 60.0, True
            ),
        }
        for part in sorted({plan.part for plan in plans}):
            made = recipe.Recipe(part)
            wanted[made.blank] = self._product(f"Blank for {part}", piece, 2.0)
            wanted[made.product] = self._product(part, piece, 10.0, made.tracked)
        products = self.odoo.ensure("product.product", "default_code", wanted)
        self._paste_lots(products[recipe.PASTE])
        return products

    def _product(self, name, unit, cost, tracked=False):
        return {
            "name": name,
            "type": "consu",
            "is_storable": True,
            "uom_id": unit,
            "standard_price": cost,
            "tracking": "lot" if tracked else "none",
        }

    def _paste_lots(self, product):
        wanted = {name: {"product_id": product} for name in recipe.PASTE_LOTS}
        self.odoo.ensure("stock.lot", "name", wanted)

    def _boms(self, plans, products, centres):
        templates = self._templates(products.values())
        wanted = {
            plan.origin: self._bom(plan, centres)
            | {"product_tmpl_id": templates[products[recipe.Recipe(plan.part).product]]}
            for plan in plans
        }
        boms = self.odoo.ensure("mrp.bom", "code", wanted)
        self._bom_lines(plans, products, boms)
        return boms

    def _templates(self, products):
        domain = [("id", "in", list(products))]
        rows = self.odoo.read("product.product", domain, "product_tmpl_id")
        return {row["id"]: row["product_tmpl_id"][0] for row in rows}

    def _bom(self, plan, centres):
        default = next(iter(centres.values()))
        route = [
            {
                "name": name,
                "workcenter_id": centres.get(machine, default),
                "time_mode": "manual",
                "time_cycle_manual": round(minutes, 2),
                "sequence": number,
            }
            for number, (name, machine, minutes) in enumerate(plan.route, start=1)
        ]
        return {"operation_ids": [(0, 0, operation) for operation in route]}

    def _bom_lines(self, plans, products, boms):
        """The blank is backflushed; a line of an operation is reported by hand."""
        has_lines = self.odoo.read(
            "mrp.bom.line", [("bom_id", "in", list(boms.values()))], "bom_id"
        )
        done = {line["bom_id"][0] for line in has_lines}
        new = {plan.origin: plan for plan in plans if boms[plan.origin] not in done}
        operations = self._first_operations([boms[origin] for origin in new])
        lines = []
        for origin, plan in new.items():
            blank = products[recipe.Recipe(plan.part).blank]
            amount = float(per_piece(plan))
            by_hand = {"operation_id": operations[boms[origin]]}
            lines += [
                _line(boms[origin], blank, 1.0),
                _line(boms[origin], products[plan.component], amount) | by_hand,
            ]
        if lines:
            self.odoo.call("mrp.bom.line", "create", lines)

    def _first_operations(self, boms):
        rows = self.odoo.read(
            "mrp.routing.workcenter",
            [("bom_id", "in", boms)],
            "bom_id",
            order="sequence desc, id desc",
        )
        return {row["bom_id"][0]: row["id"] for row in rows}

    def _order(self, plans, products, boms):
        for start in range(0, len(plans), CHUNK):
            chunk = plans[start : start + CHUNK]
            values = [
                {
                    "product_id": products[recipe.Recipe(plan.part).product],
                    "product_qty": float(plan.quantity),
                    "bom_id": boms[plan.origin],
                    "origin": plan.origin,
                }
                for plan in chunk
            ]
            made = self.odoo.call("mrp.production", "create", values)
            self.odoo.call("mrp.production", "action_confirm", made)
            self.say(f"orders confirmed: {start + len(chunk)} of {len(plans)}")

    def _confirm_drafts(self, plans):
        """Finish what a broken-off run left."""
        origins = [plan.origin for plan in plans]
        domain = [("origin", "in", origins), ("state", "=", "draft")]
        drafts = self.odoo.call("mrp.production", "search", domain)
        if drafts:
            self.odoo.call("mrp.production", "action_confirm", drafts)

    def job_orders(self, origins):
        """Job order ids by origin, for a plant that has lost its notes."""
        rows = self.books.productions(origins, "mfg_job_order_id")
        found = {}
        for row in rows:  # oldest first: an order before its backorders
            found.setdefault(row["origin"], row["mfg_job_order_id"] or row["name"])
        return found


def _line(bom, product, amount):
    return {"bom_id": bom, "product_id": product, "product_qty": amount}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["load", "totals"])
    parser.add_argument("--run-file", default=ROOT / ".run" / "demo.json", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--orders", type=int)
    options = parser.parse_args()
    run = json.loads(options.run_file.read_text())
    odoo = Odoo(run["url"], run["db"], run["login"], run["password"])
    planner = Planner(odoo, lambda text: print(text, flush=True))
    log = choose(options.log, options.orders)
    plans = [recipe.plan(order) for order in log.orders]
    if options.action == "load":
        print(f"{planner.load(plans, log.machines, log.workers)} orders made")
        return
    for origin, made in planner.books.totals([plan.origin for plan in plans]).items():
        pieces = f"{made.produced} produced, {made.scrapped} scrapped"
        print(f"{origin}: {pieces}, {made.minutes} min, {dict(made.consumed)}")


if __name__ == "__main__":
    main()
