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
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from plantsim import recipe  # noqa: E402
from plantsim.reconcile import Totals  # noqa: E402
from plantsim.source import choose  # noqa: E402

TIME = datetime.fromisoformat
CHUNK = 10  # orders per call: each costs Odoo a quarter of a second
CALENDAR = "Around the clock"
SPARE = Decimal("1.5")  # stock laid in for an order, times what it plans to take


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
    """Loads orders and all they need; reads back what they came to."""

    def __init__(self, odoo, say=lambda text: None):
        self.odoo, self.say = odoo, say
        warehouse = odoo.read("stock.warehouse", [], "lot_stock_id", limit=1)[0]
        self.stock = warehouse["lot_stock_id"][0]

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
            self._lay_in(new, products)
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
            per_piece = float(_per_piece(plan))
            by_hand = {"operation_id": operations[boms[origin]]}
            lines += [
                _line(boms[origin], blank, 1.0),
                _line(boms[origin], products[plan.component], per_piece) | by_hand,
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

    def _lay_in(self, plans, products):
        """Stock for the new orders on top of what is there."""
        needs = defaultdict(Decimal)
        for plan in plans:
            needs[recipe.Recipe(plan.part).blank, None] += plan.quantity * SPARE
            lots = recipe.PASTE_LOTS if plan.component == recipe.PASTE else (None,)
            for lot in lots:
                planned = max(plan.needs, _per_piece(plan) * plan.quantity)
                needs[plan.component, lot] += planned * SPARE
        lots = self.odoo.ids("stock.lot", "name", recipe.PASTE_LOTS)
        there = self._on_hand([products[code] for code, _lot in needs])
        quants = []
        for (code, lot), amount in needs.items():
            product, lot_id = products[code], lots.get(lot, False)
            total = there.get((product, lot_id), 0.0) + round(float(amount), 2)
            quants.append(self._quant(product, lot_id, total))
        inventory = {"inventory_mode": True}
        self.odoo.call("stock.quant", "create", quants, context=inventory)

    def _quant(self, product, lot, total):
        return {
            "product_id": product,
            "lot_id": lot,
            "location_id": self.stock,
            "inventory_quantity_auto_apply": total,
        }

    def _on_hand(self, products):
        domain = [("location_id", "=", self.stock), ("product_id", "in", products)]
        rows = self.odoo.read("stock.quant", domain, "product_id", "lot_id", "quantity")
        found = defaultdict(float)
        for row in rows:
            lot = row["lot_id"] and row["lot_id"][0]
            found[row["product_id"][0], lot] += row["quantity"]
        return found

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
        rows = self._productions(origins, "mfg_job_order_id")
        found = {}
        for row in rows:  # oldest first: an order before its backorders
            found.setdefault(row["origin"], row["mfg_job_order_id"] or row["name"])
        return found

    def states(self, origins):
        """Order states by origin (of the newest of a backorder family)."""
        rows = self._productions(origins, "state")
        return {row["origin"]: row["state"] for row in rows}

    def totals(self, origins):
        """What Odoo has per origin: Totals with components by product code."""
        rows = self._productions(origins, "product_id")
        family = {row["id"]: row for row in rows}
        found = {origin: Totals() for origin in origins}
        self._read_moves(family, found)
        self._read_scraps(family, found)
        self._read_labour(family, found)
        return found

    def _productions(self, origins, *fields):
        domain = [("origin", "in", list(origins))]
        return self.odoo.read(
            "mrp.production", domain, "name", "origin", *fields, order="id"
        )

    def _read_moves(self, family, found):
        mine = list(family)
        codes = {}
        for link in ("production_id", "raw_material_production_id"):
            domain = [(link, "in", mine), ("scrap_id", "=", False)]
            groups = self._sums(domain, link)
            for order, product, amount in groups:
                row = family[order]
                if link == "raw_material_production_id":
                    codes.setdefault(product, []).append((row["origin"], amount))
                elif product == row["product_id"][0]:
                    found[row["origin"]].produced += amount
        self._name_components(codes, found)

    def _sums(self, domain, link):
        groups = self.odoo.call(
            "stock.move",
            "formatted_read_group",
            [*domain, ("state", "=", "done")],
            [link, "product_id"],
            ["quantity:sum"],
        )
        for group in groups:
            amount = Decimal(str(group["quantity:sum"]))
            yield group[link][0], group["product_id"][0], amount

    def _name_components(self, amounts, found):
        domain = [("id", "in", list(amounts))]
        for row in self.odoo.read("product.product", domain, "default_code"):
            for origin, amount in amounts[row["id"]]:
                found[origin].consumed[row["default_code"]] += amount

    def _read_scraps(self, family, found):
        domain = [("production_id", "in", list(family)), ("state", "=", "done")]
        fields = "production_id", "product_id", "scrap_qty"
        for scrap in self.odoo.read("stock.scrap", domain, *fields):
            row = family[scrap["production_id"][0]]
            if scrap["product_id"] == row["product_id"]:
                amount = Decimal(str(scrap["scrap_qty"]))
                found[row["origin"]].scrapped += amount

    def _read_labour(self, family, found):
        operations = self.odoo.read(
            "mrp.workorder", [("production_id", "in", list(family))], "production_id"
        )
        order_of = {row["id"]: row["production_id"][0] for row in operations}
        domain = [("workorder_id", "in", list(order_of)), ("date_end", "!=", False)]
        fields = "workorder_id", "date_start", "date_end"
        for log in self.odoo.read("mrp.workcenter.productivity", domain, *fields):
            row = family[order_of[log["workorder_id"][0]]]
            spent = TIME(log["date_end"]) - TIME(log["date_start"])
            minutes = Decimal(int(spent.total_seconds())) / 60
            found[row["origin"]].minutes += minutes


def _per_piece(plan):
    """What a bill of materials can say: two digits, at least a hundredth."""
    return max(round(plan.needs / plan.quantity, 2), Decimal("0.01"))


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
    for origin, made in planner.totals([plan.origin for plan in plans]).items():
        pieces = f"{made.produced} produced, {made.scrapped} scrapped"
        print(f"{origin}: {pieces}, {made.minutes} min, {dict(made.consumed)}")


if __name__ == "__main__":
    main()
