# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from ast import literal_eval
from datetime import timedelta
from decimal import Decimal

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine import strict_json
from ..tools import payload_table
from .test_mapping import ResolvingCase
from .test_security import RoleCase

DATA = {
    "jobOrderId": "WH/MO/1",
    "quantity": {"value": Decimal("5.000"), "unitCode": "KGM"},
    "lots": [{"materialLotId": "L1"}, {"materialLotId": "L2"}],
    "final": True,
    "a/b": None,
}


class ScreenCase(ResolvingCase, RoleCase):
    """Messages whose text is a material code, and the people who look after them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people["operator"].group_ids += cls.env.ref("stock.group_stock_user")

    def as_role(self, role, records):
        return records.with_user(self.people[role])

    def parked(self, code="X-1", **attributes):
        message = self.post(data={"text": code}, **attributes)
        self.assertParked(message, "unknown-material")
        return message

    def decide(self, messages, role="operator", **values):
        wizard = self.as_role(role, self.env["mfg.message.decide"])
        wizard = wizard.with_context(active_ids=messages.ids)
        return wizard.create({"reason": "asked the shift", **values})


@tagged("post_install", "-at_install")
class TestPayloadTable(ScreenCase):
    def test_rows_are_words(self):
        rows = [(r.label, r.value, r.depth) for r in payload_table.rows(DATA)]
        self.assertEqual(
            rows,
            [
                ("Job order", "WH/MO/1", 0),
                ("Quantity", "5.000 KGM", 0),
                ("Lots", None, 0),
                ("#1", None, 1),
                ("Material lot", "L1", 2),
                ("#2", None, 1),
                ("Material lot", "L2", 2),
                ("Final", True, 0),
                ("A b", None, 0),
            ],
        )

    def test_pointers_lead_back_to_the_values(self):
        for row in payload_table.rows(DATA, compact=False):
            if not row.heading:
                changed = payload_table.replace(DATA, row.pointer, "new")
                again = {
                    r.pointer: r.value
                    for r in payload_table.rows(changed, compact=False)
                }
                self.assertEqual(again[row.pointer], "new", row.pointer)
                self.assertNotEqual(DATA, changed)

    def test_typed_text_keeps_the_type(self):
        parse = payload_table.parse_like
        self.assertEqual(parse(5, "7"), 7)
        self.assertEqual(parse(Decimal("5.0"), "7.25"), Decimal("7.25"))
        self.assertEqual(parse(5, "NaN"), "NaN")
        self.assertEqual(parse(5, "seven"), "seven")
        self.assertIs(parse(True, "false"), False)
        self.assertEqual(parse("5.000", "6"), "6")
        self.assertIsNone(parse(None, ""))

    def test_pretty_keeps_every_digit(self):
        text = payload_table.pretty({"v": Decimal("5.000"), "l": [], "o": {"x": [1]}})
        self.assertIn('"v": 5.000', text)
        self.assertEqual(
            strict_json.loads(text.encode()),
            {"v": Decimal("5.000"), "l": [], "o": {"x": [1]}},
        )


@tagged("post_install", "-at_install")
class TestMessageScreen(ScreenCase):
    def test_payload_is_escaped(self):
        message = self.post(data={"text": "<script>alert(1)</script>"})
        shown = str(message.payload_table)
        self.assertNotIn("<script>", shown)
        self.assertIn("&lt;script&gt;", shown)

    def test_a_unit_code_is_explained(self):
        crosswalk = self.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "BOX",
                "factor": 12,
                "uom_id": self.env.ref("uom.product_uom_unit").id,
            }
        )
        message = self.parked()
        for code, words in (
            ("C62", "5 C62 (Units)"),
            (crosswalk.code, "5 BOX (12 Units)"),
            ("kg", "5 kg"),
            ("NOBODY-KNOWS", "5 NOBODY-KNOWS"),
        ):
            data = {"data": {"quantity": {"value": "5", "unitCode": code}}}
            message.sudo().write({"payload": strict_json.dumps(data)})
            table = html.fromstring(str(message.payload_table))
            self.assertEqual(table.xpath("string(//td)"), words)

    def test_what_is_wrong_stands_at_its_field(self):
        table = html.fromstring(str(self.parked().payload_table))
        [row] = table.xpath("//tr[contains(@class, 'table-danger')]")
        self.assertIn("X-1", row.text_content())
        self.assertIn("does not know", row.text_content())

    def test_unreadable_payload_is_shown_as_it_came(self):
        message = self.parked()
        message.sudo().write({"payload": "{not json <b>"})
        self.assertIn("{not json &lt;b&gt;", str(message.payload_table))
        self.assertEqual(message.payload_json, "{not json <b>")

    def test_every_state_says_what_happened(self):
        message = self.parked()
        states = dict(message._fields["state"].selection)
        for state in states:
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mfg_message SET state = %s WHERE id = %s", (state, message.id)
            )
            self.env.invalidate_all()
            with self.subTest(state=state):
                self.assertTrue(message.sentence)
                self.assertNotIn("%(", message.sentence)

    def test_parked_names_problem_and_next_action(self):
        message = self.parked()
        self.assertIn("X-1", message.sentence)
        self.assertEqual(message.error_title, "The product is not known")
        self.assertIn("Map", message.next_action)
        self.assertEqual(message.wanted_code, "X-1")

    def test_posted_names_the_records(self):
        message = self.post(data={"text": "BAR-20"})
        self.assertIn("Bar", message.sentence)

    def test_waiting_names_what_holds_it(self):
        first = self.parked(subject="WH/MO/1")
        second = self.post(data={"text": "BAR-20"}, subject="WH/MO/1")
        other = self.post(data={"text": "BAR-20"}, subject="WH/MO/2")
        self.assertEqual((second.state, other.state), ("waiting", "posted"))
        self.assertEqual(second.held_by_id, first)
        self.assertIn(f"“{first.type_title}”", second.sentence)
        self.assertIn("Parked", second.sentence)
        self.assertIn(second, first.search(first.action_same_key()["domain"]))
        self.assertNotIn(other, first.search(first.action_same_key()["domain"]))
        self.assertGreaterEqual(first.same_key_count, 2)

    def test_age_only_while_unsettled(self):
        message = self.parked()
        message.sudo().write(
            {"received_at": fields.Datetime.now() - timedelta(hours=3)}
        )
        self.assertIn("3", message.age)
        message._cancel("not needed")
        self.assertFalse(message.age)

    def test_unknown_type_is_shown_by_its_name(self):
        message = self.parked()
        message.sudo().write({"type": "mfg.future.thing.v9"})
        self.assertEqual(message.type_title, "mfg.future.thing.v9")

    def test_every_filter_of_the_log_works(self):
        view = self.env.ref("mfg_integration_base.mfg_message_view_search")
        self.parked()
        for node in html.fromstring(view.arch).xpath("//filter[@domain]"):
            with self.subTest(filter=node.get("name")):
                domain = literal_eval(node.get("domain"))
                found = self.env["mfg.message"].search(domain)
                self.assertIsNotNone(found)

    def test_parked_is_found_as_needing_a_person_and_as_old(self):
        message = self.parked()
        message.sudo().write({"received_at": fields.Datetime.now() - timedelta(days=2)})
        old = self.env["mfg.message"].search(
            [("state", "=", "parked"), ("received_at", "<", "-1d")]
        )
        self.assertIn(message, old)

    def test_issue_speaks_the_catalogues_words(self):
        issue = self.parked().issue_id
        self.assertEqual(issue.title, "The product is not known")
        self.assertEqual(issue.cause_text, "Material X-1")
        self.assertTrue(issue.next_action)


@tagged("post_install", "-at_install")
class TestOpenRecord(ScreenCase):
    def test_a_link_opens_its_record(self):
        message = self.post(data={"text": "hello"})
        message._link(self.endpoint, "changed")
        action = self.as_role("operator", message.link_ids[-1:]).action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("mfg.endpoint", self.endpoint.id)
        )

    def test_a_link_outlives_the_app_of_its_record(self):
        message = self.post(data={"text": "hello"})
        message._link(self.endpoint, "changed")
        link = message.link_ids[-1:]
        self.env.cr.execute(
            "UPDATE mfg_message_link SET res_model = 'mfg.gone' WHERE id = %s",
            [link.id],
        )
        link.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "not installed any more"):
            self.as_role("operator", link).action_open_record()


@tagged("post_install", "-at_install")
class TestDecide(ScreenCase):
    def test_reason_is_mandatory(self):
        message = self.parked()
        for reason in ("", "   ", False):
            wizard = self.decide(message, action="cancel", reason=reason or " ")
            with self.subTest(reason=reason), self.assertRaises(UserError):
                wizard.action_apply()
        with self.assertRaises(AssertionError):  # the form does not save without
            form = Form(
                self.as_role("operator", self.env["mfg.message.decide"]).with_context(
                    active_ids=message.ids
                )
            )
            form.save()
        self.assertEqual(message.state, "parked")
        self.assertFalse(message.decision_ids)

    def test_decision_is_recorded(self):
        message = self.parked()
        self.decide(message, action="cancel").action_apply()
        self.assertEqual(message.state, "cancelled")
        decision = message.decision_ids
        self.assertEqual(decision.user_id, self.people["operator"])
        self.assertEqual(decision.action, "cancel")
        self.assertEqual(decision.reason, "asked the shift")
        self.assertEqual(decision.before, "parked")
        self.assertIn("asked the shift", message.sentence)

    def test_many_at_once_leaves_out_what_does_not_fit(self):
        parked = self.parked("X-1") | self.parked("X-2")
        posted = self.post(data={"text": "BAR-20"})
        wizard = self.decide(parked | posted, action="retry")
        self.assertEqual((wizard.count, wizard.left_out_count), (2, 1))
        wizard.action_apply()
        self.assertEqual(set(parked.mapped("state")), {"queued"})
        self.assertEqual(posted.state, "posted")
        self.assertFalse(posted.decision_ids)

    def test_nothing_fits(self):
        posted = self.post(data={"text": "BAR-20"})
        with self.assertRaises(UserError):
            self.decide(posted, action="skip").action_apply()

    def test_followers_are_shown_and_go_on_after_a_skip(self):
        first = self.parked(subject="WH/MO/1")
        second = self.post(data={"text": "BAR-20"}, subject="WH/MO/1")
        self.post(data={"text": "BAR-20"}, subject="WH/MO/2")
        wizard = self.decide(first, action="skip")
        self.assertEqual(wizard.follower_ids, second)
        wizard.action_apply()
        self.drain()
        self.assertEqual((first.state, second.state), ("parked", "posted"))

    def test_auditor_gets_no_wizard(self):
        with self.assertRaises(AccessError):
            self.decide(self.parked(), role="auditor")


@tagged("post_install", "-at_install")
class TestEdit(ScreenCase):
    def form(self, message, role="manager"):
        wizard = self.as_role(role, self.env["mfg.message.edit"])
        return Form(wizard.with_context(active_id=message.id))

    def test_correct_a_value(self):
        message = self.parked()
        original = message.payload
        with self.form(message) as form:
            form.reason = "typed wrongly"
            with form.line_ids.edit(0) as line:
                self.assertIn("X-1", line.problem)
                line.value = "BAR-20"
            self.assertFalse(form.problems)
        form.record.action_apply()
        self.drain()
        self.assertEqual(message.state, "posted")
        self.assertEqual(message.payload, original)
        self.assertEqual(message.decision_ids.action, "edit")
        self.assertIn("X-1", message.decision_ids.before)
        self.assertIn("BAR-20", message.decision_ids.after)
        self.assertIn("<del", str(message.payload_table))

    def test_schema_is_checked(self):
        message = self.parked()
        for text in ('{"text": ""}', '{"text": "a", "more": 1}', "{", '["x"]'):
            form = self.form(message)
            form.reason = "because"
            form.payload_text = text
            with self.subTest(text=text):
                self.assertTrue(form.problems)
                with self.assertRaises(UserError):
                    form.save().action_apply()
        self.assertParked(message, "unknown-material")
        self.assertFalse(message.payload_edited)

    def test_reason_is_mandatory(self):
        with self.assertRaises(AssertionError):
            self.form(self.parked()).save()

    def test_operator_gets_no_wizard(self):
        with self.assertRaises(AccessError):
            self.form(self.parked(), role="operator")
