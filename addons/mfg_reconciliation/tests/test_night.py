# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import REPORTED, ReconcileCase, amount, at


@tagged("post_install", "-at_install")
class TestNight(ReconcileCase):
    """Without a snapshot: what messages did against Odoo's books, and their numbers."""

    def setUp(self):
        super().setUp()
        # the cron commits after each order; a test may not
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", lambda *_args, **_options: 1.0)

    def night(self):
        self.env.flush_all()
        self.env["mfg.reconciliation"]._nightly()
        return self.env["mfg.reconciliation"].search(
            [("order_id", "=", self.order.id), ("kind", "=", "books")], limit=1
        )

    def test_what_is_the_same_matches(self):
        self.makes(4)
        self.uses(self.glue, 2)
        self.works(30)
        self.assertEqual(self.night().state, "matched")

    def test_edited_deleted_and_by_hand(self):
        self.uses(self.glue, 2)
        self.works(30)
        self.makes(4)
        lines = self.order.move_raw_ids.move_line_ids
        lines.filtered(lambda x: x.product_id == self.glue and x.picked).quantity = 3
        self.order.workorder_ids.time_ids.filtered("mfg_plant").unlink()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.table.id,
                "scrap_qty": 1,
                "production_id": self.order.id,
                "location_id": self.order.location_dest_id.id,
            }
        )
        scrap.do_scrap()
        row = self.night()
        seen = {(x.what, round(x.difference, 2), x.cause) for x in row.line_ids}
        self.assertEqual(
            seen,
            {
                ("consumed", -1.0, "changed"),
                ("labour", 30.0, "changed"),
                ("scrapped", -1.0, "by_hand"),
            },
        )

    def test_it_can_be_corrected(self):
        self.uses(self.glue, 2)
        lines = self.order.move_raw_ids.move_line_ids
        lines.filtered(lambda x: x.product_id == self.glue and x.picked).quantity = 1
        row = self.night()
        self.assertEqual(row.line_ids.mapped("difference"), [1.0])
        self.heal(row.line_ids)
        self.assertEqual((row.state, self.consumed(self.glue)), ("corrected", 2))
        self.assertEqual(self.night().state, "matched")

    def test_gaps_in_the_numbers(self):
        self.interface(REPORTED).gap_policy = "continue"
        self.interface(REPORTED).gap_seconds = 0
        for number in (1, 2, 5):
            code = self.order.mfg_job_order_id
            data = {"jobOrderId": code, "quantity": amount(1), "time": at(10)}
            event = self.event(REPORTED, data, subject=code, sequence=str(number))
            self.assertPosted(self.arrives(event))
        row = self.night()
        self.assertEqual(row.line_ids.mapped("cause"), ["missing"])
        self.assertIn("3, 4", row.line_ids.explanation)
        numbers = row.line_ids.message_ids.mapped("sequence")
        self.assertEqual(sorted(numbers), [2, 5])

    def test_plants_are_asked(self):
        self.makes(4)
        self.night()
        [request] = self.outgoing("mfg.snapshot.requested.v1")
        data = request._event_data()
        self.assertEqual(data["jobOrderIds"], [self.order.mfg_job_order_id])

    def test_only_what_was_touched(self):
        self.makes(4)
        self.night()
        later = fields.Datetime.now() + timedelta(hours=1)
        touched = self.env["mfg.reconciliation"]._touched(later)
        self.assertNotIn((self.endpoint.id, self.order.id), touched)

    def test_what_differs_is_looked_at_again(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        earlier = fields.Datetime.now() - timedelta(minutes=5)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mfg_reconciliation SET write_date = %s, compared_at = %s",
            (earlier, earlier),
        )
        self.env.invalidate_all()
        self.arrives(self.sent[1])
        self.env.flush_all()
        self.env["mfg.reconciliation"]._follow()
        self.assertMatched()
