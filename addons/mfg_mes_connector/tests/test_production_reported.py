# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import REPORTED, MesCase, amount, at, moment


@tagged("post_install", "-at_install")
class TestProductionReported(MesCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()
        self.cut, self.glueing = self.order.workorder_ids

    def goods(self):
        done = self.order.move_finished_ids.filtered(lambda m: m.state == "done")
        return done.move_line_ids

    def used(self, product):
        moves = self.order.move_raw_ids.filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return round(sum(moves.mapped("quantity")), 6)

    def test_partial_posts_goods_and_leaves_the_order_open(self):
        message = self.report(self.order, 4)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertEqual(self.used(self.board), 4)
        self.assertEqual(self.used(self.glue), 0, "to be reported by hand")
        self.assertEqual((self.order.state, self.order.qty_produced), ("progress", 4))
        self.assertEqual(len(self.order.production_group_id.production_ids), 1)
        self.assertEqual(self.goods().move_id.date, moment(10))
        self.assertEqual(self.glueing.qty_produced, 4)

    def test_what_was_made_may_be_named_and_must_be_what_the_order_makes(self):
        named = {"materialDefinitionId": "TABLE"}
        self.assertPosted(self.report(self.order, 4, **named))
        message = self.report(self.order, 1, materialDefinitionId="BOARD")
        self.assertParked(message, "material-mismatch")
        self.assertIn("/data/materialDefinitionId", message.error_fields)
        message._cancel("wrong order")
        message = self.report(self.order, 1, materialDefinitionId="TBL")
        self.assertParked(message, "unknown-material")
        self.map_code("material", "TBL", self.table)
        self.drain()
        self.assertPosted(message)
        self.assertEqual((self.on_hand(self.table), self.on_hand(self.board)), (5, 95))

    def test_many_parts(self):
        for _part in range(5):
            self.assertPosted(self.report(self.order, 2))
        self.assertEqual(self.on_hand(self.table), 10)
        self.assertEqual(self.used(self.board), 10)
        self.assertEqual(len(self.goods().move_id), 5)
        self.assertNotEqual(self.order.state, "done")

    def test_all_made_and_used_still_open_until_final(self):
        product = self.make_product("W")
        bom = self.make_bom(product, [(self.board, 1, False)], operations=())
        self.order = self.make_order(bom=bom)
        self.report(self.order, 10)
        self.assertEqual(self.order.state, "to_close")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "to_close")

    def test_at_an_operation_that_others_follow(self):
        self.assertPosted(self.report(self.order, 6, operationsSegmentId="Cut"))
        self.assertEqual((self.cut.qty_produced, self.on_hand(self.table)), (6, 0))
        self.assertFalse(any(self.order.move_raw_ids.mapped("picked")))
        self.assertEqual(self.used(self.board), 0)
        self.assertPosted(self.report(self.order, 5, operationsSegmentId="Glue"))
        self.assertEqual((self.glueing.qty_produced, self.on_hand(self.table)), (5, 5))
        self.assertEqual(self.used(self.board), 5)

    def test_at_an_operation_that_is_over(self):
        self.cut._mfg_finish(moment(9))
        self.glueing._mfg_finish(moment(9))
        self.assertPosted(
            self.report(self.order, 6, operationsSegmentId="Cut"),
            self.report(self.order, 5, operationsSegmentId="Glue"),
        )
        self.assertEqual(self.order.workorder_ids.mapped("qty_produced"), [6, 5])
        self.assertEqual(set(self.order.workorder_ids.mapped("state")), {"done"})
        self.assertEqual(self.order.state, "to_close")

    def test_dependencies_decide_what_is_last(self):
        self.bom.allow_operation_dependencies = True
        order = self.make_order()
        cut, glueing = order.workorder_ids
        cut.blocked_by_workorder_ids = glueing
        glueing.blocked_by_workorder_ids = False
        self.assertPosted(self.report(order, 1, operationsSegmentId="Cut"))
        self.assertEqual(self.on_hand(self.table), 1)

    def test_units(self):
        self.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "PAIR",
                "uom_id": self.unit.id,
                "factor": 2,
            }
        )
        self.assertPosted(self.report(self.order, 2, "PAIR"))
        self.assertEqual(self.on_hand(self.table), 4)
        self.assertParked(self.report(self.order, 1, "KGM"), "unit-mismatch")
        self.assertParked(self.report(self.order, 1, "QQ"), "unknown-unit")

    def test_order_in_another_unit_than_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(2, product_uom_id=dozen.id)
        self.assertPosted(self.report(order, 12))
        self.assertEqual((self.on_hand(self.table), order.qty_produced), (12, 1))

    def test_quantity_must_be_positive(self):
        for value in ("0", "-1"):
            self.assertParked(self.report(self.order, value), "quantity-invalid")

    def test_rounding_carries_what_is_less_than_a_cent(self):
        paint = self.make_product("PAINT", uom=self.kilo)
        lines = [(self.glue, 1, False)]
        bom = self.make_bom(paint, lines, (), product_uom_id=self.kilo.id)
        order = self.make_order(10, bom=bom)
        for _part in range(3):
            self.assertPosted(self.report(order, "0.333", "KGM"))
        self.assertEqual(self.on_hand(paint), 1.0)
        self.assertEqual(self.on_hand(self.glue), 49.0)

    def test_backflush_modes(self):
        self.report(self.order, 2, backflush="never")
        self.assertEqual((self.used(self.board), self.used(self.glue)), (0, 0))
        self.report(self.order, 2, backflush="auto")
        self.assertEqual((self.used(self.board), self.used(self.glue)), (2, 0))
        self.report(self.order, 2, backflush="always")
        self.assertEqual((self.used(self.board), self.used(self.glue)), (4, 1))

    def test_reported_use_is_not_backflushed_too(self):
        self.consume(self.order, self.board, 3, "C62")
        self.report(self.order, 4)
        self.assertEqual(self.used(self.board), 3)
        self.report(self.order, 4)
        self.assertEqual(self.used(self.board), 3)

    def test_materials_in_the_report(self):
        line = {"materialDefinitionId": "GLUE", "quantity": amount(1500, "GRM")}
        self.assertPosted(self.report(self.order, 4, materials=[line]))
        self.assertEqual((self.used(self.board), self.used(self.glue)), (4, 1.5))

    def test_shortage_of_a_backflushed_component(self):
        self.lay_in(self.board, -97)
        message = self.report(self.order, 4)
        self.assertParked(message, "shortage")
        self.assertEqual(self.on_hand(self.table), 0)
        self.interface(REPORTED).shortage = "allow"
        self.assertPosted(self.report(self.order, 4))
        self.assertEqual(self.on_hand(self.board), -1)

    def test_genealogy(self):
        self.consume(self.order, self.glue, 1, "KGM")
        self.report(self.order, 4)
        self.consume(self.order, self.glue, 2, "KGM")
        self.report(self.order, 4)
        first, second = self.goods().sorted("id")
        for line, weight in ((first, 1), (second, 2)):
            used = {u.product_id: u.quantity for u in line.consume_line_ids}
            self.assertEqual(used, {self.board: 4, self.glue: weight})

    def test_by_products(self):
        dust = self.make_product("DUST", uom=self.kilo)
        part = {"materialDefinitionId": "DUST", "quantity": amount(500, "GRM")}
        self.assertPosted(self.report(self.order, 4, byProducts=[part]))
        self.assertEqual((self.on_hand(dust), self.on_hand(self.table)), (0.5, 4))

    def test_resent_counts_once(self):
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "quantity": amount(4),
            "time": at(10),
        }
        event = self.event(REPORTED, data)
        for _again in range(3):
            self.accept(event)
            self.drain()
        self.assertEqual(self.on_hand(self.table), 4)

    def test_unknown_order(self):
        message = self.report("WH/MO/NONE", 1)
        self.assertParked(message, "unknown-order")
        self.assertEqual(message.wanted, "order:WH/MO/NONE")

    def test_mapped_order(self):
        message = self.report("PLANT-7", 1)
        self.map_code("order", "PLANT-7", self.order)
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.table), 1)

    def test_dry_run_changes_nothing(self):
        self.interface(REPORTED).shadow = True
        message = self.report(self.order, 4)
        self.assertEqual(message.state, "cancelled")
        self.assertEqual(self.on_hand(self.table), 0)
        self.assertFalse(self.order.mfg_plant_open)
