# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from collections import defaultdict
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.translate import TranslationModuleReader, code_translations

from ..engine import delivery_codes
from ..engine.catalogue import CATALOGUE
from .test_screens import ScreenCase

GERMAN = "de_DE"


@tagged("post_install", "-at_install")
class TestTranslation(ScreenCase):
    """A translator who did all that the export of terms hands out, in every addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(GERMAN)
        installed = [("state", "=", "installed"), ("name", "=like", "mfg_%")]
        addons = cls.env["ir.module.module"].search(installed).mapped("name")
        cls.terms = defaultdict(dict)
        for row in TranslationModuleReader(cls.env.cr, addons):
            addon, kind, source = row[0], row[1], row[4]
            if kind == "code":
                cls.terms[addon, GERMAN][source] = cls.german(source)

    def setUp(self):
        super().setUp()
        known = code_translations.python_translations
        self.startPatcher(patch.dict(known, self.terms))

    @staticmethod
    def german(text):
        return f"DE {text}"

    def seen_by(self, role, records):
        """As somebody of this role gets them, in the language of that person."""
        lang = self.people[role].lang
        return self.as_role(role, records).with_context(lang=lang)

    def test_what_is_shown_is_in_the_language_of_the_person(self):
        message = self.parked()
        self.people["manager"].lang = GERMAN
        english = self.seen_by("operator", message)
        german = self.seen_by("manager", message)
        names = ("type_title", "error_title", "next_action", "display_name")
        for name in names:
            with self.subTest(name=name):
                self.assertEqual(german[name], self.german(english[name]))
                self.assertEqual(english[name], message[name])
        issue = self.seen_by("manager", message.issue_id)
        self.assertEqual(issue.title, german.error_title)
        self.assertEqual(issue.next_action, german.next_action)
        self.assertIn(issue.title, issue.display_name)

    def test_every_message_type_and_kind(self):
        for model, name in (
            ("mfg.interface", "type"),
            ("mfg.ownership", "kind"),
            ("mfg.publication", "kind"),
        ):
            german = self.env[model].with_context(lang=GERMAN)
            english = dict(self.env[model].fields_get([name])[name]["selection"])
            for value, title in german.fields_get([name])[name]["selection"]:
                with self.subTest(model=model, value=value):
                    self.assertEqual(title, self.german(english[value]))

    def test_every_code_and_what_to_do_about_it(self):
        issues = self.env["mfg.issue"].with_context(lang=GERMAN)
        for code, entry in CATALOGUE.items():
            issue = issues.new({"code": code})
            with self.subTest(code=code):
                self.assertEqual(issue.title, self.german(entry.title))
                self.assertEqual(issue.next_action, self.german(entry.next_action))

    def test_a_message_type_inside_a_sentence(self):
        first = self.parked(subject="WH/MO/1")
        second = self.post(data={"text": "BAR-20"}, subject="WH/MO/1")
        title = first.type_title
        self.assertIn(f"“{title}”", second.sentence)
        german = second.with_context(lang=GERMAN).sentence
        self.assertIn(f"“{self.german(title)}”", german)

    def test_an_activity_is_in_the_language_of_who_has_it(self):
        owner = self.people["manager"]
        owner.lang = GERMAN
        self.endpoint.interface_ids.owner_id = owner
        self.env["mfg.issue"]._push_tell(self.endpoint, delivery_codes.GONE)
        activity = self.env["mail.activity"].search([("user_id", "=", owner.id)])
        entry = CATALOGUE[delivery_codes.GONE]
        self.assertEqual(activity.summary, self.german(entry.title))
        self.assertIn(self.german(entry.next_action), activity.note)

    def test_the_contract_speaks_english(self):
        message = self.parked()
        answer = message._failure().as_dict()
        self.assertEqual(answer["title"], "The product is not known")
        german = message.with_context(lang=GERMAN)
        self.assertEqual(german._failure().as_dict(), answer)
