# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import threading
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.models import mfg_drain_post

from .common import CONSUMED, MesCase, amount, at, moment


@tagged("post_install", "-at_install")
class TestMaterialConsumed(MesCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def moves(self, product):
        return self.order.move_raw_ids.filtered(lambda m: m.product_id == product)

    def used(self, product):
        done = self.moves(product).filtered(lambda m: m.state == "done")
        return round(sum(done.mapped("quantity")), 6)

    def test_at_once_in_another_unit_and_dated(self):
        message = self.consume(self.order, self.glue, 1250, "GRM")
        self.assertPosted(message)
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (1.25, 48.75))
        done = self.moves(self.glue).filtered(lambda m: m.state == "done")
        self.assertEqual(done.date, moment(9))
        self.assertIn(done.move_line_ids.ids[0], message.link_ids.mapped("res_id"))
        self.assertTrue(message.link_ids.filtered("undo"))
        self.assertEqual(self.order.state, "progress")

    def test_rest_stays_planned_and_reserved(self):
        self.order.action_assign()
        self.consume(self.order, self.glue, 2, "KGM")
        rest = self.moves(self.glue).filtered(lambda m: m.state != "done")
        self.assertEqual((rest.product_uom_qty, rest.state), (3, "assigned"))
        self.assertPosted(self.consume(self.order, self.glue, 3, "KGM"))
        self.assertEqual(self.used(self.glue), 5)

    def test_residues_are_carried(self):
        for _time in range(10):
            self.assertPosted(self.consume(self.order, self.glue, 4, "GRM"))
        self.assertEqual(self.used(self.glue), 0.04)

    def test_more_than_planned_and_off_bom(self):
        nail = self.make_product("NAIL", stock=10)
        self.assertPosted(
            self.consume(self.order, self.glue, 7, "KGM"),
            self.consume(self.order, nail, 4, "C62"),
            self.consume(self.order, nail, 2, "C62"),
        )
        self.assertEqual(self.used(self.glue), 7)
        self.assertEqual((self.used(nail), self.on_hand(nail)), (6, 4))

    def test_final_cancels_the_rest(self):
        self.consume(self.order, self.glue, 2, "KGM", final=True)
        rest = self.moves(self.glue).filtered(lambda m: m.state != "done")
        self.assertEqual(rest.mapped("state"), ["cancel"])
        self.assertEqual(self.order.state, "progress")

    def test_shortage_parks_or_not(self):
        message = self.consume(self.order, self.glue, 51, "KGM")
        self.assertParked(message, "shortage")
        self.assertEqual(self.on_hand(self.glue), 50)
        self.interface(CONSUMED).shortage = "allow"
        self.assertPosted(self.consume(self.order, self.glue, 51, "KGM"))
        self.assertEqual(self.on_hand(self.glue), -1)

    def test_what_others_reserved_is_not_there(self):
        other = self.make_order(quantity=96)
        self.order.action_assign()  # 5 kg
        other.action_assign()  # 45 kg, all the rest
        self.assertParked(self.consume(self.order, self.glue, 6, "KGM"), "shortage")
        self.assertPosted(
            self.consume(self.order, self.glue, 5, "KGM"),
            self.consume(other, self.glue, 45, "KGM"),
        )

    def test_goods_on_shelves_are_found(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id, "barcode": "SHELF"}
        )
        nail = self.make_product("NAIL2", stock=2)
        self.lay_in(nail, 5, location=shelf)
        self.assertPosted(self.consume(self.order, nail, 6, "C62"))
        self.assertEqual(self.on_hand(nail), 1)
        quants = self.env["stock.quant"].search([("product_id", "=", nail.id)])
        internal = quants.filtered(lambda q: q.location_id.usage == "internal")
        self.assertFalse(internal.filtered(lambda q: q.quantity < 0))

    def test_split_quants_count_as_one(self):
        nail = self.make_product("NAIL3", stock=5)
        # as a concurrent posting leaves it behind
        self.env["stock.quant"].sudo().create(
            {"product_id": nail.id, "location_id": self.stock.id, "quantity": -2}
        )
        self.assertParked(self.consume(self.order, nail, 4, "C62"), "shortage")
        self.assertPosted(self.consume(self.order, nail, 3, "C62"))
        self.assertEqual(self.on_hand(nail), 0)

    def test_storage_location(self):
        shelf = self.env["stock.location"].create(
            {"name": "Rack", "location_id": self.stock.id, "barcode": "RACK"}
        )
        self.lay_in(self.glue, 1, location=shelf)
        bad = self.consume(self.order, self.glue, 1, "KGM", storageLocation="NOWHERE")
        self.assertParked(bad, "unknown-location")
        short = self.consume(self.order, self.glue, 2, "KGM", storageLocation="RACK")
        self.assertParked(short, "shortage")
        good = self.consume(self.order, self.glue, 1, "KGM", storageLocation="RACK")
        self.assertPosted(good)
        self.assertEqual(self.on_hand(self.glue, shelf), 0)

    def test_refusals(self):
        cases = [
            ("quantity-invalid", self.glue, 0, "KGM"),
            ("quantity-invalid", self.glue, -1, "KGM"),
            ("unknown-unit", self.glue, 1, "QQ"),
            ("unit-mismatch", self.glue, 1, "C62"),
        ]
        for code, product, quantity, unit in cases:
            self.assertParked(self.consume(self.order, product, quantity, unit), code)
        line = {"materialDefinitionId": "NOTHING", "quantity": amount(1)}
        message = self.tell(CONSUMED, self.order, materials=[line])
        self.assertParked(message, "unknown-material")
        self.assertIn("/data/materials/0/materialDefinitionId", message.error_fields)
        self.assertEqual(self.order.state, "confirmed")

    def test_one_bad_line_posts_nothing(self):
        good = {"materialDefinitionId": "GLUE", "quantity": amount(1, "KGM")}
        bad = {"materialDefinitionId": "BOARD", "quantity": amount(1000)}
        message = self.tell(CONSUMED, self.order, materials=[good, bad])
        self.assertParked(message, "shortage")
        self.assertEqual(self.on_hand(self.glue), 50)

    def test_a_kit(self):
        """Odoo has no stock of it, only of its components."""
        kit = self.make_product("KIT")
        self.make_bom(kit, [(self.glue, 1, False)], operations=(), type="phantom")
        message = self.consume(self.order, kit, 1, "C62")
        self.assertParked(message, "material-kit")
        self.assertIn("/data/materials/0/materialDefinitionId", message.error_fields)
        self.assertIn("report its components", message.error_detail)
        self.assertFalse(self.moves(kit))
        line = {"materialDefinitionId": "KIT", "quantity": amount(1)}
        made = self.report(self.order, 1, byProducts=[line])
        self.assertParked(made, "material-kit")
        self.assertIn("/data/byProducts/0/materialDefinitionId", made.error_fields)

    def test_a_kit_on_the_bill_of_materials(self):
        """Odoo asks for its components, and these are what is derived."""
        kit = self.make_product("KIT2")
        self.make_bom(kit, [(self.glue, 1, False)], operations=(), type="phantom")
        bom = self.make_bom(self.make_product("SHELF"), [(kit, 2, False)])
        self.order = self.make_order(bom=bom)
        self.assertParked(self.consume(self.order, kit, 2, "C62"), "material-kit")
        self.assertPosted(self.report(self.order, 4))
        self.assertEqual(self.used(self.glue), 8)

    def test_staged_waits_for_the_report(self):
        self.interface(CONSUMED).consumption = "staged"
        self.assertPosted(
            self.consume(self.order, self.glue, 1, "KGM"),
            self.consume(self.order, self.glue, 1, "KGM"),
        )
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (0, 50))
        self.assertPosted(self.report(self.order, 4))
        self.assertEqual((self.used(self.glue), self.on_hand(self.glue)), (2, 48))

    def test_staged_is_no_longer_available(self):
        self.interface(CONSUMED).consumption = "staged"
        self.consume(self.order, self.glue, 40, "KGM")
        self.assertParked(self.consume(self.order, self.glue, 11, "KGM"), "shortage")

    def test_a_run_takes_its_turn_once(self):
        """However many of its messages take of one component."""
        self.interface(CONSUMED).join = False
        code, locks = self.order.mfg_job_order_id, []

        def note(_cr, query, *_more):
            locks.extend(["lock"] if "FOR NO KEY UPDATE OF q" in query else [])

        line = {"materialDefinitionId": "GLUE", "quantity": amount(1, "KGM")}
        data = {"jobOrderId": code, "materials": [line], "time": at(9)}
        messages = [self.send(CONSUMED, data, subject=code) for _n in range(5)]
        thread = threading.current_thread()
        with (
            patch.object(thread, "query_hooks", (note,), create=True),
            patch.object(mfg_drain_post, "RUN_SECONDS", 600),
        ):
            self.drain()
        self.assertPosted(*messages)
        self.assertEqual((self.on_hand(self.glue), locks), (45, ["lock"]))
