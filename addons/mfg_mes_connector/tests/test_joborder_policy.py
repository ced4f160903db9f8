# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import joborder_diff as diff
from .common import RELEASED, STARTED, at, moment
from .joborder_common import ACKNOWLEDGED, CHANGED, REFUSED, JoborderCase, ago


@tagged("post_install", "-at_install")
class TestJoborderPolicy(JoborderCase):
    def policy(self, **policies):
        values = {f"change_{aspect}": policy for aspect, policy in policies.items()}
        self.interface(CHANGED).write(values)

    def start(self, order):
        message = self.tell(STARTED, order, operationsSegmentId="Cut", time=at(8))
        self.assertPosted(message)
        self.commit()

    def assertLocked(self, word):
        """What was changed cannot be committed, and the planner hears why."""
        with self.assertRaisesRegex(UserError, word) as caught:
            self.commit()
        self.assertIn("MES", str(caught.exception))

    def test_locked_from_the_start_on(self):
        self.policy(quantity="locked", components="locked", operations="locked")
        order = self.make_order()
        self.change_quantity(order, 12)
        self.assertEqual(self.only_change(order)["version"], 2)
        self.start(order)
        changes = {
            "quantity": lambda: self.change_quantity(order, 14),
            "components": lambda: self.line(order, self.board).write(
                {"product_uom_qty": 30}
            ),
            "operations": lambda: order.workorder_ids.sorted("id")[1].write(
                {"workcenter_id": self.saw.id}
            ),
        }
        for word, change in changes.items():
            with self.subTest(word), self.env.cr.savepoint() as savepoint:
                change()
                self.assertLocked(word)
                savepoint.rollback()
                self.env.cr.postcommit.data.clear()
        order.priority = "1"
        self.assertEqual(self.changed(order)[-1]["version"], 3)

    def test_what_follows_from_the_quantity_is_quantity(self):
        self.policy(components="locked", operations="locked", dates="locked")
        order = self.make_order()
        self.start(order)
        self.change_quantity(order, 12)
        self.assertEqual(self.only_change(order)["quantity"]["value"], "12")

    def test_the_lock_holds_for_other_code_and_not_for_the_plant(self):
        self.policy(components="locked", quantity="locked", dates="locked")
        order = self.make_order()
        self.start(order)
        screw = self.make_product("SCREW", stock=50)
        self.assertPosted(self.consume(order, screw, 8, "C62"))
        self.assertPosted(self.report(order, 10, final=True))
        self.commit()

    def test_consent(self):
        self.policy(quantity="consent")
        order = self.make_order()
        self.acknowledge(order, 1)
        order.priority = "1"
        self.assertFalse(self.only_change(order)["consentRequired"])
        self.assertEqual(order.mfg_plant_state, "waiting")
        self.acknowledge(order, 2)
        self.change_quantity(order, 12)
        self.assertTrue(self.changed(order)[-1]["consentRequired"])
        self.assertEqual(order.mfg_plant_state, "consent")
        self.acknowledge(order, 3)
        self.assertEqual(
            (order.mfg_plant_state, order.mfg_plant_version), ("accepted", 3)
        )

    def test_each_plant_is_asked_for_itself(self):
        other = self.make_endpoint("OTHER", self.env.company)
        self.policy(quantity="consent")
        order = self.make_order()
        self.change_quantity(order, 12)
        self.assertTrue(self.only_change(order)["consentRequired"])
        [data] = self.changed(order, other)
        self.assertFalse(data["consentRequired"])

    def test_going_back_to_what_was_accepted_needs_no_consent(self):
        self.policy(quantity="consent", components="consent")
        order = self.make_order()
        self.acknowledge(order, 1)
        self.change_quantity(order, 12)
        self.commit()
        self.refuse(order, 2)
        order.action_mfg_go_back()
        data = self.changed(order)[-1]
        self.assertEqual(
            (data["version"], data["quantity"]["value"], data["consentRequired"]),
            (3, "10", False),
        )

    def test_going_back_restores_lines_and_operations(self):
        order = self.make_order()
        order.button_plan()
        self.commit()
        self.acknowledge(order, 2)
        before = self.env["mfg.joborder"]._plan(order)
        nail = self.make_product("NAIL", stock=100)
        order.move_raw_ids = [
            Command.delete(self.line(order, self.board).id),
            Command.create(
                {
                    "product_id": nail.id,
                    "product_uom_qty": 40,
                    "product_uom": self.unit.id,
                }
            ),
        ]
        cut, glue = order.workorder_ids.sorted("id")
        cut.name = "Saw"
        glue.unlink()
        order.write({"priority": "1", "date_finished": moment(8, day=28)})
        self.commit()
        self.refuse(order, 3)
        self.assertTrue(order.activity_ids)
        order.action_mfg_go_back()
        self.commit()
        self.assertFalse(order.activity_ids)
        self.assertEqual(order.mfg_version, 4)
        after = self.env["mfg.joborder"]._plan(order)
        self.assertTrue(diff.alike(before, after), (before, after))

    def test_nothing_to_go_back_to(self):
        order = self.make_order()
        self.refuse(order, 1)
        with self.assertRaisesRegex(UserError, "accepted no version"):
            order.action_mfg_go_back()

    def test_a_plant_that_loses_its_operation_is_asked(self):
        """Its policy counts although the order is not at its work centre any more."""
        saw_plant = self.make_endpoint("SAWMILL", self.env.company)
        for event_type in (RELEASED, CHANGED):
            self.interface(event_type, saw_plant).only_workcenter_ids = self.saw
        policy = self.interface(CHANGED, saw_plant)
        policy.change_operations = "consent"
        order = self.make_order()
        order.workorder_ids.sorted("id")[0].workcenter_id = self.bench
        [data] = self.changed(order, saw_plant)
        self.assertTrue(data["consentRequired"])
        self.assertEqual(order.mfg_plant_state, "consent")
        policy.change_operations = "locked"
        second = self.make_order()
        self.start(second)
        second.workorder_ids.sorted("id")[0].workcenter_id = self.bench
        with self.assertRaisesRegex(UserError, "SAWMILL locks this"):
            self.commit()
        self.env.cr.precommit.clear()

    def test_back_to_what_all_plants_accepted(self):
        other = self.make_endpoint("OTHER", self.env.company)
        order = self.make_order()
        self.acknowledge(order, 1)
        self.answer(ACKNOWLEDGED, order, 1, endpoint=other)
        self.change_quantity(order, 12)
        self.commit()
        self.acknowledge(order, 2)
        self.assertEqual(order.mfg_plant_version, 1)
        self.answer(REFUSED, order, 2, endpoint=other)
        self.assertEqual(
            (order.mfg_plant_version, order.mfg_plant_state), (1, "refused")
        )
        order.action_mfg_go_back()
        self.assertEqual(self.changed(order)[-1]["quantity"]["value"], "10")
        self.assertEqual(order.product_qty, 10)

    def test_a_plant_that_changes_its_mind(self):
        order = self.make_order()
        self.acknowledge(order, 1, time=ago(minutes=9))
        self.change_quantity(order, 12)
        self.commit()
        self.acknowledge(order, 2, time=ago(minutes=5))
        self.assertEqual(order.mfg_plant_version, 2)
        with self.assertRaisesRegex(UserError, "nothing to go back to"):
            order.action_mfg_go_back()
        self.refuse(order, 2, time=ago(minutes=1))
        self.assertEqual(order.mfg_plant_version, 1)
        order.action_mfg_go_back()
        self.assertEqual(self.changed(order)[-1]["quantity"]["value"], "10")
