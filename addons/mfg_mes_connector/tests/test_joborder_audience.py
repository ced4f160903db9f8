# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Who was told of an order is told what becomes of it."""

from pathlib import Path

from odoo.exceptions import UserError
from odoo.modules.module import load_script
from odoo.tests import new_test_user, tagged

from .common import CANCELLED, RELEASED, STARTED, at
from .joborder_common import ACKNOWLEDGED, CHANGED, JoborderCase

OUT = (RELEASED, CHANGED, CANCELLED)


@tagged("post_install", "-at_install")
class TestJoborderAudience(JoborderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouses = cls.env["stock.warehouse"]
        cls.two = warehouses.create({"name": "Two", "code": "TWO"})
        types, company = (*OUT, ACKNOWLEDGED, STARTED), cls.env.company
        cls.here = cls.make_endpoint(
            "HERE", company, types, warehouse_id=cls.warehouse.id
        )
        cls.there = cls.make_endpoint("THERE", company, types, warehouse_id=cls.two.id)

    def move(self, order, warehouse):
        order.picking_type_id = warehouse.manu_type_id
        self.commit()

    def heard(self, endpoint, order):
        """(what, version) of all that a plant was told of an order."""
        messages = self.env["mfg.message"].search(
            [
                ("endpoint_id", "=", endpoint.id),
                ("direction", "=", "out"),
                ("key", "=", order.mfg_job_order_id),
            ],
            order="id",
        )
        for message in messages:
            errors = self.env["mfg.contract"]._errors(
                message.type, message._event_data()
            )
            self.assertFalse(errors)
        return [(m.type, m._event_data()["version"]) for m in messages]

    def last(self, endpoint, event_type):
        return self.outgoing(event_type, endpoint).sorted("id")[-1:]._event_data()

    def test_moved_to_another_warehouse(self):
        order = self.make_order()
        self.assertEqual(self.heard(self.here, order), [(RELEASED, 1)])
        self.assertEqual(self.heard(self.there, order), [])
        self.move(order, self.two)
        self.assertEqual(self.heard(self.here, order)[1:], [(CANCELLED, 2)])
        self.assertEqual(self.heard(self.there, order), [(RELEASED, 2)])
        self.assertEqual(self.heard(self.endpoint, order)[1:], [(CHANGED, 2)])
        self.assertIn("TWO", self.last(self.here, CANCELLED)["reason"])
        self.assertEqual(self.last(self.there, RELEASED)["plant"], "TWO")
        [change] = self.last(self.endpoint, CHANGED)["changes"]
        self.assertEqual(
            change, {"what": "/plant", "from": self.warehouse.code, "to": "TWO"}
        )
        # from now on it is the other plant's
        order.priority = "1"
        self.commit()
        self.assertEqual(len(self.heard(self.here, order)), 2)
        self.assertEqual(self.heard(self.there, order)[1:], [(CHANGED, 3)])
        order.action_cancel()
        self.assertEqual(len(self.heard(self.here, order)), 2)
        self.assertEqual(self.heard(self.there, order)[2:], [(CANCELLED, 4)])

    def test_moved_back(self):
        order = self.make_order()
        self.move(order, self.two)
        self.move(order, self.warehouse)
        self.assertEqual(
            self.heard(self.here, order),
            [(RELEASED, 1), (CANCELLED, 2), (RELEASED, 3)],
        )
        self.assertEqual(self.heard(self.there, order), [(RELEASED, 2), (CANCELLED, 3)])

    def test_who_lost_it_is_not_waited_for(self):
        order = self.make_order()
        for plant in (self.endpoint, self.here):
            self.answer(ACKNOWLEDGED, order, 1, endpoint=plant)
        self.move(order, self.two)
        for plant in (self.endpoint, self.there):
            self.answer(ACKNOWLEDGED, order, 2, endpoint=plant)
        self.assertEqual(
            (order.mfg_plant_state, order.mfg_plant_version), ("accepted", 2)
        )
        version = self.env["mfg.joborder.version"]._of(order)[0]
        self.assertIn("Warehouse", version.summary)

    def test_not_moved_once_the_plant_has_begun(self):
        order = self.make_order()
        started = self.tell(
            STARTED,
            order,
            endpoint=self.here,
            operationsSegmentId="Cut",
            time=at(8),
        )
        self.assertPosted(started)
        self.commit()
        order.picking_type_id = self.two.manu_type_id
        with self.assertRaisesRegex(UserError, "HERE has started"):
            self.commit()
        self.env.cr.precommit.clear()

    def test_another_operation_type_of_the_same_warehouse(self):
        order = self.make_order()
        order.picking_type_id = self.warehouse.manu_type_id.copy(
            {"name": "Line 2", "sequence_code": "L2"}
        )
        self.commit()
        self.assertEqual(self.heard(self.here, order), [(RELEASED, 1)])

    def test_filters_chosen_since_take_nothing_back(self):
        categories = self.env["product.category"]
        tables, other = categories.create([{"name": "Tables"}, {"name": "Other"}])
        self.table.categ_id = tables
        interfaces = self.here.interface_ids.filtered(lambda i: i.type in OUT)
        interfaces.only_category_ids = tables
        order, second = self.make_order(), self.make_order()
        self.table.categ_id = other
        order.priority = "1"
        self.commit()
        second.action_cancel()
        self.assertEqual(self.heard(self.here, order), [(RELEASED, 1), (CHANGED, 2)])
        self.assertEqual(self.heard(self.here, second), [(RELEASED, 1), (CANCELLED, 2)])
        self.assertEqual(self.heard(self.here, self.make_order()), [])

    def test_who_gets_an_operation_is_released_the_order(self):
        paint = self.make_workcenter("PAINT")
        self.interface(RELEASED, self.here).only_workcenter_ids = paint
        order = self.make_order()
        self.assertEqual(self.heard(self.here, order), [])
        order.workorder_ids.sorted("id")[0].workcenter_id = paint
        self.commit()
        self.assertEqual(self.heard(self.here, order), [(RELEASED, 2)])
        self.answer(ACKNOWLEDGED, order, 2, endpoint=self.here)
        self.assertEqual(order.mfg_plant_state, "waiting")
        self.acknowledge(order, 2)
        self.assertEqual(order.mfg_plant_state, "accepted")

    # -- plants that come later ----------------------------------------------------

    def test_a_plant_that_is_connected_late_acknowledges(self):
        order = self.make_order()
        late = self.make_endpoint("LATE", self.env.company)
        message = self.answer(ACKNOWLEDGED, order, 1, endpoint=late)
        self.assertPosted(message)
        self.assertEqual(order.mfg_plant_state, "waiting")
        for plant in (self.endpoint, self.here):
            self.answer(ACKNOWLEDGED, order, 1, endpoint=plant)
        self.assertEqual(order.mfg_plant_state, "accepted")
        order.priority = "1"
        self.commit()
        self.assertEqual(self.heard(late, order), [(CHANGED, 2)])

    def test_nobody_was_there_when_the_order_was_released(self):
        plants = self.endpoint | self.here | self.there
        plants.interface_ids.active = False
        order = self.make_order()
        order.priority = "1"
        self.commit()
        interfaces = plants.with_context(active_test=False).interface_ids
        interfaces.active = True
        self.assertPosted(self.acknowledge(order, 1))
        self.assertEqual(
            (order.mfg_plant_state, order.mfg_plant_version), ("accepted", 1)
        )
        self.assertParked(self.acknowledge(order, 2), "unknown-version")

    def test_who_learns_to_answer_answers_what_it_was_told(self):
        answers = self.interface(ACKNOWLEDGED)
        answers.active = False
        order = self.make_order()
        answers.active = True
        self.assertPosted(self.acknowledge(order, 1))

    def test_a_plant_does_not_answer_what_is_not_its_order(self):
        late = self.make_endpoint("LATE", self.env.company)
        self.interface(RELEASED, late).only_workcenter_ids = self.make_workcenter("P")
        order = self.make_order()
        message = self.answer(ACKNOWLEDGED, order, 1, endpoint=late)
        self.assertParked(message, "unknown-version")

    def test_release_to_plants_that_were_not_told(self):
        plants = self.endpoint | self.here | self.there
        interfaces = plants.interface_ids
        interfaces.active = False
        old = self.make_order()  # as if confirmed before the addon was installed
        old.write({"mfg_job_order_id": False, "mfg_version": 0})
        interfaces.active = True
        order, done = self.make_order(), self.make_order()
        done.action_cancel()
        late = self.make_endpoint("LATE", self.env.company)
        planner = new_test_user(self.env, "releasing", groups="mrp.group_mrp_user")
        orders = (old | order | done).with_user(planner)
        for expected in ("2 of 3", "0 of 3"):
            told = orders.action_mfg_release()["params"]["message"]
            self.assertIn(expected, told)
            self.commit()
            self.assertEqual(self.heard(late, old), [(RELEASED, 1)])
            self.assertEqual(self.heard(late, order), [(RELEASED, 1)])
            self.assertEqual(self.heard(self.endpoint, order), [(RELEASED, 1)])
            self.assertEqual(self.heard(late, done), [])
        self.assertPosted(self.answer(ACKNOWLEDGED, order, 1, endpoint=late))

    def test_what_the_log_knew_is_kept_with_the_versions(self):
        """The update to 19.0.1.2.0."""
        self.interface(ACKNOWLEDGED).active = False
        order = self.make_order()
        order.priority = "1"
        self.commit()
        self.env.cr.execute("DELETE FROM mfg_joborder_answer WHERE state = 'told'")
        self.env.invalidate_all()
        self.assertNotIn(self.endpoint.id, order._mfg_known_by())
        [script] = Path(__file__).parents[1].glob("migrations/19.0.1.2.0/post-*.py")
        for _again in range(2):
            load_script(str(script), script.stem).migrate(self.env.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        versions = self.env["mfg.joborder.version"]._of(order)
        for version in versions:
            self.assertEqual(version._answer_of(self.endpoint).state, "told")
        order.priority = "0"
        self.commit()
        self.assertEqual(self.heard(self.endpoint, order)[-1], (CHANGED, 3))
