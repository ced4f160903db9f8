# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .joborder_common import CHANGED, JoborderCase


@tagged("post_install", "-at_install")
class TestJoborderScreens(JoborderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.planner = new_test_user(cls.env, "planner", groups="mrp.group_mrp_user")

    def versions(self, order):
        action = order.with_user(self.planner).action_mfg_versions()
        return (
            self.env["mfg.joborder.version"]
            .with_user(self.planner)
            .search(action["domain"])
        )

    def test_a_planner_reads_the_history(self):
        order = self.make_order().with_user(self.planner)
        self.acknowledge(order, 1)
        self.change_quantity(order, 12)
        self.commit()
        order.workorder_ids.sorted("id")[0].workcenter_id = self.bench
        self.commit()
        order.workorder_ids.sorted("id")[1].sudo().unlink()
        self.commit()
        self.refuse(order, 4, code="T1", detail="No tool")
        last, machine, quantity, released = self.versions(order)
        self.assertEqual(released.summary, "Released")
        self.assertIn("Quantity: 10 Units → 12 Units", quantity.summary)
        self.assertIn("[BOARD] Board, quantity: 10 Units → 12 Units", quantity.summary)
        self.assertIn(
            "Operation Cut, work center: SAW centre → BENCH centre", machine.summary
        )
        self.assertIn("Operation Glue removed: BENCH centre", last.summary)
        self.assertEqual(quantity.create_uid, self.planner)
        self.assertEqual(
            (last.plant_state, last.answer_text), ("refused", "MES: T1: No tool")
        )
        self.assertEqual(order.mfg_answer_text, "MES: T1: No tool")

    def test_every_kind_of_change_has_words(self):
        order = self.make_order()
        order.button_plan()
        self.commit()
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = self.make_product("NAIL")
            line.product_uom_qty = 40
        order.write({"priority": "1", "date_start": "2030-01-01 08:00:00"})
        self.commit()
        for version in self.versions(order):
            for change_line in version.details.split("\n"):
                self.assertNotRegex(change_line, r"[{}\[]'|None|_workorder|/segments")
        everything = "\n".join(self.versions(order).mapped("details"))
        self.assertIn("Priority: Normal → Urgent", everything)
        self.assertIn(
            "Component added: [NAIL] Nail, 40 Units", self.versions(order)[0].details
        )

    def test_nobody_writes_history(self):
        order = self.make_order()
        version = self.versions(order)
        for values in ({"number": 7}, {"changes": []}):
            with self.assertRaises(AccessError):
                version.write(values)
        with self.assertRaises(AccessError):
            version.unlink()

    def test_filters_find_what_needs_a_planner(self):
        refused, waiting, accepted = (self.make_order() for _number in range(3))
        self.refuse(refused, 1)
        self.acknowledge(accepted, 1)
        orders = self.env["mrp.production"]
        mine = [("id", "in", (refused | waiting | accepted).ids)]
        found = orders.search([*mine, ("mfg_plant_state", "=", "refused")])
        self.assertEqual(found, refused)
        found = orders.search([*mine, ("mfg_plant_state", "=", "waiting")])
        self.assertEqual(found, waiting)

    def test_policies_are_shown_where_they_count(self):
        arch = self.env["mfg.interface"].get_view(view_type="form")["arch"]
        self.assertIn("change_quantity", arch)
        self.assertEqual(self.interface(CHANGED).change_quantity, "free")

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="mrp.group_mrp_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        order = self.make_order()
        versions = self.env["mfg.joborder.version"]._of(order)
        self.assertFalse(
            versions.with_user(stranger)
            .sudo(False)
            .search([("id", "in", versions.ids)])
        )
