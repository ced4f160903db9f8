# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import fields
from odoo.tests import tagged

from .master_common import LOT, MasterCase

EXPIRY = "2027-01-31T06:00:00+01:00"


@tagged("post_install", "-at_install")
class TestMasterLot(MasterCase):
    def tell(self, version, id_="L-1", material="PASTE", **members):
        return self.say(LOT, id_, version, materialDefinitionId=material, **members)

    def lots(self, name="L-1"):
        return self.env["stock.lot"].search(
            [("name", "=", name), ("product_id", "=", self.paste.id)]
        )

    def test_a_plant_that_owns_lots_makes_and_describes_them(self):
        self.own("lot", "plant")
        message = self.tell(1, reference="SUP-9", description="Stored dry")
        self.assertPosted(message)
        lot = self.lots()
        self.assertEqual((lot.ref, lot.company_id), ("SUP-9", self.env.company))
        self.assertIn("Stored dry", lot.note)
        self.assertFalse(lot.product_qty)
        linked = message.link_ids.mapped("res_model")
        self.assertEqual(linked, ["mfg.received.version", "stock.lot"])
        again = self.tell(2, reference="SUP-10")
        self.assertPosted(again)
        self.assertEqual(lot.ref, "SUP-10")
        self.assertIn("Stored dry", lot.note)

    def test_expiry(self):
        self.own("lot", "plant")
        self.assertPosted(self.tell(1, expirationTime=EXPIRY))
        if "expiration_date" not in self.env["stock.lot"]._fields:
            return
        expected = fields.Datetime.to_datetime("2027-01-31 05:00:00")
        self.assertEqual(self.lots().expiration_date, expected)

    def test_the_same_version_again(self):
        self.own("lot", "plant")
        self.tell(3, reference="A")
        again = self.tell(3, reference="A")
        self.assertPosted(again)
        self.assertEqual(again.link_ids.mapped("res_model"), ["mfg.received.version"])
        other = self.tell(3, reference="B")
        self.assertParked(other, "version-conflict")
        self.assertEqual(self.lots().ref, "A")

    def test_an_older_version_changes_nothing(self):
        self.own("lot", "plant")
        self.tell(5, reference="NEW")
        late = self.tell(4, reference="OLD")
        self.assertOvertaken(late)
        self.assertEqual(self.lots().ref, "NEW")
        self.assertFalse(late.link_ids)
        self.assertEqual(late.attempt_ids.outcome, "ended")
        self.assertFalse(self.outgoing("mfg.event.parked.v1"))

    def test_odoo_owns_lots_unless_said_otherwise(self):
        message = self.tell(1, reference="SUP-9")
        self.assertNotOwner(message, "/data/fields/reference")
        self.assertFalse(self.lots())
        self.assertFalse(self.env["mfg.received.version"].search([]))

    def test_shared_by_field(self):
        lot = self.env["stock.lot"].create(
            {"name": "L-1", "product_id": self.paste.id, "ref": "ODOO"}
        )
        self.own("lot", "shared", "description")
        self.assertPosted(self.tell(1, description="Stored dry"))
        refused = self.tell(2, description="Wet", reference="PLANT")
        self.assertNotOwner(refused, "/data/fields/reference")
        self.assertEqual(lot.ref, "ODOO")
        self.assertIn("Stored dry", lot.note)
        repeats = self.tell(3, description="Wet", reference="ODOO")
        self.assertPosted(repeats)
        self.assertIn("Wet", lot.note)

    def test_shared_makes_no_lot(self):
        self.own("lot", "shared", "description")
        message = self.tell(1, description="Stored dry")
        self.assertParked(message, "unknown-lot")
        lot = self.env["stock.lot"].create(
            {"name": "OTHER", "product_id": self.paste.id}
        )
        self.env["mfg.mapping"].create(
            {
                "endpoint_id": self.endpoint.id,
                "kind": "lot",
                "code": "L-1",
                "record": f"stock.lot,{lot.id}",
            }
        )
        self.drain()
        self.assertPosted(message)
        self.assertIn("Stored dry", lot.note)

    def test_lots_do_not_end(self):
        self.own("lot", "plant")
        self.tell(1)
        message = self.say(LOT, "L-1", 2, deleted=True, materialDefinitionId="PASTE")
        self.assertParked(message, "not-permitted")
        self.assertTrue(self.lots())

    def test_a_material_without_code_is_named_as_it_was_told(self):
        self.own("lot", "plant")
        self.paste.default_code = False
        told = self.env["mfg.resolver"].code(self.endpoint, "material", self.paste)
        self.assertEqual(told, f"product-{self.paste.id}")
        self.assertPosted(self.tell(1, material=told, reference="A"))
        self.assertEqual(self.lots().ref, "A")
        for code in ("product-0", "product-", f"location-{self.paste.id}"):
            message = self.tell(1, id_=code, material=code)
            self.assertParked(message, "unknown-material")

    def test_bad_references(self):
        self.own("lot", "plant")
        self.assertParked(self.tell(1, material="NONE"), "unknown-material")
        self.assertParked(self.tell(1, id_="L-2", material="BAR"), "lot-mismatch")
        self.assertParked(self.say(LOT, "L-3", 1, reference="X"), "lot-mismatch")

    def test_reversal_restores_what_was_before(self):
        self.own("lot", "plant")
        self.tell(1, reference="ONE")
        second = self.tell(2, reference="TWO")
        self.assertPosted(self.take_back(second))
        self.assertEqual(self.lots().ref, "ONE")
        self.assertPosted(self.tell(2, reference="TWO AT LAST"))
        self.assertEqual(self.lots().ref, "TWO AT LAST")

    def test_reversal_of_what_made_the_lot(self):
        self.own("lot", "plant")
        first = self.tell(1, reference="ONE")
        self.assertPosted(self.take_back(first))
        self.assertFalse(self.lots())
        self.assertFalse(self.env["mfg.received.version"].search([]))

    def test_reversal_is_refused_after_later_changes(self):
        self.own("lot", "plant")
        first = self.tell(1, reference="ONE")
        self.tell(2, description="Later")
        self.assertParked(self.take_back(first), "not-reversible")
        third = self.tell(3, reference="THREE")
        self.lots().ref = "BY HAND"
        refused = self.take_back(third)
        self.assertParked(refused, "not-reversible")
        self.assertIn("Internal Reference", refused.error_detail)
        self.assertEqual(self.lots().ref, "BY HAND")

    def test_one_lot_number_of_two_materials(self):
        self.own("lot", "plant")
        other = self.make_product("GLUE", tracking="lot")
        self.assertPosted(self.tell(5, reference="PASTE'S"))
        self.assertPosted(self.tell(1, material="GLUE", reference="GLUE'S"))
        lot = self.env["stock.lot"].search([("product_id", "=", other.id)])
        self.assertEqual((lot.ref, self.lots().ref), ("GLUE'S", "PASTE'S"))

    def test_a_new_number_is_not_taken_from_another_lot(self):
        self.own("lot", "plant")
        other = self.make_product("GLUE", tracking="lot")
        self.tell(1, id_="17", materialLotId="L-1")
        self.tell(1, id_="18", materialLotId="L-2")
        self.tell(1, id_="19", material="GLUE", materialLotId="L-3")
        for version, number in ((2, "L-2"), (3, "L-3")):
            taken = self.tell(version, id_="17", materialLotId=number, reference="X")
            self.assertParked(taken, "code-taken")
            self.assertIn(number, taken.error_detail)
            self.assertIn("L-1", taken.error_detail)
        self.assertFalse(self.lots().ref)
        glue = self.env["mfg.resolver"]._found(
            self.endpoint, "lot", "L-3", product=other
        )
        self.assertEqual(glue.product_id, other)
        self.assertPosted(self.tell(4, id_="17", materialLotId="L-9", reference="Y"))
        self.assertEqual(self.lots().ref, "Y")

    def test_another_companys_lots_are_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        self.own("lot", "plant", endpoint=foreign)
        mine = self.env["stock.lot"].create(
            {
                "name": "L-1",
                "product_id": self.paste.id,
                "company_id": self.env.company.id,
                "ref": "MINE",
            }
        )
        message = self.say(
            LOT,
            "L-1",
            1,
            endpoint=foreign,
            materialDefinitionId="PASTE",
            reference="THEIRS",
        )
        self.assertPosted(message)
        self.assertEqual(mine.ref, "MINE")
        self.assertEqual(self.lots().company_id, self.env.company | company)
        refused = self.tell(1, reference="X")
        self.assertParked(refused, "not-owner")

    def test_dry_run_says_it_and_does_nothing(self):
        self.own("lot", "plant")
        event = self.event(
            LOT,
            {"id": "L-1", "version": 1, "fields": {"materialDefinitionId": "PASTE"}},
        )
        message = self.send(LOT, event["data"])
        effects = self.env["mfg.handler"]._for_type(LOT)
        shown = effects.with_user(self.endpoint.user_id)._explain(
            message.with_user(self.endpoint.user_id)
        )
        self.assertEqual([row["model"] for row in shown][-1], "stock.lot")
        self.assertFalse(self.lots())
