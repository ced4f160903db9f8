# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import CONSUMED, REPORTED, SCRAPPED, MesCase, amount, at

MANY = 500


@tagged("post_install", "-at_install")
class TestSerials(MesCase):
    """A serial number is one piece: it is made once, used once, counted once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.scrap.reason.tag"].create({"name": "BAD"})
        cls.motor = cls.make_product("MOTOR", tracking="serial")
        cls.motor_bom = cls.make_bom(cls.motor, [(cls.board, 1, False)], operations=())
        cls.chip = cls.make_product("CHIP", tracking="serial")

    def setUp(self):
        super().setUp()
        self.order = self.make_order(10, self.motor_bom)

    def lots(self, *names):
        return [{"materialLotId": name} for name in names]

    def numbers(self, *names, product=None):
        """Serial numbers of a component in stock."""
        product = product or self.chip
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in names]
        )
        for lot in lots:
            self.lay_in(product, 1, lot)
        return lots

    def make(self, *names, order=None, **data):
        return self.report(
            order or self.order, len(names), lots=self.lots(*names), **data
        )

    def use(self, *names, order=None):
        return self.consume(
            order or self.order, self.chip, len(names), "C62", lots=self.lots(*names)
        )

    def at_fault(self, message):
        return [error.pointer for error in message._failure().errors]

    # -- made --------------------------------------------------------------------

    def test_made_and_shown_on_the_closed_order(self):
        self.assertPosted(self.make("M1", "M2"), self.make("M3", final=True))
        self.assertEqual(self.order.state, "done")
        self.assertEqual(
            sorted(self.order.lot_producing_ids.mapped("name")), ["M1", "M2", "M3"]
        )
        for lot in self.order.lot_producing_ids:
            self.assertEqual(self.on_hand(self.motor, lot=lot), 1)

    def test_made_twice(self):
        self.assertPosted(self.make("M1"))
        again = self.make("M2", "M1")
        self.assertParked(again, "serial-duplicate")
        self.assertEqual(self.at_fault(again), ["/data/lots/1/materialLotId"])
        other = self.make("M1", order=self.make_order(10, self.motor_bom))
        self.assertParked(other, "serial-duplicate")
        self.assertEqual(self.on_hand(self.motor), 1)
        found = self.env["stock.lot"].search([("product_id", "=", self.motor.id)])
        self.assertEqual(found.mapped("name"), ["M1"])

    def test_received_before(self):
        self.numbers("M1", product=self.motor)
        self.assertParked(self.make("M1"), "serial-duplicate")

    def test_scrapped_from_stock_and_made_again(self):
        """As Odoo has it: what left the stock as scrap may come back repaired."""
        self.assertPosted(self.make("M1", final=True))
        scrap = {"quantity": amount(1), "reasonCode": "BAD", "lots": self.lots("M1")}
        self.assertPosted(self.tell(SCRAPPED, self.order, time=at(11), **scrap))
        self.assertEqual(self.on_hand(self.motor), 0)
        again = self.make("M1", order=self.make_order(10, self.motor_bom))
        self.assertPosted(again)
        self.assertEqual(self.on_hand(self.motor), 1)

    def test_named_twice_by_the_number_and_by_a_mapping(self):
        lot = self.env["stock.lot"].create({"name": "M1", "product_id": self.motor.id})
        self.map_code("lot", "PLANT-M1", lot)
        self.assertParked(self.make("M1", "PLANT-M1"), "serial-duplicate")
        self.assertPosted(self.make("PLANT-M1"))
        self.assertEqual(self.on_hand(self.motor, lot=lot), 1)

    def test_not_one_piece_each(self):
        half = [{"materialLotId": "M1", "quantity": amount("0.5")}]
        bad = self.report(self.order, "0.5", lots=half)
        self.assertParked(bad, "lot-mismatch")

    # -- used --------------------------------------------------------------------

    def test_used_once(self):
        self.numbers("C1", "C2")
        self.assertPosted(self.use("C1"))
        again = self.use("C2", "C1")
        self.assertParked(again, "serial-duplicate")
        self.assertEqual(
            self.at_fault(again), ["/data/materials/0/lots/1/materialLotId"]
        )
        self.interface(CONSUMED).shortage = "allow"
        elsewhere = self.use("C1", order=self.make_order(10, self.motor_bom))
        self.assertParked(elsewhere, "serial-duplicate")
        self.assertEqual(self.on_hand(self.chip), 1)

    def test_used_twice_in_one_event(self):
        """Also where stock may go negative: half a serial number is none."""
        self.numbers("C1")
        self.interface(CONSUMED).shortage = "allow"
        line = {
            "materialDefinitionId": "CHIP",
            "quantity": amount(1),
            "lots": self.lots("C1"),
        }
        message = self.tell(CONSUMED, self.order, materials=[line, line], time=at(9))
        self.assertParked(message, "serial-duplicate")

    def test_used_twice_in_joined_events(self):
        self.numbers("C1")
        line = {
            "materialDefinitionId": "CHIP",
            "quantity": amount(1),
            "lots": self.lots("C1"),
        }
        code = self.order.mfg_job_order_id
        data = {"jobOrderId": code, "materials": [line], "time": at(9)}
        self.interface(CONSUMED).shortage = "allow"
        first, second = (self.send(CONSUMED, data, subject=code) for _n in range(2))
        self.drain()
        self.assertPosted(first)
        self.assertParked(second, "serial-duplicate")

    def test_used_and_made_again_by_one_order(self):
        """Rework: the very piece goes in and comes out."""
        self.numbers("M1", product=self.motor)
        bom = self.make_bom(self.motor, [(self.board, 1, False)], operations=())
        order = self.make_order(1, bom)
        used = self.consume(order, self.motor, 1, "C62", lots=self.lots("M1"))
        self.assertPosted(used, self.make("M1", order=order, final=True))
        self.assertEqual(self.on_hand(self.motor), 1)

    # -- many --------------------------------------------------------------------

    def test_five_hundred_in_one_report(self):
        self.lay_in(self.board, 1000)
        order = self.make_order(MANY, self.motor_bom)
        message = self.make(*(f"M{n:04}" for n in range(MANY)), order=order)
        self.assertPosted(message)
        self.assertEqual(self.on_hand(self.motor), MANY)
        lots = self.env["stock.lot"].search([("product_id", "=", self.motor.id)])
        self.assertEqual(len(lots), MANY)

    def test_statements_grow_with_the_pieces_and_no_faster(self):
        self.lay_in(self.board, 1000)
        self.assertLinear(self._made_by_statements, (60, 120, 180), 5)

    def test_statements_of_serial_components(self):
        self.assertLinear(self._used_by_statements, (20, 60, 100), 20)

    def assertLinear(self, statements, pieces, most):
        """Each piece costs at most so many statements, however many there are."""
        statements(pieces[0] - 1)  # what is asked once and remembered
        few, some, many = map(statements, pieces)
        first, second = some - few, many - some
        self.assertLess(first, most * (pieces[1] - pieces[0]))
        self.assertLess(second, first * 1.15, "for as many pieces more")

    def _made_by_statements(self, pieces):
        order = self.make_order(pieces, self.motor_bom)
        names = [f"S{pieces}-{n}" for n in range(pieces)]
        data = {
            "jobOrderId": order.mfg_job_order_id,
            "quantity": amount(pieces),
            "lots": self.lots(*names),
            "time": at(10),
        }
        message = self.send(REPORTED, data, subject=order.name)
        return self._statements(message)

    def _used_by_statements(self, pieces):
        names = [f"C{pieces}-{n}" for n in range(pieces)]
        self.numbers(*names)
        order = self.make_order(pieces, self.motor_bom)
        line = {
            "materialDefinitionId": "CHIP",
            "quantity": amount(pieces),
            "lots": self.lots(*names),
        }
        data = {
            "jobOrderId": order.mfg_job_order_id,
            "materials": [line],
            "time": at(9),
        }
        return self._statements(self.send(CONSUMED, data, subject=order.name))

    def _statements(self, message):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.drain()
        after = self.env.cr.sql_log_count
        self.assertPosted(message)
        return after - before
