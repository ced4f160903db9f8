# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import SNAPSHOT, WHY, ReconcileCase, amount, at

GROUP = "mfg_integration_base.group_mfg_%s"


@tagged("post_install", "-at_install")
class TestPeople(ReconcileCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = "auditor", "operator", "manager"
        cls.people = {
            role: new_test_user(cls.env, f"rec-{role}", groups=GROUP % role)
            for role in roles
        }

    def setUp(self):
        super().setUp()
        self.makes(4)
        self.makes(3, lost=True)
        self.counts(7, listed=True)

    def mine(self, role):
        return self.line("produced").with_user(self.people[role])

    def test_an_auditor_reads_and_decides_nothing(self):
        line = self.mine("auditor")
        self.assertTrue(line.read(["figure", "plant_shown", "next_step"]))
        for method in ("_correct", "_accept", "_take_back"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(line, method)(WHY)
        row = self.found.with_user(self.people["auditor"])
        for method in ("action_compare", "action_request"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(row, method)()

    def test_nobody_writes_by_right(self):
        for role in self.people:
            for record in (self.line("produced"), self.found, self.found.snapshot_id):
                mine = record.with_user(self.people[role])
                for operation in ("write", "create", "unlink"):
                    with self.subTest(role=role, model=record._name):
                        self.assertFalse(mine.has_access(operation))

    def test_beyond_the_limit_it_takes_a_manager(self):
        with self.assertRaisesRegex(AccessError, "ask a manager"):
            self.mine("operator")._correct(WHY)
        self.assertEqual(self.line("produced").state, "open")
        self.mine("manager")._correct(WHY)
        self.drain()
        self.assertEqual(self.made(), 7)
        line = self.line("produced")
        self.assertEqual(line.decided_by_id, self.people["manager"])
        self.assertEqual(line.reason, WHY)

    def test_within_the_limit_an_operator_does(self):
        self.interface(SNAPSHOT).reconcile_limit_quantity = 3
        self.mine("operator")._correct(WHY)
        self.drain()
        self.assertEqual(self.made(), 7)
        self.assertIn(WHY, "".join(self.found.message_ids.mapped("body")))

    def test_accepting_needs_a_reason_and_lasts(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.mine("operator")._accept("  ")
        self.mine("operator")._accept(WHY)
        self.assertEqual(self.found.state, "accepted")
        self.found.with_user(self.people["operator"]).action_compare()
        self.assertEqual(self.found.state, "accepted")
        self.mine("operator")._take_back("It was wrong")
        self.assertEqual(self.found.state, "differs")

    def test_accepting_lasts_beyond_the_next_count(self):
        self.mine("operator")._accept(WHY)
        accepted = self.line("produced")
        for hour in (13, 14):
            self.counts(7, hour=hour, listed=True)
            line = self.line("produced")
            self.assertNotEqual(line, accepted)
            self.assertEqual((line.state, self.found.state), ("accepted", "accepted"))
            self.assertEqual(line.decided_by_id, self.people["operator"])
            self.assertEqual((line.reason, line.decided_at), (WHY, accepted.decided_at))
        line.with_user(self.people["operator"])._take_back("It was wrong")
        self.found.action_compare()
        self.assertDiffers(("produced", "TABLE", 3.0, "missing"))

    def test_accepting_lasts_beyond_the_next_night(self):
        books = self.env["mfg.reconciliation"]
        self.order.move_finished_ids.move_line_ids.quantity = 3
        row = books._compare_books(self.endpoint, self.order)
        self.assertEqual(row.line_ids.mapped("what"), ["produced"])
        row.line_ids.with_user(self.people["operator"])._accept(WHY)
        again = books._compare_books(self.endpoint, self.order)
        self.assertNotEqual(again, row)
        self.assertEqual(again.state, "accepted")

    def test_what_was_gone_in_between_is_another_difference(self):
        self.mine("operator")._accept(WHY)
        self.counts(4, hour=13)
        self.assertMatched()
        self.counts(7, hour=14, listed=True)
        self.assertDiffers(("produced", "TABLE", 3.0, "missing"))

    def test_an_accepted_difference_that_grows_is_another(self):
        self.mine("operator")._accept(WHY)
        self.counts(8, hour=13, listed=True)
        self.assertDiffers(("produced", "TABLE", 4.0, "missing"))

    def test_the_dialog(self):
        action = self.found.with_user(self.people["manager"]).action_decide()
        wizards = self.env["mfg.reconciliation.decide"].with_user(
            self.people["manager"]
        )
        form = Form(wizards.with_context(**action["context"]))
        self.assertEqual(
            (form.action, form.count, form.beyond_count), ("correct", 1, 1)
        )
        form.reason = WHY
        form.save().action_apply()
        self.drain()
        self.assertEqual(self.made(), 7)
        back = Form(wizards.with_context(**self.found.action_decide()["context"]))
        self.assertEqual((back.action, back.count), ("take_back", 1))

    def test_the_dialog_says_what_comes_along(self):
        """Boards follow from the goods; glue does not."""
        parts = [self.used(self.board, 7, "C62"), self.used(self.glue, 1)]
        self.counts(7, hour=13, listed=True, consumed=parts)
        wizards = self.env["mfg.reconciliation.decide"]
        form = Form(wizards.with_context(**self.found.action_decide()["context"]))
        counts = form.count, form.following_count, form.left_out_count
        self.assertEqual(counts, (2, 1, 0))
        form.action = "accept"
        counts = form.count, form.following_count, form.left_out_count
        self.assertEqual(counts, (3, 0, 0))
        glue = self.line("consumed", self.glue)
        self.assertEqual(glue.summary, f"{glue.explanation.splitlines()[0]} …")

    def test_lots_and_too_much_are_read_by_those_who_may_not_read_stock(self):
        resin, _lots = self.with_resin()
        told = self.used(resin, 1, lots=[{"materialLotId": "R1"}])
        self.counts(3, hour=13, consumed=[told])
        lines = self.found.line_ids
        names = ["figure", "plant_shown", "next_step"]
        for role in ("auditor", "operator"):
            self.env.invalidate_all()
            [goods, lot] = lines.with_user(self.people[role]).read(names)
            self.assertEqual(lot["figure"], "Consumed, [RESIN] Resin, lot R1")
            self.assertIn("Post the correction", goods["next_step"])
        self.interface(SNAPSHOT).reconcile_limit_quantity = 3
        self.env.invalidate_all()
        self.decides(self.people["operator"], lines)
        self.env.invalidate_all()
        self.assertEqual((self.made(), self.consumed(resin)), (3, 1))

    def decides(self, person, lines):
        wizards = self.env["mfg.reconciliation.decide"].with_user(person)
        context = lines.with_user(person).action_decide()["context"]
        form = Form(wizards.with_context(**context))
        self.assertEqual((form.action, form.count), ("correct", 2))
        form.reason = WHY
        form.save().action_apply()
        self.drain()

    def test_a_request(self):
        self.found.action_request()
        [request] = self.outgoing("mfg.snapshot.requested.v1")
        self.assertEqual(
            request._event_data()["jobOrderIds"], [self.order.mfg_job_order_id]
        )
        errors = self.env["mfg.contract"]._errors(request.type, request._event_data())
        self.assertFalse(errors)
        self.interface("mfg.snapshot.requested.v1").unlink()
        with self.assertRaisesRegex(UserError, "Snapshot requested"):
            self.found.action_request()

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups=GROUP % "manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        foreign = self.make_endpoint("FOREIGN", company)
        for record in (self.found, self.found.line_ids, self.found.snapshot_id):
            theirs = record.with_user(stranger)
            self.assertFalse(theirs.search([("id", "in", record.ids)]))
        with self.assertRaises(AccessError):
            self.line("produced").with_user(stranger)._correct(WHY)
        data = {
            "jobOrderId": self.order.mfg_job_order_id,
            "asOf": at(12),
            "produced": amount(1),
            "state": "Running",
        }
        message = self.post(SNAPSHOT, data, endpoint=foreign)
        self.assertParked(message, "unknown-order")
        service = self.env["mfg.reconciliation"].with_user(foreign.user_id)
        self.assertFalse(service.has_access("read"))


@tagged("post_install", "-at_install")
class TestWrongSnapshots(ReconcileCase):
    def test_what_odoo_does_not_know(self):
        code = self.order.mfg_job_order_id
        self.order.mfg_job_order_id = "NO/SUCH"
        self.assertParked(self.counts_as("MO/NOWHERE"), "unknown-order")
        self.order.mfg_job_order_id = code
        self.assertParked(self.counts_wrong(produced=amount(1, "KGM")), "unit-mismatch")
        self.assertParked(self.counts_wrong(produced=amount(1, "XXX")), "unknown-unit")
        self.assertParked(self.counts_wrong(produced=amount(-1)), "quantity-invalid")
        nothing = {"materialDefinitionId": "NOTHING", "quantity": amount(1)}
        self.assertParked(self.counts_wrong(consumed=[nothing]), "unknown-material")
        paint = {"operationsSegmentId": "Paint", "duration": amount(1, "MIN")}
        self.assertParked(self.counts_wrong(labour=[paint]), "unknown-segment")
        self.assertParked(
            self.counts_wrong(asOf="2099-01-01T00:00:00Z"), "time-invalid"
        )
        self.assertFalse(self.found)

    def counts_as(self, code):
        data = {
            "jobOrderId": code,
            "asOf": at(12),
            "produced": amount(1),
            "state": "Running",
        }
        return self.post(SNAPSHOT, data)

    def counts_wrong(self, **data):
        body = {
            "jobOrderId": self.order.mfg_job_order_id,
            "asOf": at(12),
            "produced": amount(1),
            "state": "Running",
            **data,
        }
        return self.post(SNAPSHOT, body)

    def test_a_mapping_heals_it(self):
        self.makes(1)
        code = self.order.mfg_job_order_id
        message = self.counts_as("PLANT-7")
        self.assertParked(message, "unknown-order")
        self.map_code("order", "PLANT-7", self.order)
        self.drain()
        self.assertPosted(message)
        self.assertEqual((self.found.job_order_id, self.found.state), (code, "matched"))

    def test_resent_counts_once(self):
        self.makes(1)
        message = self.counts(1)
        event = message._event()
        for _again in range(2):
            [answer] = self.accept(event)
            self.assertEqual(answer["status"], "duplicate")
        self.assertEqual(len(self.found), 1)

    def test_an_older_one_after_a_newer_changes_nothing(self):
        self.makes(2)
        self.counts(2, hour=12)
        older = self.counts(1, hour=11)
        self.assertPosted(older)
        self.assertEqual(older.link_ids.mapped("res_model"), ["mfg.snapshot"])
        snapshot = self.env["mfg.snapshot"]._of(older)
        self.assertEqual(snapshot.state, "superseded")
        self.assertMatched()

    def test_a_newer_one_takes_its_place(self):
        self.makes(2)
        self.counts(1, hour=11)
        first = self.found
        self.assertEqual(first.state, "differs")
        self.counts(2, hour=12)
        self.assertEqual(self.found, first)
        self.assertMatched()

    def test_a_snapshot_is_taken_back(self):
        self.makes(2)
        self.counts(2, hour=11)
        wrong = self.counts(3, hour=12)
        self.assertEqual(self.found.state, "differs")
        data = {"eventId": wrong.event_id, "reason": "Miscounted"}
        reversal = self.post("mfg.event.reversed.v1", data, subject=wrong.subject)
        self.assertPosted(reversal)
        self.env.invalidate_all()
        self.assertMatched()
        self.assertEqual(self.found.as_of.hour, 11)
