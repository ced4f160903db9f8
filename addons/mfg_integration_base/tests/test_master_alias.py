# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .master_common import ALIAS, LOT, MasterCase


@tagged("post_install", "-at_install")
class TestMasterAlias(MasterCase):
    def tell(self, version, id_="STEEL", kind="material", stands_for="BAR", **options):
        return self.say(ALIAS, id_, version, kind=kind, standsFor=stands_for, **options)

    def mapping(self, code="STEEL", kind="material"):
        return (
            self.env["mfg.mapping"]
            .with_context(active_test=False)
            .search(
                [
                    ("endpoint_id", "=", self.endpoint.id),
                    ("kind", "=", kind),
                    ("code", "=", code),
                ]
            )
        )

    def test_a_code_the_plant_owns_is_mapped(self):
        self.own("alias", "plant")
        message = self.tell(1)
        self.assertPosted(message)
        self.assertEqual(self.mapping().record, self.bar)
        self.assertIn(self.mapping().id, message.link_ids.mapped("res_id"))
        self.assertPosted(self.tell(2, stands_for="PASTE"))
        self.assertEqual(self.mapping().record, self.paste)

    def test_it_settles_what_waited_for_the_code(self):
        self.own("alias", "plant")
        self.own("lot", "plant")
        waiting = self.say(LOT, "L-1", 1, materialDefinitionId="GOO")
        self.assertParked(waiting, "unknown-material")
        self.tell(1, id_="GOO", stands_for="PASTE")
        self.drain()
        self.assertPosted(waiting)

    def test_the_end_of_a_code_and_its_return(self):
        self.own("alias", "plant")
        self.tell(1)
        self.assertPosted(self.tell(2, deleted=True))
        self.assertFalse(self.mapping().active)
        self.assertOvertaken(self.tell(1, stands_for="PASTE"))
        self.assertPosted(self.tell(3))
        self.assertTrue(self.mapping().active)

    def test_the_end_of_what_never_was(self):
        self.own("alias", "plant")
        self.assertPosted(self.tell(7, deleted=True))
        self.assertFalse(self.mapping())
        self.assertOvertaken(self.tell(6))

    def test_unknown_is_never_guessed(self):
        self.own("alias", "plant")
        self.assertParked(self.tell(1, stands_for="NONE"), "unknown-material")
        self.assertParked(self.tell(1, id_="P", kind="person"), "unknown-person")

    def test_of_a_lot_the_material_says_which(self):
        self.own("alias", "plant")
        lot = self.env["stock.lot"].create({"name": "L-1", "product_id": self.paste.id})
        message = self.tell(1, "OLD-1", "lot", "L-1", materialDefinitionId="PASTE")
        self.assertPosted(message)
        self.assertEqual(self.mapping("OLD-1", "lot").record, lot)
        self.assertParked(self.tell(1, "OLD-2", "lot", "L-1"), "unknown-material")

    def test_one_code_of_two_kinds(self):
        self.own("alias", "plant")
        location = self.env["stock.location"].create(
            {"name": "Shelf", "barcode": "SHELF"}
        )
        self.assertPosted(self.tell(2))
        self.assertPosted(self.tell(1, kind="location", stands_for="SHELF"))
        self.assertEqual(self.mapping(kind="location").record, location)

    def test_odoo_owns_codes_unless_said_otherwise(self):
        self.assertNotOwner(self.tell(1), "/data/fields/standsFor")
        self.assertFalse(self.mapping())

    def test_reversal(self):
        self.own("alias", "plant")
        first, second = self.tell(1), self.tell(2, stands_for="PASTE")
        self.assertParked(self.take_back(first), "not-reversible")
        self.assertPosted(self.take_back(second))
        self.assertEqual(self.mapping().record, self.bar)
        self.assertTrue(self.mapping().active)

    def test_reversal_of_the_first(self):
        self.own("alias", "plant")
        self.assertPosted(self.take_back(self.tell(1)))
        self.assertFalse(self.mapping())
        self.assertPosted(self.tell(1))
        self.assertTrue(self.mapping().active)

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        self.own("alias", "plant", endpoint=foreign)
        self.bar.company_id = self.env.company
        self.assertParked(self.tell(1, endpoint=foreign), "unknown-material")
        self.assertFalse(self.mapping())
