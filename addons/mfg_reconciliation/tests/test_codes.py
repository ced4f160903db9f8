# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import REPORTED, REVERSED, SNAPSHOT, WHY, ReconcileCase, amount, at

CODE = "PLANT-7"


@tagged("post_install", "-at_install")
class TestCodes(ReconcileCase):
    """A plant that has codes of its own for orders and materials."""

    def setUp(self):
        super().setUp()
        self.map_code("order", CODE, self.order)

    def sends(self, quantity, sequence=None, **data):
        body = {"jobOrderId": CODE, "quantity": amount(quantity), "time": at(10)}
        more = {"sequence": sequence} if sequence else {}
        event = self.event(REPORTED, {**body, **data}, subject=CODE, **more)
        return self.arrives(event)

    def counts(self, produced, hour=12, **data):
        body = {
            "jobOrderId": CODE,
            "asOf": at(hour),
            "produced": amount(produced),
            "state": "Running",
            **data,
        }
        return self.arrives(self.event(SNAPSHOT, body, subject=CODE))

    def test_a_parked_message_is_seen(self):
        parked = self.sends(40)
        self.assertEqual(parked.error_code, "over-tolerance")
        self.counts(40)
        self.assertDiffers(("produced", "TABLE", 40.0, "parked"))
        self.assertEqual(self.line("produced").message_ids, parked)
        self.assertFalse(self.line("produced")._is_correctable())

    def test_gaps_in_its_numbers(self):
        self.interface(REPORTED).gap_policy = "continue"
        self.interface(REPORTED).gap_seconds = 0
        for number in (1, 2, 5):
            self.assertPosted(self.sends(1, str(number)))
        self.counts(3, lastSequence=6)
        self.assertEqual(self.found.line_ids.mapped("what"), ["messages"])
        line = self.line("messages")
        self.assertIn("3, 4, 6", line.explanation)
        self.assertEqual(sorted(line.message_ids.mapped("sequence")), [2, 5])

    def test_a_number_beyond_all_reason(self):
        """What is missing is named as far as people read, not counted to its end."""
        self.assertPosted(self.sends(1, "1"))
        self.assertPosted(self.counts(1, lastSequence=9007199254740991))
        self.assertIn("2, 3, 4", self.line("messages").explanation)

    def test_what_the_plant_took_back_is_its_own(self):
        first = self.sends(4)
        data = {"eventId": first.event_id, "reason": "Miscounted"}
        reversal = self.event(REVERSED, data, subject=CODE, time=at(13))
        self.assertPosted(self.arrives(reversal))
        self.counts(4)
        self.assertDiffers(("produced", "TABLE", 4.0, "late"))

    def test_its_messages_are_shown(self):
        report = self.sends(1)
        snapshot = self.counts(2)
        action = self.found.action_open_messages()
        shown = self.env["mfg.message"].search(action["domain"])
        self.assertLessEqual(report | snapshot, shown)

    def test_a_parked_report_with_mapped_materials(self):
        """Boards that it names are not derived besides."""
        self.map_code("material", "PLANK", self.board)
        used = {"materialDefinitionId": "PLANK", "quantity": amount(41)}
        self.sends(40, materials=[used])
        self.counts(40, consumed=[used])
        self.assertDiffers(
            ("produced", "TABLE", 40.0, "parked"),
            ("consumed", "BOARD", 41.0, "parked"),
        )
        self.assertEqual(self.line("consumed").correctable, 0)

    def glue_is_renamed(self):
        """The plant reported glue by its reference, which was changed later."""
        used = {"materialDefinitionId": "GLUE", "quantity": amount(2, "KGM")}
        self.assertPosted(self.sends(4, materials=[used]))
        self.counts(4, consumed=[{**used, "quantity": amount(3, "KGM")}])
        self.assertDiffers(("consumed", "GLUE", 1.0, "missing"))
        self.glue.default_code = "GLUE-20"
        return used

    def test_a_code_that_was_changed_after_the_report(self):
        used = self.glue_is_renamed()
        used["materialDefinitionId"] = "GLUE-20"
        self.assertPosted(self.counts(4, hour=13, consumed=[used]))
        self.assertMatched()

    def test_a_code_that_was_changed_after_the_count(self):
        self.glue_is_renamed()
        with self.assertRaisesRegex(UserError, "GLUE"):
            self.found.action_compare()
        with self.assertRaisesRegex(UserError, "GLUE"):
            self.line("consumed")._correct(WHY)
        self.map_code("material", "GLUE", self.glue)
        self.heal()
        self.assertEqual(self.consumed(self.glue), 3)
