# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .master_common import LOCATION, LOT, MATERIAL, MasterCase
from .publication_common import Published
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

    def test_what_is_shared_is_not_brought_back(self):
        self.own("material", "shared", "barcode")
        self.assertPosted(self.say(MATERIAL, "BAR", 1, barcode="4711"))
        self.bar.action_archive()
        for version, members in ((2, {"barcode": "4712"}), (3, {"name": "Bar"})):
            message = self.say(MATERIAL, "BAR", version, **members)
            self.assertNotOwner(message, "/data/id")
            self.assertIn("archived", message.error_detail)
        self.assertFalse(self.bar.active)
        self.assertEqual(self.bar.barcode, "4711")
        self.bar.action_unarchive()
        message.with_user(self.people["operator"])._retry("It is back in Odoo")
        self.drain()
        self.assertPosted(message)

    def test_a_shared_location_is_not_brought_back(self):
        self.own("location", "shared", "name")
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "barcode": "SHELF-1", "usage": "internal"}
        )
        shelf.action_archive()
        self.assertNotOwner(self.say(LOCATION, "SHELF-1", 1, name="Rack"), "/data/id")
        self.assertEqual((shelf.active, shelf.name), (False, "Shelf"))

    def mapping(self, code, record):
        values = {"endpoint_id": self.endpoint.id, "kind": "material", "code": code}
        return self.env["mfg.mapping"].create(
            {**values, "record": f"product.product,{record.id}"}
        )

    def test_a_code_is_not_taken_from_another_record(self):
        self.own("material", "shared", "barcode")
        self.mapping("17", self.bar)
        board = self.make_product("BOARD")
        self.assertPosted(self.say(MATERIAL, "17", 1, barcode="4711"))
        taken = self.say(
            MATERIAL, "17", 2, materialDefinitionId="BOARD", barcode="4712"
        )
        self.assertParked(taken, "code-taken")
        [error] = taken._failure().errors
        self.assertEqual(error.pointer, "/data/fields/materialDefinitionId")
        for name in ("BOARD", "[BOARD] Board", "[BAR] Bar"):
            self.assertIn(name, taken.error_detail)
        found = self.env["mfg.resolver"]._found(self.endpoint, "material", "BOARD")
        self.assertEqual(found, board)
        self.assertEqual(self.bar.barcode, "4711")
        board.default_code = "BOARD-2"
        self.mapping("BOARD", self.bar)  # which says whose code it is
        self.drain()
        self.assertPosted(taken)
        self.assertEqual(self.bar.barcode, "4712")

    def test_a_mapping_that_ended_comes_back_for_its_own_record_only(self):
        self.own("material", "shared", "barcode")
        self.mapping("17", self.bar)
        self.assertPosted(self.say(MATERIAL, "17", 1, barcode="4711"))
        old = self.mapping("OLD", self.paste)
        own = self.mapping("OWN", self.bar)
        (old | own).action_archive()
        taken = self.say(MATERIAL, "17", 2, materialDefinitionId="OLD")
        self.assertParked(taken, "code-taken")
        self.assertIn("Paste", taken.error_detail)
        self.assertEqual((old.active, old.record), (False, self.paste))
        again = self.say(MATERIAL, "17", 3, materialDefinitionId="OWN")
        self.assertPosted(again)
        self.assertEqual((own.active, own.record), (True, self.bar))
        self.assertPosted(self.take_back(again))
        self.assertFalse(own.active)

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


@tagged("post_install", "-at_install")
class TestRepeating(Published, MasterCase):
    """What a plant was told it may send back, with what is its own changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.own("material", "shared", "barcode")

    def repeat(self, version, product, **changed):
        self.publish()
        told = self.told(product)[-1]
        members = {**told["fields"], **changed}
        return self.say(MATERIAL, told["id"], version, **members)

    def speak_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.company.partner_id.lang = "de_DE"
        self.bar.with_context(lang="de_DE").name = "Stange"
        return self.bar.with_context(lang="de_DE")

    def test_what_no_plant_may_own(self):
        self.bar.categ_id = self.env["product.category"].create({"name": "Steel"})
        self.assertPosted(self.repeat(1, self.bar, barcode="4711"))
        self.assertEqual(self.bar.barcode, "4711")
        refused = self.repeat(2, self.bar, barcode="4712", category="Other")
        self.assertNotOwner(refused, "/data/fields/category")
        self.assertEqual(self.bar.barcode, "4711")

    def test_a_variant(self):
        red, _blue = self.make_variants()
        red.default_code = "RED"
        self.assertPosted(self.repeat(1, red, barcode="4711"))
        self.assertEqual(red.barcode, "4711")
        self.own("material", "shared", "barcode", "name")
        self.assertPosted(self.repeat(2, red, barcode="4712"))
        self.assertEqual((red.barcode, red.name), ("4712", "Shelf"))

    def test_names_are_in_the_language_of_the_company(self):
        bar = self.speak_german()
        self.assertPosted(self.repeat(1, bar, barcode="4711"))
        self.assertEqual(bar.barcode, "4711")
        message = self.say(MATERIAL, "BAR", 2, name="Stange", barcode="4712")
        self.assertPosted(message)
        refused = self.say(MATERIAL, "BAR", 3, name="Bar")
        self.assertNotOwner(refused, "/data/fields/name")

    def test_a_name_of_the_plants_is_what_people_and_plants_see(self):
        bar = self.speak_german()
        self.own("material", "shared", "name")
        message = self.say(MATERIAL, "BAR", 1, name="Stab")
        self.assertPosted(message)
        self.assertEqual((bar.name, self.bar.name), ("Stab", "Bar"))
        self.publish()
        self.assertEqual(self.told(bar)[-1]["fields"]["name"], "Stab")
        self.assertPosted(self.take_back(message))
        self.assertEqual((bar.name, self.bar.name), ("Stange", "Bar"))

    def test_a_name_is_proposed_in_the_language_of_the_company(self):
        bar = self.speak_german()
        self.own("material", "propose")
        self.assertPosted(self.say(MATERIAL, "BAR", 1, name="Stange", unitCode="Units"))
        self.assertFalse(self.proposals())
        self.assertPosted(self.say(MATERIAL, "BAR", 2, name="Stab"))
        line = self.proposals().line_ids
        self.assertEqual((line.current, line.proposed), ("Stange", "Stab"))
        self.proposals().action_accept()
        self.assertEqual((bar.name, self.bar.name), ("Stab", "Bar"))
