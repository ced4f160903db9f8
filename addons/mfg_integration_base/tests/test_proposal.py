# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .master_common import ALIAS, LOCATION, LOT, MATERIAL, UNIT, MasterCase
from .test_security import RoleCase


class ProposalCase(MasterCase, RoleCase):
    """A plant proposes, somebody with the right in Odoo decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for kind in ("material", "location", "unit", "alias"):
            cls.own(kind, "propose")
        cls.planner = cls.people["operator"]
        cls.planner.group_ids += cls.env.ref("stock.group_stock_manager")
        cls.planner.group_ids += cls.env.ref("product.group_product_manager")

    def gasket(self, version=1, **members):
        members = {"name": "Gasket 8 mm", "unitCode": "C62", **members}
        return self.say(MATERIAL, "GASKET", version, **members)

    def product(self, code="GASKET"):
        products = self.env["product.product"].with_context(active_test=False)
        return products.search([("default_code", "=", code)])

    def agree(self, proposals, person=None):
        proposals.with_user(person or self.planner).action_accept()
        self.drain()
        self.env.invalidate_all()

    def refuse(self, proposals, reason, person=None):
        person = person or self.planner
        action = proposals.with_user(person).action_refuse()
        wizard = self.env["mfg.proposal.decide"].with_user(person)
        with Form(wizard.with_context(**action["context"])) as form:
            form.reason = reason
        form.record.action_apply()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestProposal(ProposalCase):
    def test_a_new_material(self):
        message = self.gasket(tracking="lot")
        self.assertPosted(message)
        self.assertFalse(self.product())
        proposal = self.proposals()
        self.assertEqual(proposal.title, "Materials: new GASKET")
        lines = [(line.name, line.current, line.proposed) for line in proposal.line_ids]
        self.assertEqual(
            lines,
            [
                ("Name", False, "Gasket 8 mm"),
                ("Unit", False, "Units"),
                ("Tracking by lot or serial number", False, "By Lots"),
            ],
        )
        self.assertEqual(proposal.message_id, message)
        self.assertIn(proposal.id, message.link_ids.mapped("res_id"))
        self.agree(proposal)
        product = self.product()
        self.assertEqual(
            (product.name, product.tracking, product.create_uid),
            ("Gasket 8 mm", "lot", self.planner),
        )
        self.assertEqual(product.company_id, self.env.company)
        self.assertEqual(
            (proposal.state, proposal.decided_by_id, proposal.res_id),
            ("accepted", self.planner, product.id),
        )
        self.assertTrue(proposal.decided_at)
        self.assertEqual(proposal.action_open_record()["res_id"], product.id)

    def test_acceptance_settles_what_waited_for_the_code(self):
        self.own("lot", "plant")
        waiting = self.say(LOT, "L-1", 1, materialDefinitionId="GASKET")
        self.assertParked(waiting, "unknown-material")
        self.gasket(tracking="lot")
        self.agree(self.proposals())
        self.assertPosted(waiting)

    def test_a_change_shows_what_is_and_what_was(self):
        message = self.say(MATERIAL, "BAR", 1, name="Steel bar", unitCode="C62")
        proposal = self.proposals()
        self.assertEqual(proposal.action, "change")
        line = proposal.line_ids
        self.assertEqual((line.current, line.proposed), ("Bar", "Steel bar"))
        self.bar.name = "Long bar"
        self.env.invalidate_all()
        self.assertEqual(line.current, "Long bar")
        self.agree(proposal)
        self.assertEqual(self.bar.name, "Steel bar")
        self.assertEqual(line.current, "Long bar")
        self.assertIn(self.bar.id, message.link_ids.mapped("res_id"))

    def test_what_odoo_says_already_is_no_proposal(self):
        self.assertPosted(self.say(MATERIAL, "BAR", 1, name="Bar"))
        self.assertFalse(self.proposals())

    def test_a_new_code_alone_is_a_proposal(self):
        mappings = self.env["mfg.mapping"]
        self.say(MATERIAL, "BAR", 1, name="Steel bar")
        self.agree(self.proposals())
        self.say(MATERIAL, "BAR", 2, materialDefinitionId="BAR-20", name="Steel bar")
        proposal = self.proposals(state="open")
        line = proposal.line_ids
        self.assertEqual(
            (line.name, line.current, line.proposed), ("Plant Code", "BAR", "BAR-20")
        )
        self.assertFalse(mappings.search([("code", "=", "BAR-20")]))
        self.agree(proposal)
        mapping = mappings.search([("code", "=", "BAR-20")])
        self.assertEqual(mapping.record, self.bar)
        self.assertEqual(line.current, "BAR", "as it was then")
        self.say(MATERIAL, "BAR", 3, materialDefinitionId="BAR-20", name="Steel bar")
        self.assertFalse(self.proposals(state="open"))

    def test_a_new_code_beside_other_changes_is_seen(self):
        self.say(MATERIAL, "BAR", 1, name="Steel bar")
        self.agree(self.proposals())
        self.say(MATERIAL, "BAR", 2, materialDefinitionId="BAR-20", name="Bar 20")
        proposal = self.proposals(state="open")
        self.assertEqual(proposal.line_ids.mapped("name"), ["Plant Code", "Name"])

    def test_a_code_of_another_record_is_not_accepted(self):
        self.make_product("BOARD")
        self.say(MATERIAL, "BAR", 1, name="Steel bar")
        self.agree(self.proposals())
        self.say(MATERIAL, "BAR", 2, materialDefinitionId="BOARD")
        proposal = self.proposals(state="open")
        self.assertEqual(proposal.line_ids.proposed, "BOARD")
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.agree(proposal)
        self.assertIn("[BOARD] Board", str(refusal.exception))

    def test_a_unit_gets_another_code(self):
        unit = {"name": "Box", "referenceUnitCode": "DZN", "factor": "2"}
        self.say(UNIT, "17", 1, unitCode="BOX12", **unit)
        self.agree(self.proposals())
        row = self.env["mfg.uom.crosswalk"].search([("code", "=", "BOX12")])
        self.say(UNIT, "17", 2, unitCode="BOX24", **unit)
        proposal = self.proposals(state="open")
        line = proposal.line_ids
        self.assertEqual((line.current, line.proposed), ("BOX12", "BOX24"))
        self.agree(proposal)
        self.assertEqual(row.code, "BOX24")

    def test_what_the_plant_says_as_the_owner_replaces_its_proposal(self):
        self.own("lot", "propose")
        lot = {"materialDefinitionId": "PASTE"}
        self.say(LOT, "L-1", 1, reference="OLD", **lot)
        proposal = self.proposals()
        self.own("lot", "plant")
        self.assertPosted(self.say(LOT, "L-1", 2, reference="NEW", **lot))
        self.assertEqual(proposal.state, "overtaken")
        with self.assertRaises(UserError):
            self.agree(proposal)
        made = self.env["stock.lot"].search([("name", "=", "L-1")])
        self.assertEqual(made.ref, "NEW")

    def test_a_newer_version_replaces_the_open_one(self):
        self.gasket()
        self.gasket(2, name="Gasket 9 mm")
        self.assertEqual(self.proposals().mapped("state"), ["open", "overtaken"])
        self.assertOvertaken(self.gasket(1, name="Late"))
        with self.assertRaises(UserError):
            self.agree(self.proposals(state="overtaken"))
        self.agree(self.proposals(state="open"))
        self.assertEqual(self.product().name, "Gasket 9 mm")

    def test_the_end_of_a_material_archives_it(self):
        self.say(MATERIAL, "BAR", 1, deleted=True)
        proposal = self.proposals()
        self.assertEqual(proposal.title, "Materials: end of [BAR] Bar")
        self.agree(proposal)
        template = self.bar.product_tmpl_id
        self.assertFalse(self.bar.active or template.active)
        self.say(MATERIAL, "BAR", 2, name="Bar again")
        self.agree(self.proposals(state="open"))
        self.assertEqual((self.bar.active, self.bar.name), (True, "Bar again"))
        self.assertTrue(template.active)

    def test_refusal_needs_a_reason_and_changes_nothing(self):
        message = self.gasket()
        proposal = self.proposals()
        with self.assertRaises(UserError):
            proposal.with_user(self.planner)._refuse("  ")
        self.refuse(proposal, "We have it as G8")
        self.assertEqual(
            (proposal.state, proposal.reason, proposal.decided_by_id),
            ("refused", "We have it as G8", self.planner),
        )
        self.assertFalse(self.product())
        self.assertPosted(message)
        self.assertPosted(self.gasket(2))
        self.assertEqual(self.proposals(state="open").version, 2)

    def test_many_at_once_or_none(self):
        self.gasket()
        self.say(LOCATION, "SHELF-1", 1, name="Shelf 1", parent="NOWHERE")
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.agree(self.proposals())
        self.assertIn("SHELF-1", str(refusal.exception))
        self.assertFalse(self.product())
        self.say(LOCATION, "SHELF-1", 2, name="Shelf 1")
        self.agree(self.proposals(state="open"))
        self.assertTrue(self.product())
        self.assertEqual(len(self.proposals(state="accepted")), 2)

    def test_twice_is_once(self):
        self.gasket()
        proposal = self.proposals()
        self.agree(proposal)
        with self.assertRaises(UserError):
            self.agree(proposal)
        self.assertEqual(len(self.product()), 1)

    def test_whose_rights(self):
        self.gasket()
        proposal = self.proposals()
        for role in ("auditor", "user", "service"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.agree(proposal, self.people[role])
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.agree(proposal, self.people["manager"])
        self.env.invalidate_all()
        self.assertEqual(proposal.state, "open")
        with self.assertRaises(AccessError):
            self.agree(proposal, self.strangers["operator"])

    def test_reversal_withdraws_what_is_open(self):
        message = self.gasket()
        self.assertPosted(self.take_back(message))
        self.assertEqual(self.proposals().state, "withdrawn")
        self.assertPosted(self.gasket())
        self.assertEqual(self.proposals(state="open").version, 1)

    def test_reversal_is_refused_once_a_person_accepted(self):
        message = self.gasket()
        self.agree(self.proposals())
        refused = self.take_back(message)
        self.assertParked(refused, "not-reversible")
        self.assertIn(self.planner.name, refused.error_detail)
        self.assertTrue(self.product().active)

    def test_a_location(self):
        stock = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        way = stock.lot_stock_id.complete_name
        self.say(LOCATION, "SHELF-1", 1, name="Shelf 1", parent=way)
        proposal = self.proposals()
        self.assertEqual(proposal.line_ids.mapped("proposed"), ["Shelf 1", way])
        self.agree(proposal)
        location = self.env["stock.location"].search([("barcode", "=", "SHELF-1")])
        self.assertEqual(
            (location.name, location.location_id, location.usage),
            ("Shelf 1", stock.lot_stock_id, "internal"),
        )

    def test_a_unit_becomes_a_row_of_the_crosswalk(self):
        self.say(UNIT, "BOX12", 1, name="Box", referenceUnitCode="DZN", factor="2")
        self.agree(self.proposals())
        row = self.env["mfg.uom.crosswalk"].search([("code", "=", "BOX12")])
        self.assertEqual(
            (row.endpoint_id, row.uom_id.name, row.factor),
            (self.endpoint, "Dozens", 2),
        )

    def test_an_unknown_unit_is_said_in_words(self):
        self.gasket(unitCode="XYZ")
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.agree(self.proposals())
        self.assertIn("XYZ", str(refusal.exception))
        self.assertIn("crosswalk", str(refusal.exception))

    def test_an_alternative_code(self):
        self.say(ALIAS, "STEEL", 1, kind="material", standsFor="BAR")
        proposal = self.proposals()
        self.assertEqual(proposal.line_ids.proposed, "[BAR] Bar")
        self.agree(proposal)
        mapping = self.env["mfg.mapping"].search([("code", "=", "STEEL")])
        self.assertEqual((mapping.record, mapping.create_uid), (self.bar, self.planner))

    def test_what_only_odoo_says_cannot_even_be_proposed(self):
        message = self.gasket(category="All / Steel")
        self.assertNotOwner(message, "/data/fields/category")
        self.assertFalse(self.proposals())
