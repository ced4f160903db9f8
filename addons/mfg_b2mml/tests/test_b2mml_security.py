# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import B2mmlCase, actual, segment

GROUP = "mfg_integration_base.group_mfg_%s"
MODELS = ("mfg.b2mml.document", "mfg.b2mml.origin")
READERS = ("auditor", "operator", "manager")


@tagged("post_install", "-at_install")
class TestB2mmlSecurity(B2mmlCase):
    def user(self, role, company=None):
        company = company or self.env.company
        groups = "base.group_user" + (f",{GROUP % role}" if role else "")
        return new_test_user(
            self.env,
            f"b2mml-{role}-{company.id}",
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def sent(self):
        text = self.document(segment(actual("Produced", "TABLE", 1), "Glue"))
        [result] = self.taken(text, "accepted")["results"]
        return self.message_of(result)

    def test_matrix(self):
        users = {role: self.user(role) for role in READERS}
        users |= {"nobody": self.user(None), "service": self.endpoint.user_id}
        for role, user in users.items():
            for model in MODELS:
                records = self.env[model].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(role=role, model=model, operation=operation):
                        allowed = role in READERS and operation == "read"
                        self.assertEqual(records.has_access(operation), allowed)

    def test_every_model_is_in_the_matrix(self):
        rows = self.env["ir.model.data"].search(
            [("module", "=", "mfg_b2mml"), ("model", "=", "ir.model")]
        )
        models = self.env["ir.model"].browse(rows.mapped("res_id")).mapped("model")
        stored = {name for name in models if not self.env[name]._abstract}
        self.assertEqual({n for n in stored if n.startswith("mfg.b2mml")}, {*MODELS})

    def test_another_companys_people_see_nothing(self):
        self.sent()
        company = self.env["res.company"].create({"name": "Other"})
        for role in READERS:
            stranger = self.user(role, company)
            for model in MODELS:
                with self.subTest(role=role, model=model):
                    known = self.env[model].search([])
                    self.assertTrue(known)
                    theirs = known.with_user(stranger)
                    self.assertFalse(theirs.search([]))
                    with self.assertRaises(AccessError):
                        theirs.read(["display_name"])

    def test_another_companys_plant_reports_on_its_own_orders_only(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        key = foreign._rotate_key()
        text = self.document(segment(actual("Produced", "TABLE", 1), "Glue"))
        [result] = self.taken(text, "accepted", key=key)["results"]
        message = self.message_of(result)
        self.drain()
        self.assertParked(message, "unknown-order")
        self.assertEqual(self.on_hand(self.table), 0)
        self.assertEqual(self.documents(foreign).company_id, company)
        # the same document of the other plant is another one
        self.taken(text, "accepted")

    def test_an_auditor_reads_all_of_it(self):
        message = self.sent().with_user(self.user("auditor"))
        self.assertTrue(message.b2mml_text.startswith("<?xml"))
        document = message.b2mml_document_id
        names = [name for name in document.fields_get() if name != "__last_update"]
        values = document.read(names)[0]
        self.assertEqual(values["identity"], "BOD-1")
        self.assertEqual(document.action_messages()["domain"][0][2], message.ids)
        self.assertEqual(document.origin_ids.message_title, message.type_title)
        self.assertEqual(document.origin_ids.action_open()["res_id"], message.id)
        views = document.get_views([(False, "list"), (False, "form")])
        self.assertIn("origin_ids", views["views"]["form"]["arch"])

    def test_documents_go_after_their_messages(self):
        message = self.sent()
        documents = self.env["mfg.b2mml.document"]
        old = fields.Datetime.now() - timedelta(days=400)
        self.env.cr.execute(
            "UPDATE mfg_b2mml_document SET last_received_at = %s", (old,)
        )
        documents._gc_documents()
        self.assertEqual(len(self.documents()), 1, "its message is there")
        self.env.cr.execute("DELETE FROM mfg_message WHERE id = %s", (message.id,))
        self.env.invalidate_all()
        self.assertEqual(documents._gc_documents(), (1, False))
        self.assertFalse(self.documents())

    def test_the_manager_chooses_the_format(self):
        manager = self.user("manager")
        self.endpoint.with_user(manager).message_format = "b2mml_0401"
        self.env.flush_all()
        self.cr.precommit.run()  # what a person changes is in the log of the endpoint
        [change] = self.endpoint.message_ids[0].sudo().tracking_value_ids
        self.assertEqual(change.field_id.name, "message_format")
        self.assertIn("V0401", change.new_value_char)
        self.assertEqual(self.endpoint.message_ids[0].author_id, manager.partner_id)
        with self.assertRaises(AccessError):
            self.endpoint.with_user(self.user("operator")).message_format = "b2mml_0701"
