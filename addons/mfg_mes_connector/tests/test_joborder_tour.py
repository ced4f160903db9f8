# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import HttpCase, new_test_user, tagged

from .joborder_common import JoborderCase


@tagged("post_install", "-at_install")
class TestJoborderTour(HttpCase, JoborderCase):
    def test_a_planner_goes_back_after_a_refusal(self):
        planner = new_test_user(self.env, "eve", groups="mrp.group_mrp_user")
        order = self.make_order()
        self.acknowledge(order, 1)
        self.change_quantity(order, 12)
        self.commit()
        self.refuse(order, 2, code="T1", detail="No tool")
        path = f"/odoo/action-mrp.mrp_production_action/{order.id}"
        self.start_tour(path, "mfg_go_back_after_a_refusal", login=planner.login)
        self.assertEqual((order.product_qty, order.mfg_version), (10, 3))
