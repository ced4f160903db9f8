# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools
import unittest
from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import Command

from .common import COMPLETED, CONSUMED, PAUSED, STARTED, MesCase, amount

METHODS = ("standard", "average", "fifo")
ONE, TWO = (10,), (4, 6)  # pieces per report


@dataclass
class World:
    """A product, what it is made of, what was received of that, and an order."""

    product: object
    plank: object
    resin: object
    order: object
    waste: object


class CostCase(MesCase):
    """Two worlds alike: the plant reports in one, people press Odoo's buttons in the
    other. All is valued in real time, so that journal entries tell as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "extra_cost" not in cls.env["mrp.production"]._fields:
            raise unittest.SkipTest("mrp_account is not installed")
        cls.numbers = itertools.count(1)
        cls.env["stock.scrap.reason.tag"].create({"name": "BAD"})
        journal = cls.env["account.journal"].create(
            {"name": "Stock", "code": "STJ9", "type": "general"}
        )
        cls.env.company.account_stock_journal_id = journal
        cls.stock_account, cls.made_account, cls.work_account = cls.env[
            "account.account"
        ].create(
            [
                {"name": "Stock", "code": "991001", "account_type": "asset_current"},
                {"name": "Making", "code": "991002", "account_type": "asset_current"},
                {"name": "Work", "code": "991003", "account_type": "expense"},
            ]
        )
        production = cls.table.property_stock_production
        production.valuation_account_id = cls.made_account
        (cls.saw | cls.bench).expense_account_id = cls.work_account
        cls.categories = {method: cls.make_category(method) for method in METHODS}
        cls.clock = datetime.now().replace(microsecond=0) - timedelta(hours=4)

    @classmethod
    def make_category(cls, method):
        return cls.env["product.category"].create(
            {
                "name": f"Valued {method}",
                "property_cost_method": method,
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": cls.stock_account.id,
                "property_stock_journal": cls.env.company.account_stock_journal_id.id,
            }
        )

    def make_world(self, method, work=True, pieces=10, share=0):
        number = next(self.numbers)
        own = {"categ_id": self.categories[method].id}
        fixed = own if method != "standard" else {**own, "standard_price": 6.5}
        plank = self.make_product(f"PLANK{number}", **fixed)
        resin = self.make_product(f"RESIN{number}", uom=self.kilo, **fixed)
        waste = self.make_product(f"WASTE{number}", **own)
        for product, quantity, price in (
            (plank, 20, 3.0),
            (plank, 20, 5.0),
            (resin, 3, 7.0),
            (resin, 9, 11.0),
        ):
            self.receive(product, quantity, price)
        product = self.make_product(f"P{number}", **fixed)
        by_product = {"product_id": waste.id, "product_qty": 1, "cost_share": share}
        bom = self.make_bom(
            product,
            [(plank, 2, False), (resin, 0.5, False)],
            operations=("Cut",) if work else (),
            byproduct_ids=[Command.create(by_product)] if share else [],
        )
        order = self.make_order(pieces, bom)
        return World(product, plank, resin, order, waste)

    def receive(self, product, quantity, price):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": quantity, "picked": True})
        move._action_done()
        if product.cost_method != "standard":
            move.value_manual = quantity * price
        return move

    def consumption(self, mode):
        self.interface(CONSUMED).consumption = mode

    # -- the plant -----------------------------------------------------------------

    def stamp(self, moment=None):
        moment = moment or datetime.now().replace(microsecond=0)
        return f"{moment.isoformat()}Z"

    def work(self, world, begun, minutes):
        """The plant works on the only operation."""
        ended = begun + timedelta(minutes=minutes)
        self.assertPosted(
            self.tell(STARTED, world.order, time=self.stamp(begun)),
            self.tell(PAUSED, world.order, time=self.stamp(ended)),
        )

    def use(self, world, planks, resin):
        lines = [
            {
                "materialDefinitionId": world.plank.default_code,
                "quantity": amount(planks),
            },
            {
                "materialDefinitionId": world.resin.default_code,
                "quantity": amount(resin, "KGM"),
            },
        ]
        message = self.tell(CONSUMED, world.order, materials=lines, time=self.stamp())
        self.assertPosted(message)

    def make(self, world, pieces, waste=0, **data):
        if waste:
            code = world.waste.default_code
            line = {"materialDefinitionId": code, "quantity": amount(waste)}
            data["byProducts"] = [line]
        data = {"backflush": "never", "time": self.stamp(), **data}
        self.assertPosted(self.report(world.order, pieces, **data))

    def end(self, world):
        """The plant ends the order; where that is only its one operation, a person."""
        self.assertPosted(self.tell(COMPLETED, world.order, time=self.stamp()))
        if world.order.workorder_ids:
            world.order.button_mark_done()
        self.assertEqual(world.order.state, "done")

    # -- Odoo's buttons --------------------------------------------------------------

    def work_by_hand(self, order, begun, minutes):
        loss = self.env["mrp.workcenter.productivity.loss"]
        self.env["mrp.workcenter.productivity"].create(
            {
                "workorder_id": order.workorder_ids.id,
                "workcenter_id": order.workorder_ids.workcenter_id.id,
                "loss_id": loss.search([("loss_type", "=", "productive")], limit=1).id,
                "date_start": begun,
                "date_end": begun + timedelta(minutes=minutes),
            }
        )

    def by_hand(self, order, world, pieces, planks, resin, waste=0):
        """Enter all of it on the order's form and press Produce; the backorder."""
        entered = {world.plank: planks, world.resin: resin}
        for move in order.move_raw_ids:
            move.write({"quantity": entered[move.product_id], "picked": True})
        order.qty_producing = pieces
        order.move_byproduct_ids.quantity = waste
        before = order.production_group_id.production_ids
        rest = order.ids if pieces < order.product_qty else []
        order.with_context(
            skip_backorder=True,
            skip_consumption=True,
            skip_redirection=True,
            mo_ids_to_backorder=rest,
        ).button_mark_done()
        self.assertEqual(order.state, "done")
        return order.production_group_id.production_ids - before

    # -- what came of it -------------------------------------------------------------

    def goods(self, world, product=None):
        """Value of each posting of the goods, in the order of posting."""
        family = world.order.production_group_id.production_ids
        moves = family.move_finished_ids.filtered(
            lambda m: m.state == "done" and m.product_id == (product or world.product)
        )
        return [round(move.value, 2) for move in moves.sorted("id") if move.quantity]

    def picture(self, world):
        """What is comparable between worlds, however often was posted."""
        self.env.invalidate_all()
        every = [world.product, world.plank, world.resin, world.waste]
        family = world.order.production_group_id.production_ids
        used = family.move_raw_ids.filtered(lambda m: m.state == "done")
        return {
            "goods": round(sum(self.goods(world)), 2),
            "waste": round(sum(self.goods(world, world.waste)), 2),
            "used": round(sum(used.mapped("value")), 2),
            "prices": [round(p.standard_price, 4) for p in every],
            "worth": [round(p.total_value, 2) for p in every],
            "on hand": [self.on_hand(p) for p in every],
            "entries": self.entries(world, self.stock_account),
            "making": round(
                self.entries(world, self.made_account) + self.labour(world), 2
            ),
        }

    def entries(self, world, account):
        """Balance on an account of what was entered for the products of a world."""
        products = world.product | world.plank | world.resin | world.waste
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("product_id", "in", products.ids)]
        )
        return round(sum(lines.mapped("balance")), 2)

    def labour(self, world):
        """Balance of labour on the account of what is being made."""
        family = world.order.production_group_id.production_ids
        entries = family.workorder_ids.time_ids.account_move_line_id.move_id
        lines = entries.line_ids.filtered(lambda k: k.account_id == self.made_account)
        return sum(lines.mapped("balance"))

    # -- the same facts for both

    def spell(self, number, parts):
        """When and how long was worked for a part, and what was used."""
        begun = self.clock + timedelta(minutes=60 * number)
        return begun, 20 + 15 * number, 2 * parts[number] + 1, parts[number] / 2 + 0.5

    def used(self, product, order):
        done = order.move_raw_ids.filtered(
            lambda m: m.state == "done" and m.product_id == product
        )
        return sum(done.mapped("quantity"))
