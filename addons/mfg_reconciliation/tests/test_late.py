# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import RETURNED, REVERSED, ReconcileCase, amount, at


@tagged("post_install", "-at_install")
class TestLate(ReconcileCase):
    """What comes, or goes, after the count invites nobody to post it a second time."""

    def corrected(self, **listed):
        """4 made; 3 lost, and corrected; then they come."""
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, **listed)
        self.heal()
        self.arrives(self.sent[1])
        self.assertEqual(self.made(), 10)

    def heals_to(self, made):
        """The correction is taken back, and no message of the plant."""
        line = self.found.line_ids.filtered(lambda x: x.state == "open")
        self.assertIn(":reconciliation", line.message_ids.source)
        self.heal(line)
        self.assertEqual(self.made(), made)
        self.assertMatched("corrected", "matched")
        self.assertTrue(line.message_ids.reversed_by_id)

    def test_it_came_after_its_correction(self):
        self.corrected(listed=True)
        self.found.action_compare()
        self.assertDiffers(("produced", "TABLE", -3.0, "doubled"))
        self.heals_to(7)
        self.counts(7, hour=13, listed=True)
        self.assertMatched()

    def test_it_came_after_its_correction_and_the_plant_counts_again(self):
        self.corrected(listed=True)
        self.counts(7, hour=13, listed=True)
        self.assertDiffers(("produced", "TABLE", -3.0, "doubled"))
        self.heals_to(7)

    def test_it_came_after_its_correction_without_a_list(self):
        self.corrected()
        self.counts(7, hour=13)
        self.assertDiffers(("produced", "TABLE", -3.0, "doubled"))
        self.heals_to(7)

    def test_beside_what_is_missing(self):
        """It is a fact, whatever else differs."""
        self.corrected(listed=True)
        self.makes(2, hour=11, lost=True)
        self.counts(9, hour=13, listed=True)
        line = self.line("produced")
        self.assertEqual((line.difference, line.cause), (-1.0, "doubled"))
        self.heal()
        self.assertEqual(self.made(), 9)

    def test_glue_came_after_its_correction(self):
        """Glue that the plant reports itself is posted on top."""
        self.uses(self.glue, 1, hour=8)
        self.uses(self.glue, 2, lost=True)
        told = {"consumed": [self.used(self.glue, 3)], "listed": True}
        self.counts(0, **told)
        self.heal()
        self.arrives(self.sent[1])
        self.assertEqual(self.consumed(self.glue), 5)
        self.counts(0, hour=13, **told)
        self.assertDiffers(("consumed", "GLUE", -2.0, "doubled"))
        self.heal()
        self.assertEqual(self.consumed(self.glue), 3)

    def test_the_correction_taken_back_opens_nothing_again(self):
        self.corrected(listed=True)
        first = self.found
        self.counts(7, hour=13, listed=True)
        self.heal()
        states = (first | self.found).line_ids.mapped("state")
        self.assertEqual(states, ["corrected", "corrected"])
        self.line("produced")._take_back("It was right")
        self.drain()
        self.assertEqual(self.made(), 10)

    def test_what_is_new_is_not_what_was_corrected(self):
        """A report of something else, after the count."""
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.heal()
        self.makes(3, hour=13)
        self.counts(10, hour=14, listed=True)
        self.assertMatched()

    # -- taken back by the plant -----------------------------------------------------

    def takes_back(self, message, hour):
        data = {"eventId": message.event_id, "reason": "Miscounted"}
        code = self.order.mfg_job_order_id
        event = self.event(REVERSED, data, subject=code, time=at(hour))
        self.assertPosted(self.arrives(event))
        return event

    def test_taken_back_after_the_count(self):
        self.makes(4)
        second = self.makes(3)
        event = self.takes_back(second, 13)
        self.counts(7, listed=True)
        self.assertDiffers(("produced", "TABLE", 3.0, "late"))
        line = self.line("produced")
        self.assertEqual(line.message_ids, second | second.reversed_by_id)
        self.assertFalse(line._is_correctable())
        self.sent.append(event)
        self.counts(4, hour=14, listed=True)
        self.assertMatched()

    def test_taken_back_before_the_count(self):
        self.makes(4)
        second = self.makes(3)
        self.sent.append(self.takes_back(second, 11))
        self.counts(4, listed=True)
        self.assertMatched()
        self.counts(7, hour=13, listed=True)
        self.assertEqual(self.line("produced").cause, "tolerance")

    def test_all_of_it_came_back_after_the_count(self):
        """The posting is empty by now; at noon it was not."""
        self.uses(self.glue, 3)
        line = self.used(self.glue, 3)
        self.assertPosted(self.plant_sends(RETURNED, materials=[line], time=at(13)))
        self.assertEqual(self.consumed(self.glue), 0)
        self.counts(0, consumed=[line])
        self.assertMatched()
        self.counts(0, hour=14, consumed=[self.used(self.glue, 0)])
        self.assertMatched()

    # -- lots ------------------------------------------------------------------------

    def test_lots_that_are_not_the_total(self):
        resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        for name in ("R1", "R2"):
            self.env["stock.lot"].create({"name": name, "product_id": resin.id})
        parts = [
            {"materialLotId": "R1", "quantity": amount(1, "KGM")},
            {"materialLotId": "R2", "quantity": amount(1, "KGM")},
        ]
        message = self.counts(0, consumed=[self.used(resin, 3, lots=parts)])
        self.assertParked(message, "lot-mismatch")
        self.assertIn("add up to 2", message.error_detail)
        self.assertIn("/data/consumed/0/lots", message.error_fields)
        parts[1]["quantity"] = amount(2000, "GRM")
        right = self.counts(0, consumed=[self.used(resin, 3, lots=parts)])
        self.assertPosted(right)

    def test_serial_numbers_that_are_not_the_total(self):
        chair = self.make_product("CHAIR", tracking="serial")
        self.order, self.sent = self.make_order(bom=self.make_bom(chair)), []
        self.env["stock.lot"].create({"name": "S1", "product_id": chair.id})
        message = self.counts(2, producedLots=[{"materialLotId": "S1"}])
        self.assertParked(message, "lot-mismatch")
        self.assertIn("/data/producedLots", message.error_fields)
