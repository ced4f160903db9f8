# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import amount
from .master_common import BOM, ROUTING, PlantMasterCase, minutes


@tagged("post_install", "-at_install")
class TestMasterBom(PlantMasterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own("bom", "propose")
        cls.own("routing", "propose")
        cls.bom.code = "TABLE-A"

    def line(self, code, value, unit="C62", **more):
        line = {"lineId": code, "materialDefinitionId": code}
        return line | {"quantity": amount(value, unit)} | more

    def bill(self, version, id_="TABLE-A", **members):
        return self.say_master(BOM, id_, version, **members)

    def route(self, version, *operations, id_="TABLE-A", **members):
        if operations:
            members["operations"] = [
                {
                    "operationId": name,
                    "name": name,
                    "equipmentId": machine,
                    "duration": minutes(time),
                    "sequence": number,
                }
                for number, (name, machine, time) in enumerate(operations, 1)
            ]
        return self.say_master(ROUTING, id_, version, **members)

    def agree(self):
        self.proposals(state="open").action_accept()
        self.env.invalidate_all()

    def lines(self, bom=None):
        return {
            line.product_id.default_code: (line.product_qty, line.product_uom_id.name)
            for line in (bom or self.bom).bom_line_ids
        }

    def test_a_change_of_lines_is_said_and_done(self):
        board = self.bom.bom_line_ids[0]
        message = self.bill(
            1,
            materials=[self.line("BOARD", 2), self.line("TABLE-LEG", 4)],
            materialDefinitionIds=["TABLE"],
        )
        self.assertPosted(message)
        leg = self.make_product("TABLE-LEG")
        line = self.proposals().line_ids
        self.assertEqual(line.name, "What goes in")
        self.assertEqual(line.current, "0.5 kg [GLUE] Glue\n1 Units [BOARD] Board")
        self.assertEqual(line.proposed, "2 Units [BOARD] Board\n4 Units TABLE-LEG")
        self.assertEqual(len(self.lines()), 2)
        self.agree()
        self.assertEqual(
            self.lines(), {"BOARD": (2, "Units"), "TABLE-LEG": (4, "Units")}
        )
        self.assertEqual(self.bom.bom_line_ids[0], board)
        self.assertEqual(self.bom.bom_line_ids[1].product_id, leg)
        self.assertIn(self.bom.id, message.link_ids.mapped("res_id"))

    def test_a_new_reference(self):
        other = self.make_bom(self.make_product("CHAIR"))
        other.code = "CHAIR-A"
        self.bill(1, id_="17", reference="TABLE-A", materials=[self.line("BOARD", 2)])
        self.agree()
        self.bill(2, id_="17", reference="TABLE-B")
        line = self.proposals(state="open").line_ids
        self.assertEqual(
            (line.name, line.current, line.proposed),
            ("Plant Code", "TABLE-A", "TABLE-B"),
        )
        self.agree()
        self.assertEqual(self.bom.code, "TABLE-B")
        self.bill(3, id_="17", reference="CHAIR-A")
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.agree()
        self.assertIn("CHAIR-A", str(refusal.exception))
        self.assertEqual((self.bom.code, other.code), ("TABLE-B", "CHAIR-A"))
        self.bill(4, id_="17", bomType="manufacture")
        self.assertFalse(self.proposals(state="open"))

    def test_a_new_bill(self):
        chair = self.make_product("CHAIR")
        self.bill(
            1,
            "CHAIR-A",
            materialDefinitionIds=["CHAIR"],
            bomType="manufacture",
            quantity=amount(10),
            materials=[self.line("BOARD", 5), self.line("GLUE", 250, "GRM")],
            byProducts=[],
        )
        self.agree()
        bom = self.env["mrp.bom"].search([("code", "=", "CHAIR-A")])
        self.assertEqual(bom.product_tmpl_id, chair.product_tmpl_id)
        self.assertEqual((bom.product_qty, bom.company_id), (10, self.env.company))
        self.assertEqual(self.lines(bom), {"BOARD": (5, "Units"), "GLUE": (250, "g")})

    def test_the_same_again_is_no_proposal(self):
        materials = [self.line("GLUE", 0.5, "KGM"), self.line("BOARD", "1.0")]
        self.assertPosted(
            self.bill(1, materials=materials, quantity=amount(1), bomType="manufacture")
        )
        self.assertFalse(self.proposals())

    def test_what_cannot_be_accepted_says_why(self):
        self.bill(1, "X", materialDefinitionIds=["NONE"])
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.agree()
        self.assertIn("NONE", str(refusal.exception))
        self.proposals().action_refuse()
        self.bill(2, "X", materials=[self.line("BOARD", 1)])
        with self.assertRaises(UserError), self.cr.savepoint():
            self.agree()
        self.bill(1, materials=[self.line("BOARD", 1, "KGM")])
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.proposals(state="open", code="TABLE-A").action_accept()
        self.assertIn("not counted in", str(refusal.exception))

    def test_what_a_plant_cannot_say(self):
        only = self.line("BOARD", 1, onlyFor=["Colour: Red"])
        message = self.bill(1, materials=[only])
        self.assertNotOwner(message, "/data/fields/materials/0/onlyFor")

    def test_the_end_of_a_bill(self):
        self.bill(1, deleted=True)
        self.assertTrue(self.bom.active)
        self.agree()
        self.assertFalse(self.bom.active)

    def test_operations(self):
        cut, glue = self.bom.operation_ids
        self.route(1, ("Glue", "BENCH", 4), ("Paint", "SAW", 2.5))
        line = self.proposals().line_ids
        self.assertEqual(
            line.current,
            "Cut at SAW centre, 6 minutes\nGlue at BENCH centre, 6 minutes",
        )
        self.assertEqual(
            line.proposed,
            "Glue at BENCH centre, 4 minutes\nPaint at SAW centre, 2.5 minutes",
        )
        self.agree()
        self.assertFalse(cut.active)
        self.assertEqual((glue.time_cycle_manual, glue.sequence), (4, 1))
        paint = self.bom.operation_ids - glue
        self.assertEqual((paint.name, paint.workcenter_id), ("Paint", self.saw))

    def test_a_routing_waits_for_its_bill(self):
        message = self.route(1, ("Glue", "BENCH", 4), id_="R-1", bomId="B-1")
        self.assertParked(message, "unknown-bom")
        self.make_product("CHAIR")
        self.bill(1, "B-1", materialDefinitionIds=["CHAIR"], reference="CHAIR-A")
        self.agree()
        message._retry("The bill is there")
        self.drain()
        self.assertPosted(message)
        self.agree()
        bom = self.env["mrp.bom"].search([("code", "=", "CHAIR-A")])
        self.assertEqual(bom.operation_ids.name, "Glue")

    def test_versions_and_owner(self):
        self.bill(2, quantity=amount(2))
        self.assertOvertaken(self.bill(1, quantity=amount(3)))
        self.own("bom", "odoo")
        self.assertNotOwner(self.bill(3, quantity=amount(2)), "/data/fields/quantity")

    def test_reversal_withdraws(self):
        self.assertPosted(self.back(self.bill(1, quantity=amount(2))))
        self.assertEqual(self.proposals().state, "withdrawn")

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        self.own("bom", "propose", endpoint=foreign)
        self.bom.company_id = self.env.company
        message = self.say_master(
            BOM, "TABLE-A", 1, endpoint=foreign, quantity=amount(2)
        )
        self.assertPosted(message)
        proposal = self.env["mfg.proposal"].search([("endpoint_id", "=", foreign.id)])
        self.assertEqual(proposal.action, "new")
