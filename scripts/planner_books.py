# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What orders came to, as the planner reads it in Odoo's own records."""

from datetime import datetime
from decimal import Decimal

from plantsim import reasons
from plantsim.log import SETUP
from plantsim.reconcile import Totals
from scripts.planner_desk import LOSSES

TIME = datetime.fromisoformat
REWORK = "mfg_rework_quantity", "mfg_rework_reason_id"


class Books:
    """Orders by their origin, with all their backorders."""

    def __init__(self, odoo):
        self.odoo = odoo

    def productions(self, origins, *fields):
        domain = [("origin", "in", list(origins))]
        return self.odoo.read(
            "mrp.production", domain, "name", "origin", *fields, order="id"
        )

    def states(self, origins):
        """Order states by origin (of the newest of a backorder family)."""
        rows = self.productions(origins, "state")
        return {row["origin"]: row["state"] for row in rows}

    def reconciled(self, job_orders):
        """Job order -> (state, cause) of Odoo's newest comparison with its snapshot."""
        rows = self.odoo.read(
            "mfg.reconciliation",
            [("kind", "=", "snapshot"), ("job_order_id", "in", list(job_orders))],
            *("job_order_id", "state", "cause"),
            order="id",
        )
        return {row["job_order_id"]: (row["state"], row["cause"]) for row in rows}

    def totals(self, origins):
        """What Odoo has per origin: Totals with components by product code."""
        rows = self.productions(origins, "product_id")
        family = {row["id"]: row for row in rows}
        found = {origin: Totals() for origin in origins}
        self._read_moves(family, found)
        self._read_scraps(family, found)
        self._read_operations(family, found)
        self._read_stops(family, found)
        return found

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
            amount = _exact(group["quantity:sum"])
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
                found[row["origin"]].scrapped += _exact(scrap["scrap_qty"])

    def _read_operations(self, family, found):
        """What was counted at operations, those of rework, and who worked there."""
        domain = [("production_id", "in", list(family))]
        fields = "production_id", "qty_produced", *REWORK
        order_of = {}
        for operation in self.odoo.read("mrp.workorder", domain, *fields):
            origin = family[operation["production_id"][0]]["origin"]
            order_of[operation["id"]] = origin
            _note_operation(found[origin], operation)
        self._read_labour(order_of, found)

    def _read_labour(self, order_of, found):
        domain = [("workorder_id", "in", list(order_of)), ("date_end", "!=", False)]
        fields = "workorder_id", "date_start", "date_end"
        for log in self.odoo.read("mrp.workcenter.productivity", domain, *fields):
            found[order_of[log["workorder_id"][0]]].minutes += _minutes(log)

    def _read_stops(self, family, found):
        """How long machines stood with an order on them, by Odoo's reason."""
        setup = self.odoo.xmlid(LOSSES[reasons.STOPS[SETUP]])
        orders = ("mfg_production_id", "in", list(family))
        fields = "mfg_production_id", "loss_id", "date_start", "date_end"
        for log in self.odoo.read(
            "mrp.workcenter.productivity", [orders, ("date_end", "!=", False)], *fields
        ):
            totals = found[family[log["mfg_production_id"][0]]["origin"]]
            if log["loss_id"][0] == setup:
                totals.setup += _minutes(log)
            else:
                totals.downtime += _minutes(log)


def _note_operation(totals, operation):
    totals.completed += _exact(operation["qty_produced"])
    pieces, reason = (operation[name] for name in REWORK)
    if pieces and reason[1] == reasons.REVIEW:
        totals.review += _exact(pieces)
    elif pieces:
        totals.rework += _exact(pieces)


def _exact(number):
    return Decimal(str(number))


def _minutes(log):
    spent = TIME(log["date_end"]) - TIME(log["date_start"])
    return Decimal(int(spent.total_seconds())) / 60
