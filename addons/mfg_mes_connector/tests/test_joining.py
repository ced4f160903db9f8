# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from .common import CONSUMED, REPORTED, MesCase, amount, at, moment

PIECES = (2, 1, 3, 1)


@tagged("post_install", "-at_install")
class TestJoining(MesCase):
    """Reports of one order that wait together are one stock operation; each keeps its
    share. Joined or not, stock, counts, lots and links are the same."""

    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def join(self, on):
        self.endpoint.interface_ids.join = on

    def queue(self, event_type, order, **data):
        code = order.mfg_job_order_id
        data.setdefault("time", at(10))
        return self.send(event_type, {"jobOrderId": code, **data}, subject=code)

    def queue_reports(self, order, pieces=PIECES, **data):
        return [
            self.queue(REPORTED, order, quantity=amount(number), **data)
            for number in pieces
        ]

    def queue_use(self, order, product, quantity, unit="C62", **material):
        line = {
            "materialDefinitionId": product.default_code,
            "quantity": amount(quantity, unit),
            **material,
        }
        return self.queue(CONSUMED, order, materials=[line])

    def settle(self, *orders):
        self.drain()
        for order in orders or [self.order]:
            order.invalidate_recordset()

    def done_lines(self, order, product):
        moves = (order.move_raw_ids | order.move_finished_ids).filtered(
            lambda m: m.product_id == product and m.state == "done"
        )
        return moves.move_line_ids

    def made(self, order):
        return sum(self.done_lines(order, self.table).mapped("quantity"))

    def shares(self, message, product):
        """What a message has of the posted lines of a product."""
        lines = message.link_ids.filtered(lambda k: k.res_model == "stock.move.line")
        records = self.env["stock.move.line"]
        return [
            Decimal(str(link.undo["quantity"]))
            for link in lines
            if records.browse(link.res_id).product_id == product
        ]

    def links(self, messages):
        return [Counter((k.res_model, k.role) for k in m.link_ids) for m in messages]

    def picture(self, order, messages):
        order.invalidate_recordset()
        return {
            "links": self.links(messages),
            "shares": [
                (self.shares(m, self.table), self.shares(m, self.board))
                for m in messages
            ],
            "made": self.made(order),
            "used": sum(self.done_lines(order, self.board).mapped("quantity")),
            "open": sum(
                order.move_raw_ids.filtered(
                    lambda m: m.state not in ("done", "cancel")
                ).mapped("product_uom_qty")
            ),
            "state": (order.state, order.qty_produced),
            "counted": order.workorder_ids.mapped("qty_produced"),
        }

    def test_joined_is_the_same_as_one_by_one(self):
        other = self.make_order()
        joined = self.queue_reports(self.order)
        self.settle()
        self.join(False)
        single = self.queue_reports(other)
        self.settle(other)
        self.assertPosted(*joined, *single)
        expected = self.picture(other, single)
        self.assertEqual(self.picture(self.order, joined), expected)
        self.assertEqual(expected["made"], sum(PIECES))

    def test_what_one_report_names_is_derived_for_the_other(self):
        [derived] = self.queue_reports(self.order, [2])
        material = {
            "materialDefinitionId": self.board.default_code,
            "quantity": amount(3),
        }
        [named] = self.queue_reports(self.order, [2], materials=[material])
        self.settle()
        self.assertPosted(derived, named)
        self.assertEqual(self.shares(derived, self.board), [2])
        self.assertEqual(self.shares(named, self.board), [3])

    def test_one_stock_operation(self):
        messages = self.queue_reports(self.order)
        self.settle()
        self.assertPosted(*messages)
        [line] = self.done_lines(self.order, self.table)
        [used] = self.done_lines(self.order, self.board)
        self.assertEqual((line.quantity, used.quantity), (7, 7))
        self.assertEqual(line.consume_line_ids, used)
        shares = [self.shares(m, self.table) for m in messages]
        self.assertEqual(shares, [[number] for number in PIECES])
        self.assertEqual([m.attempts for m in messages], [1] * 4)

    def test_one_by_one_where_the_interface_says_so(self):
        self.join(False)
        self.queue_reports(self.order)
        self.settle()
        self.assertEqual(len(self.done_lines(self.order, self.table)), 4)

    def test_consumption_with_a_unit_of_its_own(self):
        messages = [
            self.queue_use(self.order, self.glue, quantity, unit)
            for quantity, unit in (("0.5", "KGM"), ("250", "GRM"), ("0.25", "KGM"))
        ]
        self.settle()
        self.assertPosted(*messages)
        [line] = self.done_lines(self.order, self.glue)
        self.assertEqual(line.quantity, 1)
        shares = [self.shares(m, self.glue) for m in messages]
        self.assertEqual(shares, [[Decimal("0.5")], [Decimal("0.25")]] + shares[1:2])

    def test_residues_are_carried_from_report_to_report(self):
        messages = [
            self.queue_use(self.order, self.glue, "0.004", "KGM") for _n in range(10)
        ]
        self.settle()
        self.assertPosted(*messages)
        self.assertEqual(
            sum(self.done_lines(self.order, self.glue).mapped("quantity")), 0.04
        )
        shares = [sum(self.shares(m, self.glue)) for m in messages]
        self.assertEqual(sum(shares), Decimal("0.04"))
        self.assertLess(max(shares), Decimal("0.02"))

    def test_a_line_from_two_places_is_dealt_out(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        plate = self.make_product("PLATE", stock=3)
        self.lay_in(plate, 10, location=shelf)
        messages = [self.queue_use(self.order, plate, 2) for _n in range(3)]
        self.settle()
        self.assertPosted(*messages)
        quantities = self.done_lines(self.order, plate).mapped("quantity")
        self.assertEqual(sorted(quantities), [3, 3])
        shares = [self.shares(m, plate) for m in messages]
        self.assertEqual([sum(s) for s in shares], [2, 2, 2])
        self.assertEqual(sorted(len(s) for s in shares), [1, 1, 2])

    def test_other_lots_are_not_mixed(self):
        product = self.make_product("LOTTED", tracking="lot")
        order = self.make_order(bom=self.make_bom(product, operations=()))
        for lot in ("A", "A", "B"):
            self.queue_reports(order, (1,), lots=[{"materialLotId": lot}])
        self.settle(order)
        lines = self.done_lines(order, product)
        self.assertEqual(
            sorted((line.lot_id.name, line.quantity) for line in lines),
            [("A", 2), ("B", 1)],
        )
        first, second = lines.sorted(lambda line: line.lot_id.name)
        self.assertFalse(first.consume_line_ids & second.consume_line_ids)

    def test_other_days_are_not_mixed(self):
        self.queue_reports(self.order, (1, 1), time=at(23, 59))
        self.queue_reports(self.order, (1,), time=at(0, 1, day=11))
        self.settle()
        lines = self.done_lines(self.order, self.table)
        dates = {line.move_id.date: line.quantity for line in lines}
        self.assertEqual(dates, {moment(23, 59): 2, moment(0, 1, day=11): 1})

    def test_a_bad_one_in_the_middle_is_found_out(self):
        good, bad, later = self.queue_reports(self.order, (6, 5, 2))
        self.settle()
        self.assertPosted(good)
        self.assertParked(bad, "over-tolerance")
        self.assertEqual(later.state, "waiting")
        self.assertEqual(self.made(self.order), 6)
        self.assertEqual([good.attempts, bad.attempts], [1, 1])
        bad._cancel("counted twice")
        self.settle()
        self.assertPosted(later)
        self.assertEqual(self.made(self.order), 8)

    def test_shortage_in_the_middle(self):
        plate = self.make_product("PLATE", stock=5)
        uses = [self.queue_use(self.order, plate, 2) for _n in range(3)]
        self.settle()
        self.assertPosted(*uses[:2])
        self.assertParked(uses[2], "shortage")

    def test_one_serial_number_twice_in_a_run(self):
        product = self.make_product("SERIAL", tracking="serial")
        order = self.make_order(bom=self.make_bom(product, operations=()))
        lots = [{"materialLotId": "S1"}]
        first = self.queue(REPORTED, order, quantity=amount(1), lots=lots)
        second = self.queue(REPORTED, order, quantity=amount(1), lots=lots)
        self.settle(order)
        self.assertPosted(first)
        self.assertParked(second, "serial-duplicate")

    def test_the_final_report_closes_after_the_joined_ones(self):
        self.queue_reports(self.order)
        [last] = self.queue_reports(self.order, (1,), final=True)
        self.settle()
        self.assertPosted(last)
        self.assertEqual((self.order.state, self.order.qty_produced), ("done", 8))

    def test_reported_at_an_operation(self):
        messages = self.queue_reports(self.order, operationsSegmentId="Cut")
        self.settle()
        self.assertPosted(*messages)
        cut = self.order.workorder_ids[0]
        self.assertEqual((cut.qty_produced, self.made(self.order)), (7, 0))

    def test_resent_among_the_joined(self):
        event = self.event(
            REPORTED,
            {
                "jobOrderId": self.order.mfg_job_order_id,
                "quantity": amount(2),
                "time": at(10),
            },
            subject=self.order.mfg_job_order_id,
        )
        answers = self.accept(event, event) + self.accept(event)
        self.assertEqual(
            [answer["status"] for answer in answers],
            ["accepted", "duplicate", "duplicate"],
        )
        self.settle()
        self.assertEqual(self.made(self.order), 2)

    def test_statements_per_report(self):
        """Twenty more reports in a posting cost no more than two statements each."""
        self.lay_in(self.board, 1000)
        self.queue_reports(self.order, (1,))
        self.settle()
        few = self._statements(2)
        many = self._statements(22)
        self.assertLess((many - few) / 20, 2)

    def _statements(self, number):
        order = self.make_order(quantity=100)
        self.queue_reports(order, [1] * number)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.drain()
        after = self.env.cr.sql_log_count
        self.assertEqual(self.made(order), number)
        return after - before
