# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_screens import ScreenCase


@tagged("post_install", "-at_install")
class TestMappingScreen(ScreenCase):
    def test_mapping_from_a_parked_message_heals_all_of_its_kind(self):
        messages = self.parked() | self.parked()
        action = self.as_role("operator", messages[0]).action_create_mapping()
        self.assertEqual(action["res_model"], "mfg.mapping")
        model = self.as_role("operator", self.env["mfg.mapping"])
        form = Form(model.with_context(**action["context"]), view=action["views"][0][0])
        self.assertEqual((form.kind, form.code), ("material", "X-1"))
        form["record"] = f"product.product,{self.product.id}"
        self.assertEqual(form.save().record_model, "product.product")
        self.drain()
        self.assertEqual(set(messages.mapped("state")), {"posted"})

    def test_unit_goes_to_the_crosswalk(self):
        message = self.parked()
        message.sudo().write({"wanted": "unit:BX"})
        action = message.action_create_mapping()
        self.assertEqual(action["res_model"], "mfg.uom.crosswalk")
        self.assertEqual(action["context"]["default_code"], "BX")

    def test_only_records_of_the_company_are_offered(self):
        mapping = self.map_material("X-1")
        domain = mapping._record_domain()
        products = self.env["product.product"]
        own = products.create({"name": "A", "company_id": self.env.company.id})
        foreign = products.create({"name": "B", "company_id": self.other_company.id})
        found = self.env["product.product"].search(domain)
        self.assertIn(own, found)
        self.assertIn(self.product, found)
        self.assertNotIn(foreign, found)

    def test_every_kind_has_a_model(self):
        kinds = self.env["mfg.mapping"]._fields["kind"].get_values(self.env)
        self.assertEqual(set(kinds), set(self.env["mfg.mapping"]._kind_models()))

    def test_auditor_without_stock_rights_reads_mappings(self):
        """A planner may look at what a code means without being a stock user."""
        location = self.env["stock.location"].search([], limit=1)
        mapping = self.env["mfg.mapping"].create(
            {
                "endpoint_id": self.endpoint.id,
                "kind": "location",
                "code": "L-1",
                "record": f"stock.location,{location.id}",
            }
        )
        mine = self.as_role("auditor", mapping)
        view = mine.get_view(view_type="list")
        self.assertIn("record", view["arch"])
        spec = {"code": {}, "record": {"fields": {"display_name": {}}}}
        self.env.invalidate_all()
        [values] = mine.web_read(spec)
        self.assertEqual(values["code"], "L-1")

    def test_another_kind_drops_the_record(self):
        with Form(self.map_material("X-1")) as form:
            form.kind = "location"
            self.assertFalse(form["record"])
            form.kind = "material"
            form["record"] = f"product.product,{self.product.id}"


@tagged("post_install", "-at_install")
class TestEndpointScreen(ScreenCase):
    def setup_wizard(self, **values):
        form = Form(self.as_role("manager", self.env["mfg.endpoint.setup"]))
        form.name = "MES of Plant 1"
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_set_up_makes_everything(self):
        form = self.setup_wizard()
        self.assertEqual(form.code, "mes-of-plant-1")
        self.assertEqual(form.source, "urn:plant:mes-of-plant-1")
        context = form.save().action_create()["context"]
        endpoint = self.env["mfg.endpoint"].browse(context["default_endpoint_id"])
        types = set(endpoint.interface_ids.mapped("type"))
        handlers = self.env["mfg.handler"]
        chosen = {t for t in handlers._registry() if handlers._for_type(t)._mfg_chosen}
        self.assertEqual(types, chosen)
        self.assertEqual(endpoint.company_id, self.env.company)
        self.assertTrue(endpoint.has_key)
        key = context["default_key"]
        self.assertIn(key, context["default_example"])
        keys = self.env["res.users.apikeys"].sudo()
        owner = keys._check_credentials(scope="mfg_integration", key=key)
        self.assertEqual(owner, endpoint.user_id.id)
        self.assertFalse(keys._check_credentials(scope="rpc", key=key))

    def test_key_is_stored_nowhere_in_clear(self):
        self.assertTrue(self.env["mfg.endpoint.key"]._abstract)

    def test_unticked_types_and_answers_are_left_out(self):
        form = self.setup_wizard(answer_events=False)
        for index in range(len(form.line_ids)):
            with form.line_ids.edit(index) as line:
                line.selected = line.type == "mfg.connection.tested.v1"
        context = form.save().action_create()["context"]
        endpoint = self.env["mfg.endpoint"].browse(context["default_endpoint_id"])
        self.assertEqual(endpoint.interface_ids.type, "mfg.connection.tested.v1")

    def test_nothing_ticked(self):
        form = self.setup_wizard()
        wizard = form.save()
        wizard.line_ids.selected = False
        with self.assertRaises(UserError):
            wizard.action_create()

    def test_rotate_and_revoke(self):
        endpoint = self.as_role("manager", self.endpoint)
        first = endpoint.action_rotate_key()["context"]["default_key"]
        second = endpoint.action_rotate_key()["context"]["default_key"]
        keys = self.env["res.users.apikeys"].sudo()

        def opens(key):
            return keys._check_credentials(scope="mfg_integration", key=key)

        self.assertFalse(opens(first))
        self.assertTrue(opens(second))
        endpoint.action_revoke_keys()
        self.assertFalse(opens(second))
        self.assertFalse(endpoint.has_key)

    def test_a_key_that_ends_soon_is_told_of(self):
        endpoint = self.as_role("manager", self.endpoint)
        endpoint.action_rotate_key()
        now = fields.Datetime.now()
        for days, told in ((365, False), (31, False), (29, True), (-1, True)):
            self.endpoint.key_expires_at = fields.Datetime.add(now, days=days)
            endpoint.invalidate_recordset(["advice"])
            with self.subTest(days=days):
                self.assertEqual("Rotate the Key" in (endpoint.advice or ""), told)
        endpoint.action_revoke_keys()
        endpoint.invalidate_recordset(["advice"])
        self.assertFalse(endpoint.advice)

    def test_counts(self):
        self.parked()
        self.endpoint.invalidate_recordset()
        everything = self.env["mfg.message"].search_count(
            [("endpoint_id", "=", self.endpoint.id)]
        )
        self.assertEqual(self.endpoint.today_count, everything)
        self.assertEqual(self.endpoint.parked_count, 1)
        self.assertEqual(self.endpoint.open_issue_count, 1)
