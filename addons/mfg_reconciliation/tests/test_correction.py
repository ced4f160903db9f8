# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.mfg_reconciliation_events import COMPLETED
from .common import CONSUMED, RETURNED, REVERSED, ReconcileCase, amount, at


@tagged("post_install", "-at_install")
class TestCorrection(ReconcileCase):
    """Corrections go the ordinary way, once, and can be taken back."""

    def corrections(self):
        return self.env["mfg.message"].search(
            [("source", "=like", "urn:odoo:%:reconciliation")], order="id"
        )

    def test_missing_of_all_kinds(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.uses(self.glue, 2, lost=True)
        self.scraps(1, lost=True)
        self.works(30, lost=True)
        told = {
            "scrapped": amount(1),
            "consumed": [self.used(self.glue, 2), self.used(self.board, 7, "C62")],
            "labour": [{"operationsSegmentId": "Cut", "duration": amount(30, "MIN")}],
        }
        self.counts(7, listed=True, **told)
        self.assertIn("Comes with", self.line("consumed", self.board).next_step)
        self.heal()
        self.assertPosted(*self.corrections())
        self.assertEqual(
            self.found.state,
            "corrected",
            [
                (x.figure, x.state, [(m.type, m.state) for m in x.correction_ids])
                for x in self.found.line_ids
            ],
        )
        self.assertEqual((self.made(), self.consumed(self.glue)), (7, 2))
        self.assertEqual(self.consumed(self.board), 7)
        scraps = self.env["stock.scrap"].search([("production_id", "=", self.order.id)])
        self.assertEqual(sum(scraps.mapped("scrap_qty")), 1)
        self.assertEqual(sum(self.order.workorder_ids.mapped("duration")), 30)
        self.counts(7, hour=13, listed=True, **told)
        self.assertMatched()

    def test_healed_twice(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        line = self.line("produced")
        line._correct("Counted")
        with self.assertRaisesRegex(UserError, "in the meantime"):
            line._correct("Counted")
        self.drain()
        with self.assertRaisesRegex(UserError, "in the meantime"):
            line._correct("Counted")
        self.assertEqual(len(self.corrections()), 1)
        # once more, as of a person whose page is old
        line.state = "open"
        with self.assertRaisesRegex(UserError, "Compare Again"):
            line._correct("Counted")
        self.drain()
        self.assertEqual((self.made(), len(self.corrections())), (7, 1))

    def test_doubled_is_taken_back_with_what_followed(self):
        self.makes(4)
        self.again()
        told = {"consumed": [self.used(self.board, 4, "C62")]}
        self.counts(4, listed=True, **told)
        self.assertDiffers(
            ("produced", "TABLE", -4.0, "doubled"),
            ("consumed", "BOARD", -4.0, "doubled"),
        )
        self.heal()
        self.assertEqual(self.corrections().mapped("type"), [REVERSED])
        self.assertEqual((self.made(), self.consumed(self.board)), (4, 4))
        self.assertEqual(self.found.state, "corrected")

    def test_too_much_consumed_comes_back(self):
        self.uses(self.glue, 3)
        self.counts(0, consumed=[self.used(self.glue, 2)], listed=True)
        self.assertDiffers(("consumed", "GLUE", -1.0, "tolerance"))
        self.heal()
        self.assertEqual(self.corrections().mapped("type"), [RETURNED])
        self.assertEqual((self.consumed(self.glue), self.on_hand(self.glue)), (2, 48))

    def test_too_much_reported_is_told_anew(self):
        self.makes(4)
        self.counts(3, listed=True)
        self.heal()
        self.assertPosted(*self.corrections())
        self.assertEqual((self.made(), len(self.corrections())), (3, 2))

    def test_by_lot(self):
        resin, lots = self.with_resin()
        self.uses(resin, 3, lots=[{"materialLotId": "R1"}])
        parts = [
            {"materialLotId": "R1", "quantity": amount(1, "KGM")},
            {"materialLotId": "R2", "quantity": amount(2, "KGM")},
        ]
        self.counts(0, consumed=[self.used(resin, 3, lots=parts)])
        self.assertDiffers(
            ("consumed", "RESIN", -2.0, "tolerance"),
            ("consumed", "RESIN", 2.0, "missing"),
        )
        self.heal()
        self.assertEqual([self.on_hand(resin, lot=lot) for lot in lots], [4, 3])
        self.assertEqual(self.found.state, "corrected")

    def test_a_lot_is_never_guessed(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        self.counts(0, consumed=[self.used(resin, 3)])
        line = self.line("consumed")
        self.assertIn("did not say of which lots", line.next_step)
        with self.assertRaisesRegex(UserError, "no correction can be posted"):
            line._correct("Now")

    def test_an_order_that_is_over_is_reopened_for_it(self):
        self.makes(4)
        self.uses(self.glue, 1, lost=True)
        self.makes(3, lost=True)
        self.makes(2, hour=11, final=True)
        self.assertEqual(self.order.state, "done")
        told = {"consumed": [self.used(self.glue, 1)], "state": "Completed"}
        self.counts(9, listed=True, **told)
        self.heal()
        self.assertPosted(*self.corrections())
        self.assertEqual(
            (self.order.state, self.made(), self.consumed(self.glue)), ("done", 9, 1)
        )
        self.counts(9, hour=13, listed=True, **told)
        self.assertMatched()

    def test_an_order_ended_by_hand_is_not(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.order.qty_producing = 4
        self.order._mfg_close(self.order.date_start)
        self.counts(7, state="Completed")
        with self.assertRaisesRegex(UserError, "ended in Odoo and not by the plant"):
            self.heal()
        self.assertFalse(self.corrections())

    def test_the_state(self):
        self.makes(10)
        self.counts(10, state="Completed")
        self.heal()
        self.assertEqual((self.order.state, self.found.state), ("done", "corrected"))

    def test_the_state_of_an_order_of_one_operation(self):
        bom = self.make_bom(self.make_product("STOOL"), operations=("Glue",))
        self.order = self.make_order(bom=bom)
        self.makes(9)
        self.makes(1, lost=True)
        self.counts(10, state="Completed", listed=True)
        self.heal()
        self.assertPosted(*self.corrections())
        self.assertEqual((self.order.state, self.made()), ("done", 10))
        self.assertEqual(self.found.state, "corrected")
        self.counts(10, hour=13, state="Completed", listed=True)
        self.assertMatched()

    def test_the_state_of_an_order_with_a_rest(self):
        """What is left in a backorder that nobody began does not differ."""
        self.interface(COMPLETED).rest_of_final = "backorder"
        self.makes(7)
        self.counts(7, state="Completed")
        self.heal()
        self.assertEqual(
            self.order._mfg_family().mapped("state"), ["done", "confirmed"]
        )
        for state in ("Completed", "Running"):
            self.counts(7, hour=13, state=state)
            self.assertMatched()

    def test_the_end_is_taken_back(self):
        self.makes(10)
        self.counts(10, state="Completed")
        self.heal()
        self.line("state")._take_back("It still runs")
        self.drain()
        self.env.invalidate_all()
        self.assertNotEqual(self.order.state, "done")
        self.assertEqual(self.line("state").state, "open")

    def test_a_correction_is_taken_back(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.heal()
        line = self.line("produced")
        line._take_back("Wrong order")
        self.drain()
        self.assertEqual(
            (self.made(), line.state, self.found.state), (4, "open", "differs")
        )
        self.heal()
        self.assertEqual((self.made(), line.state), (7, "corrected"))
        self.assertIn("Wrong order", "".join(self.found.message_ids.mapped("body")))

    def test_a_reversal_is_taken_back(self):
        self.makes(4)
        self.again()
        self.counts(4, listed=True)
        self.heal()
        self.line("produced")._take_back("It was made twice")
        self.drain()
        self.assertEqual((self.made(), self.found.state), (8, "differs"))

    def test_a_correction_that_an_event_reverses_opens_it_again(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.heal()
        [correction] = self.corrections()
        data = {
            "eventId": correction.event_id,
            "source": correction.source,
            "reason": "No",
        }
        self.assertPosted(self.plant_sends(REVERSED, **data))
        self.assertEqual((self.line("produced").state, self.made()), ("open", 4))

    def plant_sends(self, event_type, lost=False, **data):
        if event_type != REVERSED:
            return super().plant_sends(event_type, lost, **data)
        code = self.order.mfg_job_order_id
        return self.arrives(self.event(event_type, data, subject=code))

    def test_a_correction_that_parks_and_is_cancelled(self):
        self.makes(4)
        self.uses(self.glue, 60, lost=True)  # there are 50
        self.counts(4, consumed=[self.used(self.glue, 60)], listed=True)
        self.heal()
        [correction] = self.corrections()
        self.assertParked(correction, "shortage")
        line = self.line("consumed")
        self.assertEqual(line.state, "posting")
        self.assertIn("parked", line.next_step)
        self.found.action_compare()
        self.assertEqual(self.found.line_ids, line)
        correction._cancel("There is none")
        self.found.action_compare()
        self.assertDiffers(("consumed", "GLUE", 60.0, "missing"))

    def test_what_waits_is_no_correction(self):
        self.makes(40)
        self.counts(40, listed=True)
        line = self.line("produced")
        self.assertIn("Settle the parked message", line.next_step)
        with self.assertRaisesRegex(UserError, "no correction can be posted"):
            line._correct("Now")

    def test_an_endpoint_without_the_interface(self):
        self.makes(4)
        self.uses(self.glue, 2, lost=True)
        self.interface(CONSUMED).active = False
        self.counts(4, consumed=[self.used(self.glue, 2)], listed=True)
        with self.assertRaisesRegex(UserError, "Material consumed"):
            self.heal()

    def test_a_backorder_family(self):
        self.interface("mfg.production.reported.v1").rest_of_final = "backorder"
        self.makes(4)
        self.makes(2, hour=11, final=True)
        family = self.order._mfg_family()
        self.assertEqual(len(family), 2)
        self.makes(3, hour=11, lost=True)
        self.counts(9, listed=True)
        self.assertDiffers(("produced", "TABLE", 3.0, "missing"))
        self.heal()
        self.assertEqual(sum(float(o._mfg_produced()) for o in family), 9)
        self.counts(9, hour=13, listed=True)
        self.assertMatched()

    def test_a_late_message_settles_it(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.assertEqual(self.found.cause, "missing")
        self.arrives(self.sent[1])
        self.env["mfg.reconciliation"]._compare_snapshot(self.found.snapshot_id)
        self.assertMatched()
        self.assertEqual(at(10), self.sent[1]["data"]["time"])

    def test_a_report_that_took_a_reserved_lot_is_another_orders(self):
        """It is linked to the order that lost the reservation, too."""
        resin, _lots = self.with_resin()
        lines = [(self.board, 1, False), (resin, 0.4, False)]
        bom = self.make_bom(self.make_product("STOOL"), lines, operations=())
        self.order, other = self.make_order(bom=bom), self.order
        self.order.action_assign()
        self.makes(8, backflush="never")
        used = self.used(resin, 5, lots=[{"materialLotId": "R1"}])
        report = self.report(other, 5, materials=[used])
        lost = report.link_ids.filtered(lambda k: (k.undo or {}).get("displaced"))
        self.assertEqual(lost.res_id, self.order.id)
        self.counts(7)
        self.heal()
        self.assertFalse(report.reversed_by_id)
        self.assertEqual((self.made(), float(other._mfg_produced())), (7, 5))

    def healed_twice_after_its_end(self):
        """An order that the plant ended lacked 3, then 1; the first correction."""
        self.makes(4)
        self.makes(3, lost=True)
        self.makes(2, hour=11, final=True)
        self.counts(9, state="Completed", listed=True)
        self.heal()
        first = self.line("produced")
        self.makes(1, hour=11, lost=True)
        self.counts(10, hour=13, state="Completed", listed=True)
        self.heal()
        self.assertEqual((self.order.state, self.made()), ("done", 10))
        return first

    def takes_back(self, line):
        line._take_back("Wrong order")
        self.drain()
        self.env.invalidate_all()
        self.assertPosted(*self.corrections())

    def test_the_earlier_of_two_corrections_after_the_end_is_taken_back(self):
        """The later one tells the end: it is not told besides."""
        first = self.healed_twice_after_its_end()
        self.takes_back(first)
        self.assertEqual((self.order.state, self.made()), ("done", 7))
        self.assertEqual(first.state, "open")

    def test_both_corrections_after_the_end_are_taken_back(self):
        first = self.healed_twice_after_its_end()
        self.takes_back(self.line("produced"))
        self.assertEqual((self.order.state, self.made()), ("done", 9))
        self.takes_back(first)
        self.assertEqual((self.order.state, self.made()), ("done", 6))

    def test_the_earlier_of_two_that_lessen_is_taken_back(self):
        """What was told anew with less stands for the report."""
        self.makes(4)
        self.counts(3, listed=True)
        self.heal()
        first = self.line("produced")
        self.counts(2, hour=13, listed=True)
        self.heal()
        self.assertEqual(self.made(), 2)
        self.takes_back(first)
        self.assertEqual(self.made(), 2)
