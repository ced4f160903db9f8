# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import WHY, ReconcileCase


@tagged("post_install", "-at_install")
class TestStale(ReconcileCase):
    """What was found is corrected only while it is so, and by one comparison."""

    def books(self):
        rows = self.env["mfg.reconciliation"]
        return rows._compare_books(self.endpoint, self.order)

    def corrections(self):
        return self.env["mfg.message"].search([("source", "like", ":reconciliation")])

    def edit(self, was, now):
        lines = self.order.move_raw_ids.move_line_ids
        lines.filtered(
            lambda x: x.product_id == self.glue and x.quantity == was
        ).quantity = now

    def edited(self):
        """Of 2 kg of glue somebody made 1; the plant counts 2."""
        self.uses(self.glue, 2)
        self.edit(2, 1)
        self.counts(0, consumed=[self.used(self.glue, 2)], listed=True)
        return self.found.line_ids, self.books().line_ids

    def test_what_has_come_since_is_not_corrected(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.arrives(self.sent[1])
        with self.assertRaisesRegex(UserError, "Compare Again"):
            self.line("produced")._correct(WHY)
        self.drain()
        self.assertEqual((self.made(), len(self.corrections())), (7, 0))
        self.found.action_compare()
        self.assertMatched()

    def test_what_has_grown_since_is_not_corrected(self):
        self.uses(self.glue, 2)
        self.counts(0, consumed=[self.used(self.glue, 3)])
        self.edit(2, 1)
        with self.assertRaisesRegex(UserError, "Compare Again"):
            self.line("consumed")._correct(WHY)
        self.found.action_compare()
        self.heal()
        self.assertEqual(self.consumed(self.glue), 3)

    def test_one_change_in_two_comparisons_is_corrected_once(self):
        counted, books = self.edited()
        self.assertEqual((counted + books).mapped("difference"), [1.0, 1.0])
        with self.assertRaisesRegex(UserError, "being posted"):
            (counted + books)._correct(WHY)

    def test_the_other_comparison_waits_and_finds_it_done(self):
        counted, books = self.edited()
        counted._correct(WHY)
        with self.assertRaisesRegex(UserError, "being posted"):
            books._correct(WHY)
        self.drain()
        with self.assertRaisesRegex(UserError, "Compare Again"):
            books._correct(WHY)
        self.drain()
        self.assertEqual((self.consumed(self.glue), len(self.corrections())), (2, 1))
        books.reconciliation_id.action_compare()
        self.assertFalse(books.exists())

    def test_a_newer_count_is_what_counts(self):
        self.makes(4)
        self.counts(5)
        line = self.line("produced")
        line.reconciliation_id.snapshot_id.state = "superseded"
        with self.assertRaisesRegex(UserError, "Compare Again"):
            line._correct(WHY)

    def test_a_decision_taken_back_beside_a_newer_comparison(self):
        """There the difference is open; the earlier row opens none of its own."""
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.heal()
        first = self.found
        self.counts(9, hour=13, listed=True)
        newer = self.found
        self.assertNotEqual(first, newer)
        first.line_ids._take_back("Wrong order")
        self.drain()
        self.env.invalidate_all()
        self.assertEqual((newer.state, self.made()), ("differs", 4))
        self.assertNotEqual(first.state, "differs")
        newer.action_compare()
        self.assertEqual(newer.line_ids.mapped("difference"), [5.0])
