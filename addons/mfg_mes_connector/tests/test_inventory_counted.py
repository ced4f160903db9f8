# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools

from odoo.tests import tagged

from .common import CONSUMED, MesCase, amount, at, moment
from .cost_common import METHODS, CostCase

COUNTED = "mfg.inventory.counted.v1"
REVERSED = "mfg.event.reversed.v1"
_numbers = itertools.count(1)


class CountCase(MesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rack = cls.env["stock.location"].create(
            {"name": "Rack", "location_id": cls.stock.id, "barcode": "RACK"}
        )
        cls.resin = cls.make_product("RESIN", uom=cls.kilo, tracking="lot")
        cls.lots = cls.env["stock.lot"].create(
            [{"name": name, "product_id": cls.resin.id} for name in ("R1", "R2")]
        )
        for lot, kilos in zip(cls.lots, (5, 7), strict=True):
            cls.lay_in(cls.resin, kilos, lot=lot)

    def setUp(self):
        super().setUp()
        self.interface(COUNTED).limit_count_difference = False

    def count(self, product, value, unit="C62", as_of=None, endpoint=None, **more):
        data = {
            "materialDefinitionId": getattr(product, "default_code", product),
            "quantity": amount(value, unit),
            "asOf": as_of or at(10),
            **more,
        }
        subject = f"stock:{next(_numbers)}"
        message = self.post(COUNTED, data, subject=subject, endpoint=endpoint)
        self.env.invalidate_all()
        return message

    def moves(self, message):
        ids = message.link_ids.filtered(lambda k: k.res_model == "stock.move")
        return self.env["stock.move"].browse(ids.mapped("res_id"))

    def reverse(self, message):
        data = {"eventId": message.event_id, "reason": "counted wrong"}
        reversal = self.post(REVERSED, data, subject=f"back:{next(_numbers)}")
        self.env.invalidate_all()
        return reversal


@tagged("post_install", "-at_install")
class TestInventoryCounted(CountCase):
    def test_the_stock_becomes_what_was_counted(self):
        message = self.count(self.board, 93)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.board), 93)
        move = self.moves(message)
        self.assertEqual((move.quantity, move.date), (7, moment(10)))
        self.assertTrue(move.is_inventory)
        self.assertEqual(move.location_dest_id.usage, "inventory")
        self.assertIn(self.endpoint.name, move.inventory_name)
        more = self.count(self.glue, 51500, "GRM")
        self.assertPosted(more)
        self.assertEqual(self.on_hand(self.glue), 51.5)
        self.assertEqual(self.moves(more).location_id.usage, "inventory")

    def test_what_was_expected_is_noted_and_changes_nothing(self):
        message = self.count(self.board, 100)
        self.assertPosted(message)
        move = self.moves(message)
        self.assertEqual((move.state, move.quantity), ("done", 0))
        self.assertEqual(self.on_hand(self.board), 100)

    def test_nothing_was_found_and_what_odoo_did_not_have(self):
        self.assertPosted(self.count(self.board, 0))
        self.assertEqual(self.on_hand(self.board), 0)
        self.assertPosted(self.count(self.table, 3, storageLocation="RACK"))
        self.assertEqual(self.on_hand(self.table, self.rack), 3)

    def test_sent_again(self):
        event = self.event(
            COUNTED,
            {
                "materialDefinitionId": "BOARD",
                "quantity": amount(90),
                "asOf": at(10),
            },
        )
        self.assertEqual(self.accept(event)[0]["status"], "accepted")
        self.drain()
        self.lay_in(self.board, 5)
        self.assertEqual(self.accept(event)[0]["status"], "duplicate")
        self.drain()
        self.assertEqual(self.on_hand(self.board), 95)

    def test_what_happened_after_the_count_stays(self):
        order = self.make_order()
        used = self.consume(order, self.glue, 2, "KGM")  # at 9
        self.assertPosted(used)
        later = self.tell(
            CONSUMED,
            order,
            materials=[
                {"materialDefinitionId": "GLUE", "quantity": amount(3, "KGM")},
            ],
            time=at(12),
        )
        self.assertPosted(later)
        self.assertEqual(self.on_hand(self.glue), 45)
        message = self.count(self.glue, 48, "KGM", as_of=at(10))
        self.assertPosted(message)
        self.assertEqual(self.moves(message).quantity, 0, "48 were there then")
        self.assertPosted(self.count(self.glue, 47, "KGM", as_of=at(11)))
        self.assertEqual(self.on_hand(self.glue), 44)

    def test_an_older_count_is_overtaken(self):
        self.assertPosted(self.count(self.board, 93, as_of=at(12)))
        older = self.count(self.board, 99, as_of=at(11))
        self.assertEqual(
            (older.state, older.error_code), ("cancelled", "count-overtaken")
        )
        self.assertEqual(self.on_hand(self.board), 93)
        again = self.count(self.board, 94, as_of=at(12))  # corrected
        self.assertPosted(again)
        self.assertEqual(self.on_hand(self.board), 94)
        elsewhere = self.count(self.board, 0, as_of=at(11), storageLocation="RACK")
        self.assertPosted(elsewhere)

    def test_a_count_by_people_overtakes_it_too(self):
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quant = quants.create(
            {
                "product_id": self.board.id,
                "location_id": self.stock.id,
                "inventory_quantity": 80,
            }
        )
        quant.action_apply_inventory()
        message = self.count(self.board, 90)
        self.assertEqual(message.error_code, "count-overtaken")
        self.assertEqual(self.on_hand(self.board), 80)

    # -- limits ------------------------------------------------------------------------

    def test_a_person_approves_what_is_not_tolerated(self):
        interface = self.interface(COUNTED)
        interface.write({"limit_count_difference": True, "count_difference_percent": 5})
        self.assertPosted(self.count(self.board, 95))
        message = self.count(self.board, 90, as_of=at(11))
        self.assertParked(message, "count-tolerance")
        self.assertIn("90 Units were counted, Odoo had 95", message.error_detail)
        self.assertEqual(self.on_hand(self.board), 95)
        message._approve("counted twice")
        self.drain()
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.board), 90)

    def test_by_default_a_person_approves_every_difference(self):
        endpoint = self.make_endpoint("Other", self.env.company, types=[COUNTED])
        same = self.count(self.board, 100, endpoint=endpoint)
        self.assertPosted(same)
        other = self.count(self.board, 99, endpoint=endpoint)
        self.assertParked(other, "count-tolerance")
        self.assertEqual(self.on_hand(self.board), 100)

    # -- lots and places ---------------------------------------------------------------

    def test_lots(self):
        message = self.count(self.resin, 4, "KGM", materialLotId="R1")
        self.assertPosted(message)
        stock = [self.on_hand(self.resin, lot=lot) for lot in self.lots]
        self.assertEqual(stock, [4, 7])
        self.assertParked(self.count(self.resin, 4, "KGM"), "lot-required")
        unknown = self.count(self.resin, 4, "KGM", materialLotId="R3")
        self.assertParked(unknown, "unknown-lot")
        self.map_code("lot", "R3", self.lots[1])
        self.drain()
        self.assertPosted(unknown)
        self.assertEqual(self.on_hand(self.resin, lot=self.lots[1]), 4)
        wrong = self.count(self.board, 4, materialLotId="R1")
        self.assertParked(wrong, "lot-mismatch")

    def test_serials(self):
        robot = self.make_product("ROBOT", tracking="serial")
        self.env["stock.lot"].create({"name": "S1", "product_id": robot.id})
        self.assertPosted(self.count(robot, 1, materialLotId="S1"))
        self.assertEqual(self.on_hand(robot), 1)
        two = self.count(robot, 2, as_of=at(11), materialLotId="S1")
        self.assertParked(two, "quantity-invalid")

    def test_a_place_is_all_within_it(self):
        self.lay_in(self.board, 20, location=self.rack)
        self.assertPosted(self.count(self.board, 120))
        message = self.count(self.board, 119, as_of=at(11))
        self.assertParked(message, "count-unclear")
        self.assertIn("Rack", message.error_detail)
        rack = self.count(self.board, 19, as_of=at(11), storageLocation="RACK")
        self.assertPosted(rack)
        self.assertEqual(self.on_hand(self.board, self.rack), 19)

    def test_a_package_keeps_its_goods(self):
        package = self.env["stock.package"].create({"name": "P1"})
        self.env["stock.quant"]._update_available_quantity(
            self.table, self.rack, 5, package_id=package
        )
        self.assertPosted(self.count(self.table, 4, storageLocation="RACK"))
        [quant] = package.quant_ids
        self.assertEqual(quant.quantity, 4)
        self.assertPosted(
            self.count(self.table, 6, as_of=at(11), storageLocation="RACK")
        )
        self.assertEqual(package.quant_ids.quantity, 6)

    # -- refused -----------------------------------------------------------------------

    def test_codes_that_are_not_known(self):
        message = self.count("NOPE", 1)
        self.assertParked(message, "unknown-material")
        self.map_code("material", "NOPE", self.board)
        self.drain()
        self.assertPosted(message)
        self.assertParked(
            self.count(self.board, 1, storageLocation="NOWHERE"), "unknown-location"
        )
        self.assertParked(self.count(self.board, 1, "XYZ"), "unknown-unit")
        self.assertParked(self.count(self.board, 1, "KGM"), "unit-mismatch")

    def test_what_no_count_can_be(self):
        self.assertParked(self.count(self.board, -1), "quantity-invalid")
        paint = self.make_product("PAINT", is_storable=False)
        self.assertParked(self.count(paint, 1), "count-unclear")
        loss = self.board.property_stock_inventory.complete_name
        self.assertParked(
            self.count(self.board, 1, storageLocation=loss), "count-unclear"
        )
        self.assertParked(
            self.count(self.board, 1, as_of="2999-01-01T00:00:00Z"), "time-invalid"
        )
        data = {"materialDefinitionId": "BOARD", "quantity": amount(1)}
        [answer] = self.accept(self.event(COUNTED, data))
        self.assertEqual(answer["error"]["code"], "schema")
        self.assertEqual(self.on_hand(self.board), 100)

    def test_another_companys_stock_is_not_counted(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        house = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        place = house.lot_stock_id
        place.barcode = "ELSEWHERE"
        self.lay_in(self.board, 8, location=place)
        ours = self.count(self.board, 9, storageLocation="ELSEWHERE")
        self.assertParked(ours, "unknown-location")
        endpoint = self.make_endpoint("Foreign", company, types=[COUNTED])
        self.interface(COUNTED, endpoint).limit_count_difference = False
        theirs = self.count(self.board, 9, endpoint=endpoint)
        self.assertPosted(theirs)
        move = self.env["stock.move"].browse(theirs.sudo().link_ids.res_id)
        self.assertEqual(move.company_id, company)
        self.assertEqual(self.on_hand(self.board, place), 9)
        self.assertEqual(self.on_hand(self.board), 100)

    def test_who_was_not_set_up_for_it_counts_nothing(self):
        self.interface(COUNTED).unlink()
        data = {
            "materialDefinitionId": "BOARD",
            "quantity": amount(1),
            "asOf": at(10),
        }
        [answer] = self.accept(self.event(COUNTED, data))
        self.assertEqual(answer["error"]["code"], "not-permitted")
        fresh = self.env["mfg.endpoint.setup"].create(
            {"name": "New", "code": "new", "source": "urn:test:new"}
        )
        ticked = fresh.line_ids.filtered("selected").mapped("type")
        self.assertNotIn(COUNTED, ticked)

    # -- taken back --------------------------------------------------------------------

    def test_reversal_gives_the_difference_back(self):
        for product, value, unit in ((self.board, 93, "C62"), (self.glue, 60, "KGM")):
            before = self.on_hand(product)
            message = self.count(product, value, unit)
            self.assertPosted(message)
            self.assertPosted(self.reverse(message))
            self.assertEqual(self.on_hand(product), before)
            self.assertEqual(self.moves(message).state, "cancel")
        # as if it had never come: an older one is not overtaken by it
        older = self.count(self.board, 97, as_of=at(9))
        self.assertPosted(older)
        self.assertEqual(self.on_hand(self.board), 97)

    def test_not_once_it_was_counted_again(self):
        first = self.count(self.board, 93)
        second = self.count(self.board, 90, as_of=at(11))
        self.assertParked(self.reverse(first), "not-reversible")
        self.assertEqual(self.on_hand(self.board), 90)
        self.assertPosted(self.reverse(second))
        self.assertEqual(self.on_hand(self.board), 93)

    def test_not_once_what_it_added_is_gone(self):
        message = self.count(self.glue, 60, "KGM")
        order = self.make_order(quantity=200)
        self.assertPosted(self.consume(order, self.glue, 55, "KGM"))
        self.assertParked(self.reverse(message), "not-reversible")
        self.assertEqual(self.on_hand(self.glue), 5)


@tagged("post_install", "-at_install")
class TestCountValue(CountCase, CostCase):
    """What a count is worth, and that taken back it never was anything."""

    def worth(self, product):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.stock_account.id)]
        )
        self.env.invalidate_all()
        return (
            self.on_hand(product),
            round(product.total_value, 2),
            round(product.standard_price, 4),
            round(sum(lines.mapped("balance")), 2),
        )

    def test_value_and_books(self):
        loss = self.table.property_stock_inventory
        loss.valuation_account_id = self.work_account
        for method in METHODS:
            world = self.make_world(method)
            plank = world.plank
            before = self.worth(plank)
            for value in (37, 44):
                with self.subTest(method, value=value):
                    message = self.count(plank, value, as_of=self.stamp())
                    self.assertPosted(message)
                    move = self.moves(message)
                    self.assertTrue(move.value)
                    after = self.worth(plank)
                    self.assertEqual(after[0], value)
                    self.assertNotEqual(after[1], before[1])
                    self.assertNotEqual(after[3], before[3], "the books follow")
                    self.assertPosted(self.reverse(message))
                    self.assertEqual(self.worth(plank), before)
