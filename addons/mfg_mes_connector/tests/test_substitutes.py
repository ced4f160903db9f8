# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import CONSUMED, REPORTED, MesCase, amount, at

BUTTONS = {"skip_backorder": True, "skip_consumption": True}


@tagged("post_install", "-at_install")
class TestSubstitutes(MesCase):
    """Components that the order does not ask for, and what they stand in for."""

    def setUp(self):
        super().setUp()
        self.plate = self.make_product("PLATE", stock=50)
        self.order = self.make_order()

    def used(self, product):
        moves = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 6)

    def planned(self, product):
        moves = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state not in ("done", "cancel")
        )
        return round(sum(moves.mapped("product_uom_qty")), 6)

    def substitute(self, number, instead="BOARD", **data):
        given = {"materialDefinitionId": instead, **data}
        return self.consume(self.order, self.plate, number, "C62", substitutes=given)

    def refuse(self):
        self.interface(CONSUMED).beyond_bom = "refuse"
        self.interface(REPORTED).beyond_bom = "refuse"

    def test_accepted_by_default(self):
        self.assertPosted(self.consume(self.order, self.plate, 2, "C62"))
        self.assertEqual((self.used(self.plate), self.planned(self.board)), (2, 10))

    def test_refused(self):
        self.refuse()
        message = self.consume(self.order, self.plate, 2, "C62")
        self.assertParked(message, "beyond-bom")
        self.assertIn("/data/materials/0/materialDefinitionId", message.error_fields)
        self.assertEqual(self.order.state, "confirmed")
        line = {"materialDefinitionId": "PLATE", "quantity": amount(1)}
        self.assertParked(self.report(self.order, 1, materials=[line]), "beyond-bom")
        self.assertEqual(self.on_hand(self.table), 0)
        self.assertPosted(self.consume(self.order, self.board, 2, "C62"))

    def test_refused_also_after_it_was_accepted(self):
        self.consume(self.order, self.plate, 2, "C62")
        self.refuse()
        self.assertParked(self.consume(self.order, self.plate, 2, "C62"), "beyond-bom")

    def test_approved_by_a_person(self):
        self.refuse()
        message = self.consume(self.order, self.plate, 2, "C62")
        message._approve("Out of boards.")
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.used(self.plate), 2)

    def test_added_by_a_planner(self):
        self.refuse()
        message = self.consume(self.order, self.plate, 2, "C62")
        self.order.write(
            {
                "move_raw_ids": [
                    (0, 0, {"product_id": self.plate.id, "product_uom_qty": 2})
                ]
            }
        )
        message._retry("Added.")
        self.drain()
        self.assertPosted(message)

    def test_stands_in_before_the_report(self):
        self.assertPosted(self.substitute(4))
        self.assertEqual((self.used(self.plate), self.planned(self.board)), (4, 6))
        self.report(self.order, 5)
        self.assertEqual(self.used(self.board), 1)
        self.report(self.order, 5, final=True)
        self.assertEqual((self.used(self.plate), self.used(self.board)), (4, 6))

    def test_stands_in_within_the_report(self):
        line = {
            "materialDefinitionId": "PLATE",
            "quantity": amount(3),
            "substitutes": {"materialDefinitionId": "BOARD"},
        }
        self.assertPosted(self.report(self.order, 4, materials=[line]))
        self.assertEqual((self.used(self.plate), self.used(self.board)), (3, 1))

    def test_stands_in_for_all(self):
        self.substitute(10)
        self.assertPosted(self.report(self.order, 10, final=True))
        self.assertEqual((self.used(self.plate), self.used(self.board)), (10, 0))

    def test_in_another_unit(self):
        message = self.substitute(4, instead="GLUE")
        self.assertParked(message, "unit-mismatch")
        self.assertPosted(self.substitute(4, instead="GLUE", quantity=amount(2, "KGM")))
        self.assertEqual(self.planned(self.glue), 3)

    def test_of_what_is_no_component(self):
        message = self.substitute(4, instead="TABLE")
        self.assertParked(message, "beyond-bom")
        self.assertIn("/data/materials/0/substitutes", message.error_fields)
        self.assertParked(self.substitute(4, instead="NOTHING"), "unknown-material")

    def test_odoos_buttons_do_not_take_it_again(self):
        self.substitute(4)
        self.report(self.order, 4)
        self.order.with_context(**BUTTONS).button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertEqual((self.used(self.plate), self.used(self.board)), (4, 6))

    def test_taken_back(self):
        message = self.substitute(4)
        self.post(
            "mfg.event.reversed.v1",
            {"eventId": message.event_id, "reason": "no plates"},
            subject=message.subject,
        )
        self.env.invalidate_all()
        self.assertEqual(self.used(self.plate), 0)
        self.report(self.order, 4, time=at(12))
        self.assertEqual(self.used(self.board), 4)


@tagged("post_install", "-at_install")
class TestByProducts(MesCase):
    """By-products and co-products, planned or not."""

    def setUp(self):
        super().setUp()
        self.dust = self.make_product("DUST", uom=self.kilo)
        self.bom.byproduct_ids = [
            (
                0,
                0,
                {
                    "product_id": self.dust.id,
                    "product_qty": 0.5,
                    "product_uom_id": self.kilo.id,
                    "cost_share": 20,
                },
            )
        ]
        self.order = self.make_order()

    def part(self, quantity, unit="KGM", code="DUST", **data):
        given = {"materialDefinitionId": code, "quantity": amount(quantity, unit)}
        return [{**given, **data}]

    def byproduct(self, product=None):
        return self.order.move_byproduct_ids.filtered(
            lambda m: m.product_id == (product or self.dust)
        )

    def test_planned(self):
        message = self.report(self.order, 4, byProducts=self.part(1500, "GRM"))
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.dust), 1.5)
        done = self.byproduct().filtered(lambda m: m.state == "done")
        self.assertEqual(
            (done.cost_share, done.byproduct_id), (20, self.bom.byproduct_ids)
        )
        rest = self.byproduct() - done
        self.assertEqual(rest.product_uom_qty, 3.5)
        self.assertIn(done.id, message.link_ids.mapped("res_id"))

    def test_not_reported_is_not_made(self):
        self.report(self.order, 10, final=True)
        self.assertEqual(self.on_hand(self.dust), 0)
        self.assertEqual(set(self.byproduct().mapped("state")), {"cancel"})

    def test_more_than_planned(self):
        self.report(self.order, 4, byProducts=self.part(7))
        self.report(self.order, 4, byProducts=self.part(1))
        self.assertEqual(self.on_hand(self.dust), 8)
        self.assertEqual(set(self.byproduct().mapped("cost_share")), {20})

    def test_not_planned(self):
        chips = self.make_product("CHIPS", uom=self.kilo)
        parts = self.part(2, code="CHIPS")
        self.assertPosted(self.report(self.order, 4, byProducts=parts))
        self.assertEqual(self.on_hand(chips), 2)
        self.assertEqual(self.byproduct(chips).cost_share, 0)

    def test_lots(self):
        self.env["product.product"].browse(self.dust.id).tracking = "lot"
        self.assertParked(
            self.report(self.order, 4, byProducts=self.part(2)), "lot-required"
        )
        lots = [
            {"materialLotId": "D1", "quantity": amount(1, "KGM")},
            {"materialLotId": "D2", "quantity": amount(1000, "GRM")},
        ]
        message = self.report(self.order, 4, byProducts=self.part(2, lots=lots))
        self.assertPosted(message)
        lines = self.byproduct().move_line_ids.filtered(lambda m: m.state == "done")
        self.assertEqual(sorted(lines.lot_id.mapped("name")), ["D1", "D2"])
        self.assertEqual(lines.mapped("quantity"), [1, 1])

    def test_genealogy(self):
        self.report(self.order, 4, byProducts=self.part(2))
        lines = self.order.move_finished_ids.move_line_ids.filtered(
            lambda line: line.state == "done"
        )
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.assertEqual(line.consume_line_ids.product_id, self.board)

    def test_of_an_operation_that_others_follow(self):
        self.report(self.order, 4, operationsSegmentId="Cut", byProducts=self.part(2))
        self.assertEqual((self.on_hand(self.dust), self.on_hand(self.table)), (2, 0))

    def test_wrong_unit_and_unknown(self):
        bad = self.report(self.order, 4, byProducts=self.part(2, "C62"))
        self.assertParked(bad, "unit-mismatch")
        self.assertIn("/data/byProducts/0/quantity/unitCode", bad.error_fields)
        unknown = self.report(self.order, 4, byProducts=self.part(2, code="NOTHING"))
        self.assertParked(unknown, "unknown-material")
        self.assertEqual(self.on_hand(self.table), 0)

    def test_value(self):
        """The by-product has its share of the part it came with, and only of it."""
        if "cost_method" not in self.env["product.product"]._fields:
            self.skipTest("valuation is not installed")
        category = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        (self.board | self.dust | self.table).categ_id = category
        self.board.standard_price = 10
        self.saw.costs_hour = self.bench.costs_hour = 0
        self.report(self.order, 4, byProducts=self.part(2))
        self.report(self.order, 6, time=at(11), final=True)
        value = {
            move.product_id.default_code + str(move.quantity): move.value
            for move in self.order.move_finished_ids
            if move.state == "done"
        }
        self.assertEqual(value, {"TABLE4.0": 32, "DUST2.0": 8, "TABLE6.0": 60})

    def test_what_the_order_makes_is_no_by_product(self):
        """It would be finished goods at any operation, beyond every limit."""
        for place in ({}, {"operationsSegmentId": "Cut"}):
            message = self.report(
                self.order, 4, byProducts=self.part(7, "C62", code="TABLE"), **place
            )
            self.assertParked(message, "material-mismatch")
            self.assertIn("not as a by-product", message.error_detail)
            self.assertIn(
                "/data/byProducts/0/materialDefinitionId", message.error_fields
            )
        self.assertEqual(self.on_hand(self.table), 0)

    def test_unplanned_ones_where_the_interface_refuses_them(self):
        self.interface(REPORTED).beyond_bom = "refuse"
        self.assertPosted(self.report(self.order, 1, byProducts=self.part(1)))
        scrap = self.make_product("OFFCUT", uom=self.kilo)
        parts = self.part(1) + self.part(2, code="OFFCUT")
        message = self.report(self.order, 2, byProducts=parts)
        self.assertParked(message, "beyond-bom")
        self.assertIn("/data/byProducts/1/materialDefinitionId", message.error_fields)
        self.assertEqual((self.on_hand(scrap), self.on_hand(self.table)), (0, 1))
        manager = self.env.ref("mfg_integration_base.group_mfg_manager")
        self.env.user.group_ids += manager
        message._approve("It is sold.")
        self.drain()
        self.assertPosted(message)
        self.assertEqual((self.on_hand(scrap), self.on_hand(self.table)), (2, 3))
        again = self.report(self.order, 1, byProducts=self.part(1, code="OFFCUT"))
        self.assertParked(again, "beyond-bom")
