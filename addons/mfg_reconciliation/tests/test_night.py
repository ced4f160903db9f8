# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..hooks import uninstall_hook
from ..models.mfg_reconciliation_run import LAST
from .common import REPORTED, RETURNED, ReconcileCase, amount, at


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

    # -- the night after a correction ------------------------------------------------

    def test_after_a_correction_of_what_was_missing(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.uses(self.glue, 2, lost=True)
        told = {"consumed": [self.used(self.glue, 2)]}
        self.counts(7, listed=True, **told)
        self.heal()
        self.assertEqual((self.made(), self.consumed(self.glue)), (7, 2))
        self.assertEqual(self.night().state, "matched")

    def test_after_a_correction_of_what_was_doubled(self):
        self.makes(4)
        self.again()
        self.counts(4, listed=True)
        self.heal()
        self.assertEqual((self.made(), self.night().state), (4, "matched"))

    def test_after_a_correction_of_too_much(self):
        self.makes(4)
        self.counts(3, listed=True)
        self.heal()
        self.assertEqual((self.made(), self.night().state), (3, "matched"))

    def test_after_a_correction_of_a_component(self):
        self.uses(self.glue, 3)
        for kilos, hour in ((2, 12), (0, 13), (4, 14)):
            told = [self.used(self.glue, kilos)]
            self.counts(0, hour=hour, consumed=told, listed=True)
            self.heal()
            self.assertEqual(self.consumed(self.glue), kilos)
            self.assertEqual(self.night().state, "matched", kilos)

    def test_after_a_correction_was_taken_back(self):
        self.makes(4)
        self.again()
        self.counts(4, listed=True)
        self.heal()
        self.line("produced")._take_back("It was made twice")
        self.drain()
        self.assertEqual((self.made(), self.night().state), (8, "matched"))

    def test_all_of_it_came_back(self):
        self.uses(self.glue, 3)
        line = {"materialDefinitionId": "GLUE", "quantity": amount(3, "KGM")}
        self.assertPosted(self.plant_sends(RETURNED, materials=[line], time=at(10)))
        self.assertEqual((self.consumed(self.glue), self.night().state), (0, "matched"))

    def test_an_edit_besides_a_correction(self):
        """The night tells of the edit alone."""
        self.uses(self.glue, 2)
        self.uses(self.glue, 1, hour=10, lost=True)
        self.counts(0, consumed=[self.used(self.glue, 3)], listed=True)
        self.heal()
        lines = self.order.move_raw_ids.move_line_ids
        used = lines.filtered(lambda x: x.product_id == self.glue and x.picked)
        used.filtered(lambda x: x.quantity == 2).quantity = 2.5
        self.assertEqual(self.night().line_ids.mapped("difference"), [-0.5])

    # -- numbers ---------------------------------------------------------------------

    def sends_numbers(self, *numbers):
        """One piece each; what is missing is not waited for."""
        self.interface(REPORTED).gap_policy = "continue"
        self.interface(REPORTED).gap_seconds = 0
        code = self.order.mfg_job_order_id
        for number in numbers:
            data = {"jobOrderId": code, "quantity": amount(1), "time": at(10)}
            event = self.event(REPORTED, data, subject=code, sequence=str(number))
            self.assertPosted(self.arrives(event))

    def edits_glue(self, was, now):
        lines = self.order.move_raw_ids.move_line_ids
        used = lines.filtered(lambda x: x.product_id == self.glue and x.picked)
        used.filtered(lambda x: x.quantity == was).quantity = now

    def test_gaps_in_the_numbers(self):
        self.sends_numbers(1, 2, 5)
        row = self.night()
        self.assertEqual(row.line_ids.mapped("cause"), ["missing"])
        self.assertIn("3, 4", row.line_ids.explanation)
        numbers = row.line_ids.message_ids.mapped("sequence")
        self.assertEqual(sorted(numbers), [2, 5])

    def test_a_gap_after_a_correction(self):
        self.uses(self.glue, 2)
        self.sends_numbers(1, 2)
        self.edits_glue(2, 1)
        self.heal(self.night().line_ids)
        self.assertEqual(self.night().state, "matched")
        self.sends_numbers(4)
        lines = self.night().line_ids
        self.assertEqual(lines.mapped("what"), ["messages"])
        self.assertIn("did not come: 3", lines.explanation)

    def test_a_gap_that_a_correction_made_up_for(self):
        """It is told no more; one that comes after it is."""
        self.sends_numbers(1, 3)
        self.counts(3)
        self.heal()
        self.assertEqual((self.made(), self.night().state), (3, "matched"))
        self.sends_numbers(5)
        self.assertIn("did not come: 4", self.night().line_ids.explanation)

    def test_the_last_number_that_a_correction_made_up_for(self):
        """The plant had named it when it counted."""
        self.sends_numbers(1)
        self.counts(2, lastSequence=2)
        self.heal()
        self.assertEqual(self.made(), 2)
        self.counts(2, hour=13, lastSequence=2)
        self.assertMatched()
        self.sends_numbers(3)
        self.assertEqual(self.night().state, "matched")

    def test_a_gap_beside_a_change_by_hand(self):
        self.uses(self.glue, 2)
        self.sends_numbers(1, 3)
        self.edits_glue(2, 1)
        lines = self.night().line_ids
        self.assertEqual(lines.mapped("what"), ["consumed", "messages"])
        lines[0]._accept("It was 1")
        self.assertEqual(self.night().line_ids[1].state, "open")

    def test_plants_are_asked(self):
        self.makes(4)
        self.night()
        [request] = self.outgoing("mfg.snapshot.requested.v1")
        data = request._event_data()
        self.assertEqual(data["jobOrderIds"], [self.order.mfg_job_order_id])

    def test_silent_orders_are_asked_for(self):
        """All that the plant told of them may be lost; not what is over."""
        other, over = self.make_order(), self.make_order()
        over.action_cancel()
        self.makes(4)
        self.night()
        asked = [
            code
            for request in self.outgoing("mfg.snapshot.requested.v1")
            for code in request._event_data()["jobOrderIds"]
        ]
        for order in (self.order, other):
            self.assertEqual(asked.count(order.mfg_job_order_id), 1)
        self.assertNotIn(over.mfg_job_order_id, asked)
        rows = self.env["mfg.reconciliation"].search([("order_id", "=", other.id)])
        self.assertFalse(rows)

    def test_a_plant_is_asked_for_its_own_orders(self):
        stranger = self.make_endpoint("OTHER-PLANT", self.env.company)
        self.assertIn(stranger.id, self.env["mfg.reconciliation"]._at_work(self.order))
        far = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        stranger.warehouse_id = far
        self.night()
        requests = self.outgoing("mfg.snapshot.requested.v1")
        self.assertEqual(requests.endpoint_id, self.endpoint)

    def test_one_that_cannot_be_compared(self):
        """It is logged, and the others are compared."""
        self.makes(4)
        bad, self.order = self.order, self.make_order()
        self.makes(2)
        rows = self.env.registry["mfg.reconciliation"]
        compare = rows._compare_books

        def fails(this, endpoint, order):
            if order == bad:
                this.env.cr.execute("SELECT 1 / 0", log_exceptions=False)
            return compare(this, endpoint, order)

        self.patch(rows, "_compare_books", fails)
        with self.assertLogs("odoo.addons.mfg_reconciliation", "ERROR") as logs:
            self.assertEqual(self.night().state, "matched")
        self.assertIn(bad.name, logs.output[0])

    def test_one_that_cannot_be_compared_again(self):
        """A code that a snapshot named means nothing any more."""
        self.map_code("material", "PLANT-GLUE", self.glue)
        self.uses(self.glue, 1)
        told = {**self.used(self.glue, 2), "materialDefinitionId": "PLANT-GLUE"}
        self.counts(0, consumed=[told])
        self.assertEqual(self.found.state, "differs")
        self.env["mfg.mapping"].search([("code", "=", "PLANT-GLUE")]).unlink()
        bad, self.order, self.sent = self.order, self.make_order(), []
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.long_ago()
        self.arrives(self.sent[1])
        self.env.flush_all()
        with self.assertLogs("odoo.addons.mfg_reconciliation", "ERROR") as logs:
            self.env["mfg.reconciliation"]._follow()
        self.assertIn(bad.name, logs.output[0])
        self.assertMatched()

    def test_only_what_was_touched(self):
        self.makes(4)
        self.night()
        later = fields.Datetime.now() + timedelta(hours=1)
        touched = self.env["mfg.reconciliation"]._touched(later)
        self.assertNotIn((self.endpoint.id, self.order.id), touched)

    def test_what_was_in_flight_as_the_last_night_began(self):
        """It bears the time at which its transaction began, and was not there yet."""
        self.makes(4)
        soon = fields.Datetime.now() + timedelta(minutes=10)
        self.env["ir.config_parameter"].set_param(LAST, fields.Datetime.to_string(soon))
        self.assertEqual(self.night().state, "matched")

    def test_what_was_in_flight_as_it_was_compared(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.arrives(self.sent[1])
        self.long_ago(minutes=-10)
        self.env["mfg.reconciliation"]._follow()
        self.assertMatched()

    def test_the_night_of_a_later_installation_starts_anew(self):
        self.night()
        parameters = self.env["ir.config_parameter"]
        self.assertTrue(parameters.get_param(LAST))
        uninstall_hook(self.env)
        self.assertFalse(parameters.get_param(LAST))

    def test_what_differs_is_looked_at_again(self):
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)
        self.long_ago()
        self.arrives(self.sent[1])
        self.env.flush_all()
        self.env["mfg.reconciliation"]._follow()
        self.assertMatched()

    def long_ago(self, minutes=5):
        """All comparisons were made a while before."""
        earlier = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mfg_reconciliation SET write_date = %s, compared_at = %s",
            (earlier, earlier),
        )
        self.env.invalidate_all()
