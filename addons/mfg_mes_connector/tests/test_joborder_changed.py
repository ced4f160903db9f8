# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command
from odoo.tests import Form, tagged

from .common import CANCELLED, CONSUMED, RELEASED, at
from .joborder_common import CHANGED, JoborderCase


@tagged("post_install", "-at_install")
class TestJoborderChanged(JoborderCase):
    def test_quantity(self):
        order = self.make_order()
        self.change_quantity(order, 12)
        data = self.only_change(order)
        self.assertEqual((data["version"], order.mfg_version), (2, 2))
        self.assertEqual(data["quantity"], {"value": "12", "unitCode": "C62"})
        found = {c["what"]: (c.get("from"), c["to"]) for c in data["changes"]}
        self.assertEqual(
            found["/quantity"],
            ({"value": "10", "unitCode": "C62"}, {"value": "12", "unitCode": "C62"}),
        )
        board = self.line(order, self.board)
        self.assertEqual(
            found[f"/materialRequirements/{board.id}/quantity"][1]["value"], "12"
        )
        self.assertFalse(data["consentRequired"])

    def test_quantity_under_way(self):
        """Told is what all of it needs, the posted part included."""
        order = self.make_order()
        self.report(order, 4)
        self.change_quantity(order, 20)
        data = self.only_change(order)
        needed = {
            line["materialDefinitionId"]: line["quantity"]["value"]
            for line in data["materialRequirements"]
        }
        self.assertEqual(needed, {"BOARD": "20", "GLUE": "10"})

    def test_priority_and_dates(self):
        order = self.make_order()
        order.write({"priority": "1"})
        self.assertEqual(self.whats(self.only_change(order)), {"/priority"})
        order.write({"date_start": order.date_start + timedelta(days=2)})
        [_first, data] = self.changed(order)
        self.assertEqual(self.whats(data), {"/startTime", "/endTime"})

    def test_components(self):
        order = self.make_order()
        self.line(order, self.board).product_uom_qty = 11
        nail = self.make_product("NAIL", stock=100)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = nail
            line.product_uom_qty = 40
        data = self.only_change(order)
        board, added = self.line(order, self.board), self.line(order, nail)
        self.assertEqual(
            self.whats(data),
            {
                f"/materialRequirements/{board.id}/quantity",
                f"/materialRequirements/{added.id}",
            },
        )
        new = next(c for c in data["changes"] if "from" not in c)
        self.assertEqual(new["to"]["materialDefinitionId"], "NAIL")
        order.move_raw_ids = [Command.delete(added.id)]
        [_first, data] = self.changed(order)
        [gone] = data["changes"]
        self.assertNotIn("to", gone)
        self.assertEqual(gone["from"]["materialDefinitionId"], "NAIL")

    def test_operations(self):
        order = self.make_order()
        cut, glue = order.workorder_ids.sorted("id")
        cut.workcenter_id = self.bench
        glue.duration_expected = 90
        data = self.only_change(order)
        self.assertLessEqual(
            {"/segments/Cut/equipmentId", "/segments/Glue/duration"}, self.whats(data)
        )
        machine = next(c for c in data["changes"] if c["what"].endswith("equipmentId"))
        self.assertEqual((machine["from"], machine["to"]), ("SAW", "BENCH"))
        glue.unlink()
        [_first, data] = self.changed(order)
        self.assertEqual([s["operationsSegmentId"] for s in data["segments"]], ["Cut"])
        self.assertIn("/segments/Glue", self.whats(data))

    def test_planning_tells_the_times_of_operations(self):
        order = self.make_order()
        order.button_plan()
        data = self.only_change(order)
        self.assertIn("/segments/Cut/startTime", self.whats(data))
        cut = order.workorder_ids.sorted("id")[0]
        later = cut.date_start + timedelta(hours=3)
        cut.write({"date_start": later, "date_finished": later + timedelta(hours=1)})
        [_first, data] = self.changed(order)
        self.assertIn("/segments/Cut/startTime", self.whats(data))
        self.assertIn("/startTime", self.whats(data))

    def test_update_of_the_bill_of_materials(self):
        order = self.make_order()
        self.bom.bom_line_ids.filtered(
            lambda l: l.product_id == self.board
        ).product_qty = 2
        self.assertFalse(self.changed(order))
        order.action_update_bom()
        data = self.only_change(order)
        board = self.line(order, self.board)
        self.assertIn(f"/materialRequirements/{board.id}/quantity", self.whats(data))

    def test_confirmed_and_planned_at_once_is_one_release(self):
        for planned in (
            lambda order: order.button_plan(),
            lambda order: order.write({"priority": "1"}),
        ):
            order = self.make_order(confirm=False)
            order.action_confirm()
            planned(order)
            self.line(order, self.board).product_uom_qty = 11
            self.assertFalse(self.changed(order))
            released = self.outgoing(RELEASED).filtered(
                lambda m, own=order.name: m.subject == own
            )
            data = released._event_data()
            plan = self.env["mfg.joborder"]._data(order, self.endpoint)[order]
            self.assertEqual(data, plan)
            self.assertEqual((data["version"], order.mfg_version), (1, 1))
            self.assertEqual(len(self.env["mfg.joborder.version"]._of(order)), 1)
            order.priority = "0"
            self.line(order, self.board).product_uom_qty = 12
            self.assertEqual(self.only_change(order)["version"], 2)

    def test_many_edits_of_a_transaction_are_one_message(self):
        order = self.make_order()
        for number in range(10):
            order.priority = str(number % 2)
            with self.env.cr.savepoint():
                self.line(order, self.board).product_uom_qty = 11 + number
        self.change_quantity(order, 20)
        data = self.only_change(order)
        self.assertEqual((data["version"], order.mfg_version), (2, 2))
        versions = self.env["mfg.joborder.version"]._of(order)
        self.assertEqual(versions.mapped("number"), [2, 1])

    def test_edits_that_end_where_they_began_are_no_change(self):
        order = self.make_order()
        order.priority = "1"
        self.env.cr.flush()
        order.priority = "0"
        self.assertFalse(self.changed(order))
        self.assertEqual(order.mfg_version, 1)

    def test_what_the_plant_need_not_know(self):
        order = self.make_order()
        order.user_id = self.env.ref("base.user_admin")
        order.message_post(body="hello")
        order.do_unreserve()
        order.action_assign()
        order.origin = "SO2"
        order.move_raw_ids.write({"date_deadline": order.date_start})
        order.move_raw_ids = [(4, order.move_raw_ids[0].id)]  # a command may be short
        self.assertFalse(self.changed(order))

    def test_nothing_of_an_order_that_is_over_or_not_released(self):
        draft = self.make_order(confirm=False)
        draft.product_qty = 12
        done = self.make_order()
        self.report(done, 10, final=True)
        self.assertEqual(done.state, "done")
        done.priority = "1"
        cancelled = self.make_order()
        cancelled.action_cancel()
        cancelled.priority = "1"
        self.commit()
        self.assertFalse(self.outgoing(CHANGED))

    def test_what_the_plant_did_is_no_change(self):
        order = self.make_order()
        self.report(order, 4, operationsSegmentId="Glue")
        self.consume(order, self.glue, "1", "KGM")
        screw = self.make_product("SCREW", stock=50)
        self.consume(order, screw, 8, "C62")
        self.commit()
        self.assertFalse(self.changed(order))
        order.priority = "1"
        self.assertEqual(self.whats(self.only_change(order)), {"/priority"})

    def test_hand_made_production_and_backorder_are_no_change(self):
        order = self.make_order()
        name = order.mfg_job_order_id
        order.qty_producing = 4
        order._set_qty_producing()
        self.line(order, self.board).quantity = 5  # more than the bill says
        order.with_context(
            skip_backorder=True, skip_consumption=True, mo_ids_to_backorder=order.ids
        ).button_mark_done()
        rest = order.production_group_id.production_ids - order
        self.assertEqual(rest.mfg_job_order_id, name)
        self.assertFalse(self.changed(rest))
        self.change_quantity(rest, 8)
        data = self.only_change(rest)
        self.assertEqual(data["quantity"]["value"], "12")

    def test_split_releases_new_orders_and_changes_the_first(self):
        order = self.make_order()
        action = order.action_split()
        wizard = Form(
            self.env["mrp.production.split"].with_context(**action["context"])
        )
        wizard.max_batch_size = 4
        wizard.save().action_split()
        self.commit()
        orders = order.production_group_id.production_ids.sorted("id")
        self.assertEqual(orders.mapped("product_qty"), [4, 4, 2])
        self.assertEqual(len(set(orders.mapped("mfg_job_order_id"))), 3)
        self.assertEqual(len(self.outgoing(RELEASED)), 3)
        data = self.only_change(order)
        self.assertEqual(data["quantity"]["value"], "4")
        for other in orders - order:
            self.assertFalse(self.changed(other))

    def test_merge_cancels_and_releases(self):
        orders = self.make_order() | self.make_order(5)
        merged = self.env["mrp.production"].browse(orders.action_merge()["res_id"])
        self.commit()
        self.assertEqual(orders.mapped("state"), ["cancel", "cancel"])
        told = self.outgoing(CANCELLED)
        self.assertEqual(
            set(told.mapped("subject")), set(orders.mapped("mfg_job_order_id"))
        )
        self.assertEqual({m._event_data()["version"] for m in told}, {2})
        self.assertFalse(self.outgoing(CHANGED))
        released = self.outgoing(RELEASED).sorted("id")[-1]
        self.assertEqual(released.subject, merged.mfg_job_order_id)
        self.assertEqual(released._event_data()["quantity"]["value"], "15")

    def test_every_plant_hears_in_its_own_codes(self):
        other = self.make_endpoint("OTHER", self.env.company)
        self.env["mfg.workcenter.crosswalk"].create(
            {"endpoint_id": other.id, "code": "B-1", "workcenter_id": self.bench.id}
        )
        order = self.make_order()
        order.workorder_ids.sorted("id")[0].workcenter_id = self.bench
        [mine], [theirs] = self.changed(order), self.changed(order, other)
        for data, code in ((mine, "BENCH"), (theirs, "B-1")):
            change = next(
                c for c in data["changes"] if c["what"].endswith("equipmentId")
            )
            self.assertEqual(change["to"], code)

    def test_cancelled_with_production_reported(self):
        order = self.make_order()
        self.assertPosted(self.report(order, 4))
        order.action_cancel()
        self.commit()
        data = self.outgoing(CANCELLED)._event_data()
        self.assertEqual(data["version"], 2)
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertIn(order.state, ("cancel", "done"))
        late = self.report(order, 1, time=at(11))
        self.assertParked(late, "order-not-open")
        self.assertEqual(self.on_hand(self.table), 4)

    def test_cancelled_with_consumption_set_aside(self):
        self.interface(CONSUMED).consumption = "staged"
        order = self.make_order()
        message = self.consume(order, self.glue, "2", "KGM")
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.glue), 50)
        order.action_cancel()
        self.commit()
        self.assertEqual(self.on_hand(self.glue), 48)
        self.assertEqual(self.on_hand(self.board), 100)
        self.assertTrue(self.outgoing(CANCELLED))
        self.assertFalse(self.outgoing(CHANGED))
        self.post(
            "mfg.event.reversed.v1",
            {"eventId": message.event_id, "reason": "It never was"},
            subject=message.subject,
        )
        self.assertTrue(message.reversed_by_id)
        self.assertEqual(self.on_hand(self.glue), 50)

    def test_a_plant_that_loses_its_operation_is_told(self):
        saw_plant = self.make_endpoint("SAWMILL", self.env.company)
        self.interface(RELEASED, saw_plant).only_workcenter_ids = self.saw
        self.interface(CHANGED, saw_plant).only_workcenter_ids = self.saw
        self.interface(CANCELLED, saw_plant).only_workcenter_ids = self.saw
        order = self.make_order()
        order.workorder_ids.sorted("id")[0].workcenter_id = self.bench
        [data] = self.changed(order, saw_plant)
        self.assertEqual({s["equipmentId"] for s in data["segments"]}, {"BENCH"})
        order.action_cancel()
        self.assertTrue(self.outgoing(CANCELLED, saw_plant))
