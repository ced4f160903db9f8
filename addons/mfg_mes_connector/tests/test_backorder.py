# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import (
    CANCELLED,
    COMPLETED,
    CONSUMED,
    RELEASED,
    REPORTED,
    STARTED,
    MesCase,
    amount,
    at,
    moment,
)


@tagged("post_install", "-at_install")
class TestBackorder(MesCase):
    """The plant ends an order early and its interface asks for a backorder."""

    def setUp(self):
        super().setUp()
        for event_type in (REPORTED, COMPLETED):
            self.interface(event_type).rest_of_final = "backorder"
        self.order = self.make_order()

    def rest(self, order=None):
        """The open member of the order's family."""
        family = (order or self.order)._mfg_family()
        return family.filtered(lambda o: o.state not in ("done", "cancel"))

    def asked(self, order):
        """Product -> demand of its component lines."""
        return {m.product_id: m.product_uom_qty for m in order.move_raw_ids}

    def used(self, order, product):
        moves = order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 6)

    def made(self, order):
        return float(order._mfg_produced())

    def end(self, quantity=2, order=None, **data):
        message = self.report(order or self.order, quantity, final=True, **data)
        self.assertPosted(message)
        return message

    def test_what_is_posted_stays_and_the_rest_moves_on(self):
        self.consume(self.order, self.glue, 1.5, "KGM")
        self.report(self.order, 4)
        message = self.end(2, time=at(16))
        rest = self.rest()
        self.assertEqual(len(self.order._mfg_family()), 2)
        self.assertEqual(
            (self.order.state, self.order.product_qty, self.order.qty_produced),
            ("done", 6, 6),
        )
        self.assertEqual(self.order.date_finished, moment(16))
        self.assertEqual((rest.state, rest.product_qty), ("confirmed", 4))
        self.assertEqual(self.used(self.order, self.board), 6)
        self.assertEqual(self.used(self.order, self.glue), 1.5)
        self.assertEqual(self.asked(rest), {self.board: 4, self.glue: 2})
        self.assertEqual(rest.move_finished_ids.mapped("product_uom_qty"), [4])
        self.assertEqual(self.on_hand(self.table), 6)
        self.assertEqual(self.on_hand(self.board), 94)
        self.assertEqual(self.on_hand(self.glue), 48.5)
        self.assertIn(rest.id, self._linked(message, "mrp.production"))
        done = self.order.move_finished_ids.filtered(lambda m: m.state == "done")
        self.assertEqual(sorted(done.mapped("date")), [moment(10), moment(16)])
        moves = self.order.move_raw_ids | self.order.move_finished_ids
        self.assertLessEqual(set(moves.mapped("state")), {"done", "cancel"})

    def _linked(self, message, model):
        links = message.link_ids.filtered(lambda link: link.res_model == model)
        return links.mapped("res_id")

    def test_genealogy_stays_with_the_original(self):
        self.consume(self.order, self.glue, 1, "KGM")
        self.end(6)
        self.consume(self.order, self.glue, 2, "KGM")
        self.end(4)
        family = self.order._mfg_family().sorted("id")
        for member, pieces, weight in zip(family, (6, 4), (1, 2), strict=True):
            [line] = member.move_finished_ids.filtered(
                lambda m: m.state == "done"
            ).move_line_ids
            used = {u.product_id: u.quantity for u in line.consume_line_ids}
            self.assertEqual(used, {self.board: pieces, self.glue: weight})

    def test_the_plants_id_leads_to_the_rest(self):
        code = self.order.mfg_job_order_id
        self.end(6)
        rest = self.rest()
        self.assertNotEqual(self.order.name, code, "Odoo renames it")
        self.assertEqual(rest.mfg_job_order_id, code)
        segment = {"operationsSegmentId": "Glue"}
        self.assertPosted(
            self.tell(STARTED, code, time=at(8), **segment),
            self.consume(self.order, self.glue, 2, "KGM"),
            self.report(code, 3, **segment),
        )
        self.env.invalidate_all()
        self.assertEqual((self.made(self.order), self.made(rest)), (6, 3))
        self.assertEqual(self.used(rest, self.glue), 2)
        self.assertEqual(self.used(rest, self.board), 3)
        self.assertEqual(rest.mfg_started_at, moment(8))
        self.assertFalse(self.order.workorder_ids.time_ids)
        self.end(1, code)
        self.env.invalidate_all()
        self.assertEqual((rest.state, self.order.qty_produced), ("done", 6))
        self.assertFalse(self.rest())
        self.assertEqual(self.on_hand(self.table), 10)
        self.assertParked(self.report(code, 1), "order-not-open")

    def test_a_rest_of_a_rest(self):
        code = self.order.mfg_job_order_id
        for quantity in (3, 2, 4):
            self.end(quantity, code)
        self.env.invalidate_all()
        family = self.order._mfg_family().sorted("id")
        self.assertEqual(family.mapped("product_qty"), [3, 2, 4, 1])
        self.assertEqual(family.mapped("name"), [f"{code}-00{n}" for n in (1, 2, 3, 4)])
        self.assertEqual(self.asked(family[-1]), {self.board: 1, self.glue: 0.5})
        self.assertEqual(self.on_hand(self.table), 9)

    def test_the_plant_is_told_nothing_wrong(self):
        before = len(self.outgoing(RELEASED))
        self.end(6)
        self.assertEqual(len(self.outgoing(RELEASED)), before)
        self.assertFalse(self.outgoing(CANCELLED))
        self.rest().action_cancel()
        self.assertEqual(len(self.outgoing(CANCELLED)), 1)

    def test_resent_makes_one_backorder(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(6),
            "final": True,
            "time": at(10),
        }
        event = self.event(REPORTED, data)
        for _again in range(3):
            self.accept(event)
            self.drain()
        self.assertEqual(len(self.order._mfg_family()), 2)

    def test_all_made_is_no_rest(self):
        self.end(10)
        self.assertEqual(len(self.order._mfg_family()), 1)
        self.assertEqual(self.order.name, self.order.mfg_job_order_id)

    def test_tolerated_is_no_rest(self):
        interface = self.interface(REPORTED)
        interface.limit_under_production = True
        interface.under_production_quantity = 1
        self.end(9)
        self.assertEqual(len(self.order._mfg_family()), 1)

    def test_beyond_the_tolerance_after_approval(self):
        self.interface(REPORTED).limit_under_production = True
        message = self.report(self.order, 6, final=True)
        self.assertParked(message, "under-tolerance")
        self.assertEqual(len(self.order._mfg_family()), 1)
        message._approve("The rest comes next week.")
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.rest().product_qty, 4)

    def test_components_used_up_are_asked_for_again(self):
        self.consume(self.order, self.board, 10, "C62", final=True)
        self.end(6)
        self.assertEqual(self.used(self.order, self.board), 10)
        self.assertEqual(self.asked(self.rest()), {self.board: 4, self.glue: 2})

    def test_components_used_in_excess_do_not_change_the_plan(self):
        self.consume(self.order, self.glue, 20, "KGM")
        self.end(6)
        self.assertEqual(self.asked(self.rest()), {self.board: 4, self.glue: 2})

    def test_a_component_beyond_the_bill_is_not_planned(self):
        nails = self.make_product("NAILS", stock=10)
        if self.consume(self.order, nails, 5, "C62").state != "posted":
            self.skipTest("components beyond the bill are refused")
        self.end(6)
        self.assertNotIn(nails, self.asked(self.rest()))

    def test_a_component_the_planner_added_goes_along(self):
        nails = self.make_product("NAILS", stock=10)
        self.order.move_raw_ids = [
            Command.create({"product_id": nails.id, "product_uom_qty": 20})
        ]
        self.end(5)
        self.assertEqual(self.asked(self.rest())[nails], 10)

    def test_by_products(self):
        dust = self.make_product("DUST", uom=self.kilo)
        self.bom.byproduct_ids = [
            Command.create({"product_id": dust.id, "product_qty": 0.1, "cost_share": 5})
        ]
        self.order = self.make_order()
        part = {"materialDefinitionId": "DUST", "quantity": amount(600, "GRM")}
        self.end(6, byProducts=[part])
        self.assertEqual((self.on_hand(dust), self.on_hand(self.table)), (0.6, 6))
        planned = self.rest().move_byproduct_ids
        self.assertEqual((planned.product_uom_qty, planned.cost_share), (0.4, 5))
        self.assertEqual(planned.byproduct_id, self.bom.byproduct_ids)

    def test_operations_keep_what_they_counted(self):
        self.report(self.order, 8, operationsSegmentId="Cut")
        self.end(6, operationsSegmentId="Glue")
        rest = self.rest()
        cut, glueing = rest.workorder_ids
        self.assertEqual((cut.qty_remaining, glueing.qty_remaining), (2, 4))
        self.assertEqual(glueing.blocked_by_workorder_ids, cut)
        glue = rest.move_raw_ids.filtered(lambda m: m.product_id == self.glue)
        self.assertEqual(glue.workorder_id, glueing)
        self.assertEqual(set(self.order.workorder_ids.mapped("state")), {"done"})
        self.assertEqual(self.order.workorder_ids.mapped("qty_produced"), [8, 6])
        self.assertPosted(self.report(self.order, 2, operationsSegmentId="Cut"))
        self.assertEqual((cut.qty_produced, self.on_hand(self.table)), (2, 6))

    def test_reservations(self):
        self.warehouse.manu_type_id.reservation_method = "at_confirm"
        self.end(6)
        reserved = {m.product_id: m.quantity for m in self.rest().move_raw_ids}
        self.assertEqual(reserved, {self.board: 4, self.glue: 2})
        quants = self.env["stock.quant"]._gather(self.board, self.stock)
        self.assertEqual(sum(quants.mapped("reserved_quantity")), 4)

    def test_staged_consumption_stays_with_the_original(self):
        self.interface(CONSUMED).consumption = "staged"
        self.report(self.order, 6)
        self.consume(self.order, self.glue, 3, "KGM")
        self.assertPosted(self.tell(COMPLETED, self.order, time=at(16)))
        self.assertEqual(self.used(self.order, self.glue), 3)
        self.assertEqual(self.asked(self.rest()), {self.board: 4, self.glue: 2})

    def test_the_order_completed(self):
        self.report(self.order, 6)
        message = self.tell(COMPLETED, self.order, time=at(16))
        self.assertPosted(message)
        self.assertEqual((self.order.state, self.rest().product_qty), ("done", 4))

    def test_completed_with_nothing_made_stays_open(self):
        self.consume(self.order, self.glue, 1, "KGM")
        self.assertPosted(self.tell(COMPLETED, self.order, time=at(16)))
        self.assertEqual(self.order.state, "progress")
        self.assertEqual(len(self.order._mfg_family()), 1)
        self.assertPosted(self.report(self.order, 10))

    def test_a_planner_who_makes_a_part_and_leaves_the_rest(self):
        """Odoo's own button, after the plant has posted 6: 8 are made, 2 are left."""
        self.consume(self.order, self.glue, 3, "KGM")
        self.report(self.order, 6)
        self.order.qty_producing = 8
        self.order.with_context(
            skip_consumption=True,
            skip_backorder=True,
            mo_ids_to_backorder=self.order.ids,
        ).button_mark_done()
        self.order.invalidate_recordset()
        rest = self.rest()
        self.assertEqual((self.order.state, self.made(self.order)), ("done", 8))
        self.assertEqual(self.used(self.order, self.board), 8)
        self.assertEqual(rest.move_finished_ids.mapped("product_uom_qty"), [2])
        self.assertEqual(sorted(rest.move_raw_ids.mapped("product_uom_qty")), [1, 2])
        self.assertPosted(self.report(self.order, 2, final=True))
        self.assertEqual((rest.state, self.on_hand(self.table)), ("done", 10))

    def test_lots(self):
        product = self.make_product("LOTTED", tracking="lot")
        order = self.make_order(bom=self.make_bom(product))
        self.report(order, 4, lots=[{"materialLotId": "A"}])
        self.end(2, order, lots=[{"materialLotId": "B"}])
        rest = self.rest(order)
        self.assertFalse(rest.lot_producing_ids)
        self.end(4, order, lots=[{"materialLotId": "B"}])
        lots = self.env["stock.lot"].search([("product_id", "=", product.id)])
        made = {lot.name: self.on_hand(product, lot=lot) for lot in lots}
        self.assertEqual(made, {"A": 4, "B": 6})

    def test_serial_numbers(self):
        product = self.make_product("SERIAL", tracking="serial")
        order = self.make_order(3, bom=self.make_bom(product))
        self.end(1, order, lots=[{"materialLotId": "S1"}])
        again = self.report(order, 1, lots=[{"materialLotId": "S1"}])
        self.assertParked(again, "serial-duplicate")
        self.end(2, order, lots=[{"materialLotId": "S2"}, {"materialLotId": "S3"}])
        self.assertEqual(self.on_hand(product), 3)

    def test_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(2, product_uom_id=dozen.id)
        self.end(6, order)
        rest = self.rest(order)
        self.assertEqual((order.product_qty, rest.product_qty), (0.5, 1.5))
        self.assertEqual(rest.product_uom_id, dozen)
        self.assertEqual(self.asked(rest), {self.board: 18, self.glue: 9})

    def test_value(self):
        """6 pieces are worth their own boards, and the rest the newer, dearer ones."""
        if "cost_method" not in self.table._fields:
            self.skipTest("needs accounting")
        category = self.env["product.category"].create(
            {"name": "Average", "property_cost_method": "average"}
        )
        (self.table | self.board).categ_id = category
        self.board.standard_price = 10
        self.end(6)
        self.assertEqual(self._value(self.order), 60)
        self.board.standard_price = 20
        rest = self.rest()
        self.end(4)
        self.assertEqual((self._value(self.order), self._value(rest)), (60, 80))

    def _value(self, order):
        done = order.move_finished_ids.filtered(lambda m: m.state == "done")
        return round(sum(done.mapped("value")), 2)

    def test_in_its_own_company(self):
        company = self.env["res.company"].create({"name": "Twin"})
        foreign = self.make_endpoint("TWIN", company)
        self.interface(REPORTED, foreign).rest_of_final = "backorder"
        env = self.env(context={"allowed_company_ids": company.ids})
        order = env["mrp.production"].create(
            {"product_id": self.table.id, "product_qty": 5, "bom_id": False}
        )
        order.action_confirm()
        data = {
            "jobOrderId": order.mfg_job_order_id,
            "quantity": amount(2),
            "final": True,
            "time": at(8),
        }
        self.assertPosted(self.post(REPORTED, data, endpoint=foreign))
        rest = self.rest(order)
        self.assertEqual((order.state, rest.product_qty), ("done", 3))
        self.assertEqual(rest.company_id | rest.move_finished_ids.company_id, company)
