# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Orders that nobody made by hand: rules and schedulers plan them, also anew."""

from odoo import SUPERUSER_ID
from odoo.tests import new_test_user, tagged

from odoo.addons.mfg_integration_base.tools.posting import POSTING

from .common import RELEASED
from .joborder_common import CHANGED, JoborderCase


@tagged("post_install", "-at_install")
class TestJoborderScheduler(JoborderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table.route_ids = cls.warehouse.manufacture_pull_id.route_id
        cls.reference = cls.env["stock.reference"].create({"name": "SO1"})

    def orders(self):
        return self.env["mrp.production"].search([("product_id", "=", self.table.id)])

    def need(self, quantity, **context):
        """Something needs tables: a sale, or an order for a bigger product."""
        rules = self.env["stock.rule"].with_user(SUPERUSER_ID).with_context(**context)
        procurement = rules.Procurement(
            self.table,
            quantity,
            self.unit,
            self.stock,
            "Need",
            "SO1",
            self.env.company,
            {"warehouse_id": self.warehouse, "reference_ids": self.reference},
        )
        rules.run([procurement])

    def test_a_need_releases_and_another_one_raises(self):
        self.need(4)
        self.commit()
        [order] = self.orders()
        self.assertFalse(order.user_id)
        self.assertEqual(self.outgoing(RELEASED).subject, order.mfg_job_order_id)
        self.need(3)
        self.assertEqual(self.orders(), order)
        data = self.only_change(order)
        self.assertEqual(data["quantity"]["value"], "7")

    def test_a_need_that_a_posting_brings_about_is_told(self):
        self.need(4)
        self.commit()
        self.need(3, **POSTING)
        data = self.only_change(self.orders())
        self.assertEqual(data["quantity"]["value"], "7")

    def test_a_refusal_reaches_who_owns_the_interface(self):
        owner = new_test_user(self.env, "owner", groups="mrp.group_mrp_user")
        self.interface(CHANGED).owner_id = owner
        self.need(4)
        self.commit()
        [order] = self.orders()
        self.assertEqual(order.create_uid.id, SUPERUSER_ID)
        self.refuse(order, 1, detail="No tool")
        self.assertEqual(order.activity_ids.user_id, owner)
