# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..hooks import uninstall_hook
from .common import STARTED, MesCase, at


@tagged("post_install", "-at_install")
class TestSecurity(MesCase):
    def test_service_user_has_the_least(self):
        user = self.endpoint.user_id
        for group in ("mrp.group_mrp_manager", "stock.group_stock_manager"):
            self.assertFalse(user.has_group(group), group)
        for group in ("hr.group_hr_user", "base.group_system"):
            self.assertFalse(user.has_group(group), group)
        with self.assertRaises(AccessError):
            self.bom.with_user(user).write({"code": "mine"})
        with self.assertRaises(AccessError):
            self.env["mfg.workcenter.crosswalk"].with_user(user).create(
                {
                    "endpoint_id": self.endpoint.id,
                    "code": "X",
                    "workcenter_id": self.saw.id,
                }
            )

    def test_without_this_addon_plants_have_no_right_of_it(self):
        service = self.env.ref("mfg_integration_base.group_mfg_service")
        user = self.endpoint.user_id
        self.assertTrue(user.has_group("mrp.group_mrp_user"))
        uninstall_hook(self.env)
        self.assertFalse(user.has_group("mrp.group_mrp_user"))
        self.assertEqual(service.implied_ids, self.env.ref("base.group_user"))

    def test_a_plant_reads_the_versions_it_was_told(self):
        order = self.make_order()
        neighbour = self.make_endpoint("NEIGHBOUR", self.env.company)
        versions = self.env["mfg.joborder.version"]
        [version] = versions._of(order)
        self.assertEqual(version.answer_ids.endpoint_id, self.endpoint)
        ours = [("id", "=", version.id)]
        self.assertTrue(versions.with_user(self.endpoint.user_id).search(ours))
        self.assertFalse(versions.with_user(neighbour.user_id).search(ours))

    def test_planner_without_integration_rights_confirms_and_sees_the_order(self):
        planner = new_test_user(self.env, "planner", groups="mrp.group_mrp_user")
        order = self.make_order(confirm=False).with_user(planner)
        order.action_confirm()
        self.assertEqual(order.mfg_job_order_id, order.name)
        self.assertTrue(order.web_read({"mfg_job_order_id": {}, "state": {}}))
        form = order.get_views([(False, "form"), (False, "search")])["views"]["form"]
        self.assertNotIn("action_mfg_messages", form["arch"])

    def test_counts_on_the_order(self):
        order = self.make_order()
        code = order.mfg_job_order_id
        self.post(
            STARTED,
            {"jobOrderId": code, "operationsSegmentId": "Paint", "time": at(8)},
            subject=code,
        )
        order.invalidate_recordset()
        # released, started, and the answer that it was parked
        self.assertEqual((order.mfg_message_count, order.mfg_parked_count), (3, 1))
        messages = self.env["mfg.message"].search(order.action_mfg_messages()["domain"])
        self.assertEqual(len(messages), 3)

    def test_another_companys_order_is_unknown(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        order = self.make_order()
        message = self.post(
            STARTED,
            {
                "jobOrderId": order.mfg_job_order_id,
                "operationsSegmentId": "Cut",
                "time": at(8),
            },
            endpoint=foreign,
        )
        self.assertParked(message, "unknown-order")
        self.assertFalse(order.workorder_ids.time_ids)

    def test_same_order_name_in_two_companies(self):
        company = self.env["res.company"].create({"name": "Twin"})
        foreign = self.make_endpoint("TWIN", company)
        mine = self.make_order()
        env = self.env(context={"allowed_company_ids": company.ids})
        theirs = env["mrp.production"].create(
            {"product_id": self.table.id, "product_qty": 5, "name": mine.name}
        )
        theirs.action_confirm()
        data = {
            "jobOrderId": mine.mfg_job_order_id,
            "quantity": {"value": 2, "unitCode": "C62"},
            "time": at(8),
        }
        message = self.post("mfg.production.reported.v1", data, endpoint=foreign)
        self.assertPosted(message)
        self.assertEqual((theirs.qty_produced, mine.qty_produced), (2, 0))
        self.assertEqual(theirs.move_finished_ids.mapped("company_id"), company)
