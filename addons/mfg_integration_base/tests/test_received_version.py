# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Plants that count their versions from the beginning again."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .master_common import LOT, MATERIAL, MasterCase
from .test_security import RoleCase

WHY = "New database of the MES"


class AnewCase(MasterCase, RoleCase):
    """A plant that owns its lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own("lot", "plant")
        cls.own("material", "shared", "barcode")
        cls.manager = cls.people["manager"]

    def lot(self, version, code="L-1", **fields):
        fields = {"materialDefinitionId": "PASTE", **fields}
        return self.say(LOT, code, version, **fields)

    def rows(self, kind="lot", endpoint=None):
        endpoint = endpoint or self.endpoint
        domain = [("endpoint_id", "=", endpoint.id), ("kind", "=", kind)]
        return self.env["mfg.received.version"].search(domain)


@tagged("post_install", "-at_install")
class TestBeginAnew(AnewCase):
    def reference(self):
        return self.env["stock.lot"].search([("name", "=", "L-1")]).ref

    def begin(self, rows, person=None, reason=WHY):
        """As on the screen: choose rows, press the button, say why."""
        action = rows.with_user(person or self.manager).action_begin_anew()
        wizard = self.env[action["res_model"]].with_user(person or self.manager)
        with Form(wizard.with_context(**action["context"])) as form:
            form.reason = reason
        form.record.action_apply()
        self.env.invalidate_all()
        return form.record

    def test_a_plant_counts_from_one_again(self):
        self.assertPosted(self.lot(7, reference="old"))
        self.assertOvertaken(self.lot(1, reference="new"))
        self.assertEqual(self.reference(), "old")
        self.begin(self.rows())
        self.assertFalse(self.rows())
        self.assertPosted(self.lot(1, reference="new"))
        self.assertEqual(self.reference(), "new")
        self.assertEqual(self.rows().version, 1)
        self.assertEqual(self.env["stock.lot"].search_count([("name", "=", "L-1")]), 1)
        self.assertPosted(self.lot(2, reference="newer"))
        self.assertOvertaken(self.lot(1, reference="old"))

    def test_the_endpoint_keeps_who_and_why(self):
        self.lot(7)
        self.lot(9, code="L-2")
        self.begin(self.rows()[:1])
        note = self.endpoint.message_ids[0]
        self.assertEqual(note.author_id, self.manager.partner_id)
        for word in (WHY, "2 records", "Lots"):
            self.assertIn(word, note.body)
        self.assertFalse(self.rows(), "all of the kind, not only the one ticked")

    def test_nothing_else_begins_anew(self):
        other = self.make_endpoint("Other", self.env.company)
        self.own("lot", "plant", endpoint=other)
        self.say(LOT, "L-1", 3, endpoint=other, materialDefinitionId="PASTE")
        self.say(MATERIAL, "BAR", 5, barcode="4711")
        self.lot(7)
        self.begin(self.rows())
        self.assertEqual(self.rows(endpoint=other).version, 3)
        self.assertEqual(self.rows("material").version, 5)

    def test_one_endpoint_and_kind_at_a_time(self):
        self.lot(7)
        self.say(MATERIAL, "BAR", 5, barcode="4711")
        both = self.rows() + self.rows("material")
        with self.assertRaisesRegex(UserError, "one endpoint and one kind"):
            both.with_user(self.manager).action_begin_anew()

    def test_it_asks_why(self):
        self.lot(7)
        versions = self.rows().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reason"):
            versions._begin_anew(self.endpoint.with_user(self.manager), "lot", "  ")
        self.assertTrue(self.rows())

    def test_it_says_what_is_still_under_way(self):
        self.lot(7)
        parked = self.say(LOT, "L-3", 8, materialDefinitionId="NOBODY-KNOWS")
        self.assertEqual(parked.state, "parked")
        wizard = self.begin(self.rows())
        self.assertEqual((wizard.record_count, wizard.open_count), (0, 1))

    def test_only_managers_of_the_company(self):
        self.lot(7)
        rows = self.rows()
        others = [self.people[role] for role in ("auditor", "operator")]
        for person in (*others, self.strangers["manager"]):
            theirs, endpoint = rows.with_user(person), self.endpoint.with_user(person)
            with self.subTest(person.login), self.assertRaises(AccessError):
                theirs._begin_anew(endpoint, "lot", WHY)
            with self.subTest(person.login), self.assertRaises(AccessError):
                self.begin(rows, person)
        self.assertEqual(self.rows(), rows)

    def test_an_earlier_version_is_not_taken_back_after_it(self):
        first = self.lot(7, reference="old")
        self.begin(self.rows())
        self.lot(1, reference="new")
        self.assertParked(self.take_back(first), "not-reversible")
        self.assertEqual(self.reference(), "new")


@tagged("post_install", "-at_install")
class TestBeginAnewTour(HttpCase, AnewCase):
    def test_in_the_browser(self):
        self.lot(7)
        self.env.flush_all()
        self.start_tour(
            "/odoo/plant-versions", "mfg_begin_anew", login=self.manager.login
        )
        self.env.invalidate_all()
        self.assertFalse(self.rows())
        self.assertIn(WHY, self.endpoint.message_ids[0].body)
