# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools

from .common import REPORTED, MesCase, amount, at

_numbers = itertools.count(1)
REVERSED = "mfg.event.reversed.v1"
ENDED = ("done", "cancel")


class ReversalCase(MesCase):
    """An event that was reversed leaves the world as if it had never come.

    The same story is told twice, without the wrong event and with it; everything a
    planner, a stock keeper or an accountant could see is compared.
    """

    def setUp(self):
        super().setUp()
        self.order = self.make_order()

    def reverse(self, original, reason="Sent by mistake", **attributes):
        attributes.setdefault("subject", f"reversal {next(_numbers)}")
        data = {"eventId": original.event_id, "reason": reason}
        message = self.post(REVERSED, data, **attributes)
        self.env.invalidate_all()
        return message

    def assertReversed(self, original):
        reversal = self.reverse(original)
        self.assertPosted(reversal)
        self.assertEqual(original.reversed_by_id, reversal)
        return reversal

    def assertKept(self, original, code="not-reversible", words=""):
        """A reversal is refused, says why, and leaves everything as it was."""
        before = self.world()
        reversal = self.reverse(original)
        self.assertParked(reversal, code)
        self.assertIn(words, reversal.error_detail)
        self.assertWorld(before)
        return reversal

    def assertAsIfNever(self, wrong, before=(), after=(), order=None):
        """Tell a story with a wrong event and reverse it.

        :param wrong: makes the event, as do the items of ``before`` and ``after``
        """
        self.order = order or self.order
        expected = self.told([*before, *after])
        for step in before:
            self.assertPosted(step())
        original = wrong()
        self.assertPosted(original)
        for step in after:
            self.assertPosted(step())
        reversal = self.assertReversed(original)
        self.assertWorld(expected)
        return original, reversal

    def assertWorld(self, expected):
        actual = self.world()
        for part, seen in expected.items():
            self.assertEqual(actual[part], seen, part)

    def told(self, steps):
        """The world after some events, which are then undone."""
        savepoint = self.env.cr.savepoint()
        for step in steps:
            self.assertPosted(step())
        world = self.world()
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        return world

    # -- the world -------------------------------------------------------------------

    def world(self):
        self.env.flush_all()
        self.env.invalidate_all()
        order = self.order
        return {
            "order": self.seen(order),
            "operations": [self.seen_operation(w) for w in order.workorder_ids],
            "components": self.seen_moves(order.move_raw_ids),
            "goods": self.seen_moves(order.move_finished_ids),
            "genealogy": self.genealogy(order),
            "stock": self.stock_of(self.products()),
            "value": self.value_of(self.products()),
            "scrapped": self.scrapped(order),
        }

    def products(self):
        first = min(self.table.id, self.board.id, self.glue.id)
        return self.env["product.product"].search([("id", ">=", first)], order="id")

    def seen(self, order):
        ledger = order.mfg_ledger or {}
        return {
            "state": order.state,
            "made": order.qty_produced,
            "producing": order.qty_producing,
            "plant_open": order.mfg_plant_open,
            "started": order.mfg_started_at,
            "start": order.date_start,
            "lots": sorted(order.lot_producing_ids.mapped("name")),
            "ledger": {key: float(v) for key, v in ledger.items() if float(v)},
            "absorbed": round(order.mfg_cost_absorbed, 2),
        }

    def seen_operation(self, workorder):
        rows = workorder.time_ids.sorted("date_start")
        return {
            "state": workorder.state,
            "start": workorder.date_start,
            "finish": workorder.date_finished,
            "counted": workorder.qty_produced,
            "labour": [(row.date_start, row.date_end) for row in rows],
        }

    def seen_moves(self, moves):
        """Per product: used (made) as of when, and still planned."""
        found = {}
        for product in moves.product_id.sorted("id"):
            mine = moves.filtered(
                lambda m, product=product: (
                    m.product_id == product and m.state != "cancel"
                )
            )
            done = mine.filtered(lambda m: m.state == "done" and m.quantity)
            rest = mine.filtered(lambda m: m.state not in ENDED)
            found[product.default_code] = {
                "done": sorted((m.date, round(m.quantity, 4)) for m in done),
                "open": round(sum(rest.mapped("product_uom_qty")), 4),
                "picked": round(
                    sum(rest.move_line_ids.filtered("picked").mapped("quantity")), 4
                ),
                "explicit": any(rest.mapped("mfg_explicit")),
            }
        return {code: seen for code, seen in found.items() if any(seen.values())}

    def genealogy(self, order):
        """What each part of the goods is made of."""
        lines = order.move_finished_ids.move_line_ids.filtered(
            lambda line: line.quantity and line.state == "done"
        )
        return sorted(
            (
                line.product_id.default_code,
                line.lot_id.name or "",
                line.quantity,
                sorted(
                    (u.product_id.default_code, u.lot_id.name or "", u.quantity)
                    for u in line.consume_line_ids
                ),
            )
            for line in lines
        )

    def stock_of(self, products):
        groups = self.env["stock.quant"]._read_group(
            [("product_id", "in", products.ids)],
            ["product_id", "location_id", "lot_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return sorted(
            (product.default_code, place.complete_name, lot.name or "", there, reserved)
            for product, place, lot, there, reserved in (
                (*group[:3], round(group[3], 4), round(group[4], 4)) for group in groups
            )
            if there or reserved
        )

    def value_of(self, products):
        if "total_value" not in products._fields:
            return {}
        values = {
            product.default_code: (
                round(product.total_value, 2),
                round(product.standard_price, 4),
            )
            for product in products
        }
        return {code: value for code, value in values.items() if any(value)}

    def scrapped(self, order):
        scraps = self.env["stock.scrap"].search([("production_id", "=", order.id)])
        return sum(scraps.mapped("scrap_qty"))

    # -- the events ------------------------------------------------------------------

    def made(self, quantity, hour=10, **data):
        return lambda: self.report(self.order, quantity, time=at(hour), **data)

    def made_at_once(self, *quantities):
        """Reports that are posted in one run, joined; their messages."""
        code = self.order.mfg_job_order_id
        messages = [
            self.send(
                REPORTED,
                {"jobOrderId": code, "quantity": amount(number), "time": at(10)},
                subject=code,
            )
            for number in quantities
        ]
        self.drain()
        return messages

    def used(self, product, quantity, unit="KGM", **material):
        return lambda: self.consume(self.order, product, quantity, unit, **material)

    def told_job(self, event_type, hour, segment="Cut", **data):
        if segment:
            data["operationsSegmentId"] = segment
        return lambda: self.tell(event_type, self.order, time=at(hour), **data)
