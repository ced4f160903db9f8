# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .equipment_common import ago
from .master_common import EQUIPMENT, PlantMasterCase, minutes


@tagged("post_install", "-at_install")
class TestMasterEquipment(PlantMasterCase):
    def inform(self, version, id_="M4", **members):
        return self.say_master(EQUIPMENT, id_, version, **members)

    def row(self, code="M4"):
        rows = self.env["mfg.workcenter.crosswalk"].with_context(active_test=False)
        return rows.search(
            [("endpoint_id", "=", self.endpoint.id), ("code", "=", code)]
        )

    def test_a_new_machine_gets_a_work_center(self):
        self.own("equipment", "plant")
        message = self.inform(
            1,
            name="Lathe 4",
            level="WorkCenter",
            setupTime=minutes(10),
            cleanupTime={"value": "0.5", "unitCode": "HUR"},
            efficiency="80",
        )
        self.assertPosted(message)
        row = self.row()
        centre = row.workcenter_id
        self.assertEqual((centre.name, centre.code), ("Lathe 4", "M4"))
        self.assertEqual(
            (centre.time_start, centre.time_stop, centre.time_efficiency),
            (10, 30, 80),
        )
        self.assertEqual(
            (row.level, centre.company_id), ("WorkCenter", self.env.company)
        )
        models = message.link_ids.mapped("res_model")
        self.assertIn("mrp.workcenter", models)
        self.assertIn("mfg.workcenter.crosswalk", models)

    def test_only_what_differs_is_written(self):
        self.own("equipment", "plant")
        self.inform(1, id_="SAW", name="SAW centre")
        message = self.inform(2, id_="SAW", name="SAW centre")
        self.assertEqual(message.link_ids.mapped("res_model"), ["mfg.received.version"])
        self.assertEqual(self.row("SAW").workcenter_id, self.saw)

    def test_it_settles_what_waited_for_the_machine(self):
        self.own("equipment", "plant")
        waiting = self.stop(ago(60), ago(50), machine="M4")
        self.assertParked(waiting, "unknown-equipment")
        self.inform(1, name="Lathe 4")
        self.drain()
        self.assertPosted(waiting)

    def test_out_of_order_and_again(self):
        self.own("equipment", "plant")
        self.inform(2, name="Lathe 4")
        self.assertOvertaken(self.inform(1, name="Lathe"))
        self.assertParked(self.inform(2, name="Other"), "version-conflict")
        self.assertPosted(self.inform(2, name="Lathe 4"))
        self.assertEqual(self.row().workcenter_id.name, "Lathe 4")

    def test_the_end_of_a_machine_and_its_return(self):
        self.own("equipment", "plant")
        self.inform(1, name="Lathe 4")
        centre = self.row().workcenter_id
        self.assertPosted(self.inform(2, deleted=True))
        self.assertFalse(centre.active)
        self.assertFalse(self.row().active)
        self.assertParked(self.stop(ago(9), ago(8), machine="M4"), "unknown-equipment")
        self.assertPosted(self.inform(3, name="Lathe 4"))
        self.assertTrue(centre.active and self.row().active)

    def test_a_new_code_of_the_same_machine(self):
        self.own("equipment", "plant")
        self.inform(1, id_="17", equipmentId="M4", name="Lathe 4")
        centre = self.row().workcenter_id
        self.assertPosted(self.inform(2, id_="17", equipmentId="M44", name="Lathe 44"))
        self.assertEqual(self.row("M44").workcenter_id, centre)
        self.assertEqual(centre.name, "Lathe 44")

    def test_a_new_code_is_not_taken_from_another_machine(self):
        self.own("equipment", "plant")
        self.inform(1, id_="17", equipmentId="M4", name="Lathe 4")
        self.inform(1, id_="18", equipmentId="M5", name="Lathe 5")
        other = self.row("M5").workcenter_id
        for version, code in ((2, "M5"), (3, "BENCH")):
            taken = self.inform(version, id_="17", equipmentId=code, name="Mine")
            self.assertParked(taken, "code-taken")
            self.assertIn("Lathe 4", taken.error_detail)
        self.assertEqual(self.row("M5").workcenter_id, other)
        self.assertFalse(self.row("BENCH"))
        self.assertEqual(self.row().workcenter_id.name, "Lathe 4")

    def test_machines_of_one_work_center(self):
        self.own("equipment", "plant")
        for code in ("M4", "M5"):
            self.machine(code, self.saw)
        self.assertNotOwner(self.inform(1, name="Lathe 4"), "/data/fields/name")
        self.assertPosted(self.inform(1, level="WorkUnit"))
        self.assertPosted(self.inform(2, deleted=True))
        self.assertTrue(self.saw.active)
        self.assertFalse(self.row().active)
        self.assertPosted(self.inform(1, "M5", deleted=True))
        self.assertFalse(self.saw.active)

    def test_a_work_center_of_all_companies(self):
        """Others plan on it, too, whether or not they have machines of theirs there."""
        self.own("equipment", "plant")
        press = self.make_shared("PRESS")
        refused = self.inform(1, "PRESS", name="Lathe 4", efficiency="80")
        self.assertNotOwner(refused, "/data/fields/name", "/data/fields/efficiency")
        self.assertIn("other companies", refused.error_detail)
        self.assertEqual(press.time_efficiency, 100)
        self.assertPosted(self.inform(1, "PRESS", level="WorkUnit"))
        self.assertPosted(self.inform(2, "PRESS", deleted=True))
        self.assertTrue(press.active)
        self.assertFalse(self.row("PRESS").active)
        press.action_archive()
        self.assertNotOwner(self.inform(3, "PRESS", name="PRESS centre"), "/data/id")
        self.assertFalse(press.active)

    def test_wrong_values(self):
        self.own("equipment", "plant")
        odd = {"value": "1", "unitCode": "KGM"}
        self.assertParked(self.inform(1, id_="A", setupTime=odd), "unit-mismatch")
        less = minutes(-1)
        self.assertParked(self.inform(1, id_="B", setupTime=less), "quantity-invalid")
        self.assertParked(self.inform(1, id_="C", efficiency=0), "quantity-invalid")
        self.assertFalse(self.row("A") | self.row("B") | self.row("C"))

    def test_odoo_owns_work_centers_unless_said_otherwise(self):
        message = self.inform(1, name="Lathe 4", efficiency=90)
        self.assertNotOwner(message, "/data/fields/efficiency", "/data/fields/name")
        self.assertFalse(self.row())

    def test_shared(self):
        self.own("equipment", "shared", "efficiency")
        self.assertPosted(self.inform(1, id_="SAW", efficiency="90", name="SAW centre"))
        self.assertEqual(self.saw.time_efficiency, 90)
        refused = self.inform(2, id_="SAW", efficiency="95", name="New name")
        self.assertNotOwner(refused, "/data/fields/name")
        self.assertEqual(self.saw.time_efficiency, 90)
        self.assertParked(self.inform(1, efficiency="1"), "unknown-equipment")

    def test_what_is_shared_is_not_brought_back(self):
        self.own("equipment", "shared", "efficiency")
        self.assertPosted(self.inform(1, id_="SAW", efficiency="90"))
        self.saw.action_archive()
        self.assertNotOwner(self.inform(2, id_="SAW", efficiency="80"), "/data/id")
        repeats = self.inform(3, id_="SAW", name="SAW centre")
        self.assertNotOwner(repeats, "/data/id")
        self.assertEqual((self.saw.active, self.saw.time_efficiency), (False, 90))

    def test_proposed(self):
        self.own("equipment", "propose")
        self.inform(1, name="Lathe 4", setupTime=minutes(5))
        proposal = self.proposals()
        self.assertEqual(proposal.line_ids.mapped("proposed"), ["Lathe 4", "5 minutes"])
        self.assertFalse(self.row())
        proposal.action_accept()
        self.assertEqual(self.row().workcenter_id.time_start, 5)

    def test_a_new_code_is_proposed(self):
        self.own("equipment", "propose")
        self.inform(1, id_="17", equipmentId="M4", name="Lathe 4")
        self.proposals().action_accept()
        self.inform(2, id_="17", equipmentId="M44", name="Lathe 4")
        line = self.proposals(state="open").line_ids
        self.assertEqual(
            (line.name, line.current, line.proposed), ("Plant Code", "M4", "M44")
        )
        line.proposal_id.action_accept()
        self.assertEqual(self.row("M44").workcenter_id.name, "Lathe 4")

    def test_reversal(self):
        self.own("equipment", "plant")
        first = self.inform(1, name="Lathe 4")
        centre = self.row().workcenter_id
        second = self.inform(2, name="Lathe IV", efficiency="70")
        self.assertPosted(self.back(second))
        self.assertEqual((centre.name, centre.time_efficiency), ("Lathe 4", 100))
        self.assertPosted(self.back(first))
        self.assertFalse(centre.active)
        self.assertFalse(self.row())
        self.assertPosted(self.inform(1, name="Lathe 4"))
        self.assertEqual(self.row().workcenter_id, centre)
        self.assertTrue(centre.active)

    def test_reversal_is_refused_after_a_change_by_hand(self):
        self.own("equipment", "plant")
        message = self.inform(1, id_="SAW", name="Big saw")
        self.saw.name = "Biggest saw"
        refused = self.back(message)
        self.assertParked(refused, "not-reversible")
        self.assertEqual(self.saw.name, "Biggest saw")
        self.assertTrue(self.row("SAW"))

    def test_another_companys_work_center_is_out_of_reach(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_endpoint("FOREIGN", company)
        self.own("equipment", "plant", endpoint=foreign)
        message = self.say_master(
            EQUIPMENT, "SAW", 1, endpoint=foreign, name="Their saw"
        )
        self.assertPosted(message)
        self.assertEqual(self.saw.name, "SAW centre")
        theirs = self.env["mfg.workcenter.crosswalk"].search(
            [("endpoint_id", "=", foreign.id)]
        )
        self.assertEqual(theirs.workcenter_id.company_id, company)
