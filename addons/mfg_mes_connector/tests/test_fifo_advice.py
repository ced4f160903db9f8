# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import unittest
from datetime import datetime, timedelta

from odoo.tests import tagged

from ..models.mfg_endpoint import MANY_LAYERS
from .common import MesCase


@tagged("post_install", "-at_install")
class TestFifoAdvice(MesCase):
    """A deep stack of receipts slows every posting: told where the plant is set up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "cost_method" not in cls.env["product.product"]._fields:
            raise unittest.SkipTest("stock_account is not installed")
        cls.fifo = cls.make_category("fifo")
        cls.supplier = cls.env.ref("stock.stock_location_suppliers")

    @classmethod
    def make_category(cls, method):
        return cls.env["product.category"].create(
            {"name": method, "property_cost_method": method}
        )

    def component(self, code, order=True, **values):
        product = self.make_product(code, categ_id=self.fifo.id, **values)
        if order:
            goods = self.make_product(f"OF-{code}")
            bom = self.make_bom(goods, [(product, 1, False)], operations=())
            self.make_order(bom=bom)
        return product

    def receive(self, product, receipts, quantity=1, uom=None, company=None):
        """That many receipts, one per minute, the last of them today."""
        company = company or self.env.company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        moves = self.env["stock.move"].with_company(company)
        moves = moves.create(
            [
                {
                    "product_id": product.id,
                    "product_uom": (uom or product.uom_id).id,
                    "product_uom_qty": quantity,
                    "location_id": self.supplier.id,
                    "location_dest_id": warehouse.lot_stock_id.id,
                    "company_id": company.id,
                }
                for _n in range(receipts)
            ]
        )
        moves._action_confirm(merge=False)
        moves.write({"quantity": quantity, "picked": True})
        moves._action_done()
        now = datetime.now().replace(microsecond=0)
        for number, move in enumerate(moves):
            move.date = now - timedelta(minutes=receipts - number)

    def take(self, product, quantity):
        self.lay_in(product, -quantity)

    def advice(self, endpoint=None):
        endpoint = endpoint or self.endpoint
        self.env.invalidate_all()
        return endpoint.advice or ""

    def test_many_open_receipts(self):
        product = self.component("DEEP")
        self.receive(product, MANY_LAYERS - 1)
        self.assertNotIn("DEEP", self.advice())
        self.receive(product, 1)
        self.assertIn("DEEP", self.advice())
        self.assertIn(f" {MANY_LAYERS} open receipts", self.advice())

    def test_only_receipts_still_in_stock_count(self):
        product = self.component("DEEP")
        self.receive(product, MANY_LAYERS)
        self.assertIn("DEEP", self.advice())
        self.take(product, 1)
        self.assertNotIn("DEEP", self.advice())

    def test_receipts_in_another_unit(self):
        """Dozens: a receipt is one layer, however many pieces it has."""
        dozen = self.env.ref("uom.product_uom_dozen")
        product = self.component("DOZENS")
        self.receive(product, MANY_LAYERS, uom=dozen)
        self.assertIn(f" {MANY_LAYERS} open receipts", self.advice())
        self.take(product, 12)
        self.assertNotIn("DOZENS", self.advice())

    def test_not_where_it_costs_nothing(self):
        idle = self.component("IDLE", order=False)
        self.receive(idle, MANY_LAYERS)
        self.assertNotIn("IDLE", self.advice(), "no open order uses it")
        average = self.component("AVERAGE")
        average.categ_id = self.make_category("average")
        self.receive(average, MANY_LAYERS)
        self.assertNotIn("AVERAGE", self.advice())

    def test_an_order_that_is_over_is_no_matter(self):
        product = self.component("DEEP")
        self.receive(product, MANY_LAYERS)
        self.assertIn("DEEP", self.advice())
        orders = self.env["mrp.production"].search(
            [("move_raw_ids.product_id", "=", product.id)]
        )
        orders.action_cancel()
        self.assertNotIn("DEEP", self.advice())

    def test_each_company_has_its_own_stock_and_method(self):
        product = self.component("SHARED")
        other = self.env["res.company"].create({"name": "Other plant"})
        self.env.user.company_ids |= other
        self.fifo.with_company(other).property_cost_method = "fifo"
        theirs = self.make_endpoint("Theirs", other)
        self.receive(product, MANY_LAYERS, company=other)
        self.assertNotIn("SHARED", self.advice(), "deep in the other company only")
        self.assertNotIn("SHARED", self.advice(theirs), "no order there uses it")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        goods = self.make_product("THEIRS")
        bom = self.make_bom(
            goods, [(product, 1, False)], operations=(), company_id=False
        )
        order = self.env["mrp.production"].with_company(other)
        order = order.create(
            {
                "product_id": goods.id,
                "product_qty": 1,
                "bom_id": bom.id,
                "company_id": other.id,
                "picking_type_id": warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        self.assertIn("SHARED", self.advice(theirs))
        self.assertNotIn("SHARED", self.advice())
        self.fifo.with_company(other).property_cost_method = "average"
        self.assertNotIn("SHARED", self.advice(theirs))

    def test_a_manager_without_accounting_sees_it(self):
        product = self.component("DEEP")
        self.receive(product, MANY_LAYERS)
        group = self.env.ref("mfg_integration_base.group_mfg_manager")
        manager = self.env["res.users"].create(
            {"name": "Manager", "login": "manager-x", "group_ids": [(6, 0, group.ids)]}
        )
        self.assertIn("DEEP", self.advice(self.endpoint.with_user(manager)))
