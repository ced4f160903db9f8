# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import CONSUMED, MesCase, amount, at, moment
from .reversal_common import ReversalCase

RETURNED = "mfg.material.returned.v1"


class ReturnCase(ReversalCase):
    def back(self, product, quantity, unit="KGM", **material):
        line = {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, unit),
            **material,
        }
        return self.tell(RETURNED, self.order, materials=[line], time=at(13))

    def consumed(self, product):
        moves = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 4)


@tagged("post_install", "-at_install")
class TestMaterialReturned(ReturnCase):
    def test_goes_back_where_it_came_from(self):
        expected = self.told([self.used(self.glue, 2)])
        self.used(self.glue, 3)()
        message = self.back(self.glue, 1000, "GRM")
        self.assertPosted(message)
        self.assertWorld(expected)
        self.assertIn(self.order.id, message.link_ids.mapped("res_id"))

    def test_more_than_was_consumed(self):
        self.used(self.glue, 3)()
        before = self.world()
        message = self.back(self.glue, 4)
        self.assertParked(message, "quantity-invalid")
        self.assertIn("consumed 3", message.error_detail)
        self.assertIn("/data/materials/0/quantity/value", message.error_fields)
        self.assertWorld(before)
        self.assertParked(self.back(self.board, 1, "C62"), "quantity-invalid")

    def test_the_newest_consumption_first(self):
        first, second = self.used(self.glue, 2)(), self.used(self.glue, 3)()
        self.assertPosted(self.back(self.glue, 4))
        self.assertEqual(self.consumed(self.glue), 1)
        self.assertReversed(second)
        self.assertEqual(self.consumed(self.glue), 1, "nothing of it was left")
        self.assertReversed(first)
        self.assertEqual((self.consumed(self.glue), self.on_hand(self.glue)), (0, 50))

    def test_of_one_lot(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": resin.id} for name in ("R1", "R2")]
        )
        for lot in lots:
            self.lay_in(resin, 5, lot=lot)
            self.used(resin, 2, lots=[{"materialLotId": lot.name}])()
        one = {"lots": [{"materialLotId": "R1"}]}
        self.assertParked(self.back(resin, 1), "lot-required")
        self.assertParked(self.back(resin, 3, **one), "quantity-invalid")
        self.assertPosted(self.back(resin, 2, **one))
        self.assertEqual(
            [self.on_hand(resin, lot=lot) for lot in lots], [5, 3], lots.mapped("name")
        )

    def test_to_another_place(self):
        rack = self.env["stock.location"].create(
            {"name": "Rack", "location_id": self.stock.id, "barcode": "RACK"}
        )
        self.used(self.glue, 3)()
        self.assertPosted(self.back(self.glue, 1, storageLocation="RACK"))
        self.assertEqual(
            (self.on_hand(self.glue, rack), self.on_hand(self.glue)), (1, 48)
        )
        moves = self.env["stock.move"].search([("location_dest_id", "=", rack.id)])
        self.assertEqual(moves.date, moment(13))
        self.assertParked(
            self.back(self.glue, 1, storageLocation="NOWHERE"), "unknown-location"
        )

    def test_what_was_backflushed(self):
        report = self.made(4)()
        self.assertPosted(self.back(self.board, 1, "C62"))
        self.assertEqual((self.consumed(self.board), self.on_hand(self.board)), (3, 97))
        self.assertReversed(report)
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (0, 100))

    def test_genealogy_follows(self):
        self.used(self.glue, 3)()
        self.made(4)()
        self.assertPosted(self.back(self.glue, 1))
        [(_code, _lot, _quantity, made_of)] = self.genealogy(self.order)
        self.assertEqual(made_of, [("BOARD", "", 4.0), ("GLUE", "", 2.0)])

    def test_after_the_end_of_the_order(self):
        expected = self.told(
            [self.used(self.glue, 2), self.made(10, final=True)],
        )
        self.used(self.glue, 3)()
        self.made(10, final=True)()
        self.assertPosted(self.back(self.glue, 1))
        self.assertWorld(expected)

    def test_after_the_component_was_ended_nothing_is_planned_again(self):
        self.used(self.glue, 3, final=True)()
        self.assertPosted(self.back(self.glue, 1))
        rest = self.order._mfg_open_raw().filtered(lambda m: m.product_id == self.glue)
        self.assertFalse(rest)

    def test_staged(self):
        self.interface(CONSUMED).consumption = "staged"
        expected = self.told([self.used(self.glue, 2)])
        self.used(self.glue, 3)()
        self.assertPosted(self.back(self.glue, 1))
        self.assertWorld(expected)

    def test_all_that_was_staged(self):
        self.interface(CONSUMED).consumption = "staged"
        rack = self.env["stock.location"].create(
            {"name": "Rack", "location_id": self.stock.id, "barcode": "RACK"}
        )
        self.used(self.glue, 2)()
        expected = self.world()
        second, third = self.used(self.glue, 3)(), self.used(self.glue, 1)()
        self.assertPosted(self.back(self.glue, 4))
        self.assertWorld(expected)
        self.assertReversed(second)
        self.assertReversed(third)
        self.assertWorld(expected)
        self.assertPosted(self.back(self.glue, 2, storageLocation="RACK"))
        self.assertEqual(
            (self.on_hand(self.glue, rack), self.consumed(self.glue)), (2, 0)
        )

    def test_residues(self):
        for _time in range(3):
            self.assertPosted(self.used(self.glue, 4, "GRM")())
        for _time in range(3):
            self.assertPosted(self.back(self.glue, 4, "GRM"))
        self.assertEqual((self.consumed(self.glue), self.on_hand(self.glue)), (0, 50))

    def test_resent_counts_once(self):
        self.used(self.glue, 3)()
        line = {"materialDefinitionId": "GLUE", "quantity": amount(1, "KGM")}
        data = {"jobOrderId": self.order.mfg_job_order_id, "materials": [line]}
        event = self.event(RETURNED, {**data, "time": at(13)})
        for _again in range(3):
            self.accept(event)
            self.drain()
        self.assertEqual(self.on_hand(self.glue), 48)

    def test_before_its_consumption_it_waits_for_a_person(self):
        message = self.back(self.glue, 1)
        self.assertParked(message, "quantity-invalid")
        self.used(self.glue, 3)()
        message._retry("It has come.")
        self.drain()
        self.assertPosted(message)

    def test_the_door_takes_no_words_of_consumption(self):
        """A return stands in for nothing, and ends nothing."""
        for word in ({"substitutes": {"materialDefinitionId": "A"}}, {"final": True}):
            line = {"materialDefinitionId": "A", "quantity": amount(1, "KGM"), **word}
            data = {"jobOrderId": "1", "materials": [line]}
            errors = self.env["mfg.contract"]._errors(RETURNED, data)
            pointers = [f"/data/materials/0/{name}" for name in word]
            self.assertEqual([e.pointer for e in errors], pointers)

    def test_units_and_materials(self):
        self.used(self.glue, 3)()
        self.assertParked(self.back(self.glue, 1, "C62"), "unit-mismatch")
        self.assertParked(self.back(self.glue, 0), "quantity-invalid")
        line = {"materialDefinitionId": "NOTHING", "quantity": amount(1)}
        message = self.tell(RETURNED, self.order, materials=[line])
        self.assertParked(message, "unknown-material")

    def test_closed_books(self):
        company = self.env.company
        if "fiscalyear_lock_date" not in company._fields:
            self.skipTest("accounting is not installed")
        self.used(self.glue, 3)()
        company.sudo().fiscalyear_lock_date = "2026-01-10"
        line = {"materialDefinitionId": "GLUE", "quantity": amount(1, "KGM")}
        message = self.tell(RETURNED, self.order, materials=[line], time=at(9, day=12))
        self.assertParked(message, "period-closed")


@tagged("post_install", "-at_install")
class TestReturnedCompanies(MesCase):
    def test_another_companys_order(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.make_endpoint("FOREIGN", company)
        order = self.make_order()
        self.consume(order, self.glue, 3, "KGM")
        line = {"materialDefinitionId": "GLUE", "quantity": amount(1, "KGM")}
        data = {"jobOrderId": order.mfg_job_order_id, "materials": [line]}
        message = self.post(RETURNED, data, endpoint=foreign)
        self.assertParked(message, "unknown-order")
        self.assertEqual(self.on_hand(self.glue), 47)
