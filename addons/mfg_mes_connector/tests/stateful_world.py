# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The same order and stock in Odoo: how they are made, and what is seen of them."""

from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from odoo import Command
from odoo.sql_db import db_connect
from odoo.tools import SQL, mute_logger

from .common import CONSUMED, MesCase
from .stateful_events import (
    CHIPS,
    GOODS,
    NAIL,
    OPERATIONS,
    PAINT,
    PANEL,
    RESIN,
)
from .stateful_model import Bill, Component, positive

RECEIPTS = (  # product, lot, quantity, price
    (PANEL, None, 13, 3),
    (PANEL, None, 13, 5),
    (PAINT, None, 3, 8),
    (PAINT, None, 3, 10),
    (RESIN, "R1", 2, 20),
    (RESIN, "R2", 2, 30),
    (NAIL, None, 5, 2),
)
PRICES = {PANEL: 4, PAINT: 9, RESIN: 25, NAIL: 2, GOODS: 30, CHIPS: 1}
ORDERED = 10
FIRST_DAY = "2026-01-01 00:00:00"  # before anything the plant reports
GATED = ("stock_move_line", "mrp_workcenter_productivity", "mfg_message_link")
GATE = """
CREATE FUNCTION mfg_test_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_lock_shared(hashtext(TG_TABLE_NAME));
    PERFORM pg_advisory_unlock_shared(hashtext(TG_TABLE_NAME));
    RETURN NEW;
END $$;
"""


def bill(tracked, by_cost, staged):
    """The bill of materials below, in the model's words."""
    return Bill(
        goods=GOODS,
        ordered=Decimal(ORDERED),
        components=(
            Component(PANEL, Decimal(2)),
            Component(PAINT, Decimal("0.5"), by_hand=True),
            Component(RESIN, Decimal("0.2"), by_hand=True, tracked=True),
        ),
        operations=OPERATIONS,
        by_product=CHIPS,
        share=Decimal("0.1"),
        tracked=tracked,
        prices={product: Decimal(price) for product, price in PRICES.items()},
        by_cost=by_cost,
        staged=staged,
    )


def received(receipts=RECEIPTS):
    stock = Counter()
    for product, lot, quantity, _price in receipts:
        stock[product, lot or ""] += Decimal(str(quantity))
    return stock


class StatefulCase(MesCase):
    """Products and their receipts, and a gate through which postings have to go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.scrap.reason.tag"].create({"name": "BAD"})
        cls.endpoint.interface_ids.retry_base = 600  # not while a test runs
        cls.env.cr.execute(GATE)
        for table in GATED:
            cls.env.cr.execute(
                SQL(
                    "CREATE TRIGGER mfg_test_gate BEFORE INSERT OR UPDATE ON %s"
                    " FOR EACH ROW EXECUTE FUNCTION mfg_test_gate()",
                    SQL.identifier(table),
                )
            )

    @contextmanager
    def locked(self, table):
        """Somebody else holds a lock that whoever writes a table needs."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT pg_advisory_lock(hashtext(%s))", [table])
            self.env.cr.execute("SET LOCAL lock_timeout = '5ms'")
            try:
                with mute_logger("odoo.sql_db"):
                    yield
            finally:  # the session goes back to the pool, and would keep it
                cr.execute("SELECT pg_advisory_unlock(hashtext(%s))", [table])
                self.env.cr.execute("SET LOCAL lock_timeout = 0")

    # -- products --------------------------------------------------------------------

    def make_products(self, method, tracked=False, receipts=RECEIPTS):
        values = {"categ_id": self.make_category(method).id}
        weighed = {PAINT, RESIN}
        lotted = {RESIN, GOODS} if tracked else {RESIN}
        self.products = {
            code: self.make_product(
                code,
                uom=self.kilo if code in weighed else None,
                tracking="lot" if code in lotted else "none",
                **values,
                **({"standard_price": price} if method == "standard" else {}),
            )
            for code, price in PRICES.items()
        }
        self.date_first_prices()
        for receipt in receipts:
            self.receive(*receipt)

    def make_category(self, method):
        return self.env["product.category"].create(
            {"name": f"Valued {method}", "property_cost_method": method}
        )

    def date_first_prices(self):
        """Odoo ignores receipts from before a product's first price."""
        ids = [product.id for product in self.products.values()]
        prices = self.env["product.value"].search([("product_id", "in", ids)])
        prices.date = "2025-12-31 00:00:00"

    def receive(self, code, lot, quantity, price, date=FIRST_DAY):
        product = self.products[code]
        supplier = self.env.ref("stock.stock_location_suppliers")
        lots = self.lot_of(product, lot)
        places = {"location_id": supplier.id, "location_dest_id": self.stock.id}
        line = {"product_id": product.id, "quantity": quantity, "lot_id": lots.id}
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                **places,
                "move_line_ids": [Command.create({**line, **places, "picked": True})],
                "picked": True,
            }
        )
        move._action_done()
        move.date = date
        if product.cost_method != "standard":
            move.value_manual = quantity * price

    def lot_of(self, product, name):
        lots = self.env["stock.lot"]
        if not name:
            return lots
        values = {"name": name, "product_id": product.id}
        known = lots.search([(key, "=", value) for key, value in values.items()])
        return known or lots.create({**values, "company_id": self.env.company.id})

    def make_stool_order(self):
        by_hand = [(PAINT, "0.5"), (RESIN, "0.2")]
        bom = self.make_bom(self.products[GOODS], [(self.products[PANEL], 2, False)])
        bom.bom_line_ids = [
            Command.create(
                {
                    "product_id": self.products[code].id,
                    "product_qty": float(quantity),
                    "operation_id": bom.operation_ids[-1:].id,
                }
            )
            for code, quantity in by_hand
        ]
        chips = {"product_id": self.products[CHIPS].id, "product_qty": 1}
        bom.byproduct_ids = [Command.create({**chips, "cost_share": 10})]
        self.order = self.make_order(ORDERED, bom=bom)

    def stage(self, staged):
        mode = "staged" if staged else "immediate"
        self.interface(CONSUMED).consumption = mode

    # -- what is seen ------------------------------------------------------------------

    def picture(self, order=None):
        """As Ledger.picture() of the model has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        order = order or self.order
        raw, finished = order.move_raw_ids, order.move_finished_ids
        goods = finished.filtered(lambda m: m.product_id == order.product_id)
        scraps = self.env["stock.scrap"].search([("production_id", "=", order.id)])
        return {
            "closed": order.state == "done",
            "stock": self.seen_stock(),
            "used": self.sum_lines(self.done(raw).move_line_ids),
            "set aside": self.sum_lines(
                (raw - self.done(raw)).move_line_ids.filtered("picked")
            ),
            "made": self.lots_of(self.done(goods).move_line_ids),
            "scrapped": self.sum_lines(self.done(scraps.move_ids).move_line_ids),
            "operations": set(
                order.workorder_ids.filtered(lambda w: w.state != "cancel").mapped(
                    "name"
                )
            ),
            "counted": positive(
                {w.name: exact(w.qty_produced) for w in order.workorder_ids}
            ),
            "labour": sorted(
                (row.workorder_id.name, row.date_start, row.date_end or datetime.max)
                for row in order.workorder_ids.time_ids
            ),
            "genealogy": self.seen_genealogy(self.done(goods).move_line_ids),
            "value used": exact(sum(self.done(raw).mapped("value"))),
            "value made": exact(sum(self.done(finished).mapped("value"))),
        }

    def done(self, moves):
        return moves.filtered(lambda move: move.state == "done")

    def seen_stock(self):
        groups = self.env["stock.quant"]._read_group(
            [
                ("product_id", "in", [p.id for p in self.products.values()]),
                ("location_id", "child_of", self.stock.id),
            ],
            ["product_id", "lot_id"],
            ["quantity:sum"],
        )
        return positive(
            {(p.default_code, lot.name or ""): exact(q) for p, lot, q in groups}
        )

    def sum_lines(self, lines):
        sums = Counter()
        for line in lines:
            sums[line.product_id.default_code, line.lot_id.name or ""] += exact(
                line.quantity
            )
        return positive(sums)

    def lots_of(self, lines):
        return {lot: q for (_code, lot), q in self.sum_lines(lines).items()}

    def seen_genealogy(self, lines):
        return {
            lot: self.sum_lines(self.of_lot(lines, lot).consume_line_ids)
            for lot in self.lots_of(lines)
        }

    def of_lot(self, lines, lot):
        return lines.filtered(lambda k: k.quantity and (k.lot_id.name or "") == lot)


def exact(number):
    return Decimal(str(round(number, 4)))
