# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .master_common import LOT, MATERIAL, MasterCase
from .test_security import RoleCase


@tagged("post_install", "-at_install")
class TestOwnership(MasterCase, RoleCase):
    def form(self, **values):
        rows = self.env["mfg.ownership"].with_user(self.people["manager"])
        form = Form(rows)
        form.endpoint_id = self.endpoint
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def test_fields_are_chosen_from_what_the_kind_offers(self):
        form = self.form(kind="lot", owner="shared")
        offered = self.env["mfg.ownership.field"].search([("kind", "=", "lot")])
        for field in offered[:2]:
            form.field_ids.add(field)
        row = form.save()
        self.assertEqual(row.field_ids, offered[:2])
        self.assertEqual(
            row.summary, "The plant writes: Reference, Expiry. Odoo the rest."
        )
        row.write({"kind": "material", "owner": "propose"})
        self.assertFalse(row.field_ids.filtered(lambda f: f.kind == "lot"))

    def test_shared_needs_a_field(self):
        with self.assertRaises(ValidationError):
            self.own("lot", "shared")

    def test_who_may_own_what(self):
        for kind, owner in (("material", "plant"), ("unit", "shared")):
            with self.subTest(kind), self.assertRaises(ValidationError) as refusal:
                self.own(kind, owner)
            self.assertIn("The plant proposes", str(refusal.exception))

    def test_a_shared_material(self):
        self.own("material", "shared", "barcode")
        message = self.say(MATERIAL, "BAR", 1, barcode="4711", name="Bar")
        self.assertPosted(message)
        self.assertEqual(self.bar.barcode, "4711")
        refused = self.say(MATERIAL, "BAR", 2, barcode="4712", name="Rod")
        self.assertNotOwner(refused, "/data/fields/name")
        self.assertParked(self.say(MATERIAL, "NEW", 1, barcode="1"), "unknown-material")
        ends = self.say(MATERIAL, "BAR", 3, deleted=True)
        self.assertNotOwner(ends, "/data/deleted")

    def test_giving_the_right_lets_the_message_pass(self):
        message = self.say(LOT, "L-1", 1, materialDefinitionId="PASTE", reference="A")
        self.assertParked(message, "not-owner")
        self.own("lot", "plant")
        message.with_user(self.people["operator"])._retry("The plant owns lots now")
        self.drain()
        self.assertPosted(message)

    def test_each_endpoint_has_its_own(self):
        other = self.make_endpoint("Other", self.env.company)
        self.own("lot", "plant", endpoint=other)
        message = self.say(LOT, "L-1", 1, materialDefinitionId="PASTE", reference="A")
        self.assertParked(message, "not-owner")

    def test_what_a_plant_is_shown(self):
        rows = self.env["mfg.ownership"].with_user(self.endpoint.user_id)
        self.assertEqual(rows._shown(self.endpoint, "lot"), {"owner": "odoo"})
        self.own("lot", "shared", "reference", "description")
        self.assertEqual(
            rows._shown(self.endpoint, "lot"),
            {"owner": "shared", "plantFields": ["description", "reference"]},
        )

    def test_every_kind_offers_fields(self):
        handlers = self.env["mfg.handler.owned"]._kinds()
        fields = self.env["mfg.ownership.field"]
        self.assertLessEqual(set(fields.search([]).mapped("kind")), set(handlers))
        for kind, handler in handlers.items():
            schema = self.env["mfg.contract"]._store().document(handler._mfg_type)
            members = schema["properties"]["fields"]["properties"]
            self.assertTrue(fields._offered(kind), kind)
            self.assertLessEqual(set(fields._offered(kind)), set(members), kind)
