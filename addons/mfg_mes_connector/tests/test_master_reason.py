# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SCRAPPED, amount, at
from .equipment_common import ago
from .master_common import REASON, PlantMasterCase

TECHNICAL = {"first": 180000, "last": 229999}


@tagged("post_install", "-at_install")
class TestMasterReason(PlantMasterCase):
    def inform(self, version, id_="180110", use="downtime", **members):
        return self.say_master(REASON, id_, version, use=use, **members)

    def mapping(self, code="180110", kind="loss"):
        mappings = self.env["mfg.mapping"].with_context(active_test=False)
        return mappings.search(
            [
                ("endpoint_id", "=", self.endpoint.id),
                ("kind", "=", kind),
                ("code", "=", code),
            ]
        )

    def losses_named(self, name):
        losses = self.env["mrp.workcenter.productivity.loss"]
        return losses.search([("name", "=", name)])

    def test_a_downtime_reason_settles_what_waited_for_it(self):
        self.own("reason", "plant")
        waiting = self.stop(ago(60), ago(50), reason="180110")
        self.assertParked(waiting, "unknown-reason")
        self.assertPosted(self.inform(1, name="Spindle broken"))
        self.drain()
        self.assertPosted(waiting)
        loss = self.mapping().record
        self.assertEqual(
            (loss.name, loss.loss_type), ("Spindle broken", "availability")
        )
        self.assertEqual(self.losses().loss_id, loss)

    def test_a_reason_odoo_has_is_taken(self):
        self.own("reason", "plant")
        self.inform(1, name=self.failure.name)
        self.assertEqual(self.mapping().record, self.failure)

    def test_the_number_says_whether_it_runs(self):
        self.own("reason", "plant")
        self.inform(1, id_="12000", name="Good run")
        self.assertEqual(self.mapping("12000").record.loss_type, "productive")
        self.assertFalse(self.mapping("12000").record.manual)
        self.inform(1, id_="13000", name="Slow run", category="performance")
        self.assertEqual(self.mapping("13000").record.loss_type, "performance")

    def test_a_reason_of_its_own_is_renamed(self):
        self.own("reason", "plant")
        self.inform(1, name="Spindel")
        loss = self.mapping().record
        self.assertPosted(self.inform(2, name="Spindle", category="quality"))
        self.assertEqual(self.mapping().record, loss)
        self.assertEqual((loss.name, loss.loss_type), ("Spindle", "quality"))

    def test_a_reason_of_others_is_not_renamed(self):
        self.own("reason", "plant")
        name = self.failure.name
        self.inform(1, name=name)
        self.inform(2, name="Spindle")
        self.assertEqual(self.failure.name, name)
        self.assertEqual(self.mapping().record.name, "Spindle")
        self.inform(1, id_="180111", name="Spindle")
        self.inform(3, name="Belt")
        self.assertEqual(self.mapping("180111").record.name, "Spindle")
        self.assertEqual(self.mapping().record.name, "Belt")

    def test_a_reason_that_a_person_made_is_not_renamed(self):
        """Reasons have no company: whoever scraps by hand may use it."""
        self.own("reason", "plant")
        scratch = self.env["stock.scrap.reason.tag"].create({"name": "Scratch"})
        self.map_code("reason", "7", scratch)
        self.assertPosted(self.inform(1, "7", "scrap", name="Surface fault"))
        self.assertEqual(scratch.name, "Scratch")
        fault = self.mapping("7", "reason").record
        self.assertEqual(fault.name, "Surface fault")
        self.assertPosted(self.inform(2, "7", "scrap", name="Dent"))
        self.assertEqual(self.mapping("7", "reason").record, fault)
        self.assertEqual(fault.name, "Dent")

    def test_blocks(self):
        self.own("reason", "plant")
        waiting = self.stop(ago(60), ago(50), reason="200000")
        self.assertParked(waiting, "unknown-reason")
        other = self.stop(ago(40), ago(30), reason="160001", machine="BENCH")
        self.assertPosted(self.inform(1, id_="TECH", name="Technical", block=TECHNICAL))
        self.drain()
        self.assertPosted(waiting)
        self.assertParked(other, "unknown-reason")
        self.inform(
            1, id_="TOOLS", name="Tools", block={"first": 200000, "last": 200999}
        )
        self.inform(1, id_="200500", name="Drill lost")
        losses = [
            self.env["mfg.resolver"].resolve(self.endpoint, "loss", code, "/x").name
            for code in ("199999", "200499", "200500")
        ]
        self.assertEqual(losses, ["Technical", "Tools", "Drill lost"])
        self.assertPosted(self.inform(2, id_="TOOLS", deleted=True))
        found = self.env["mfg.resolver"].resolve(self.endpoint, "loss", "200499", "/x")
        self.assertEqual(found.name, "Technical")

    def test_a_block_of_a_person_settles_messages_too(self):
        waiting = self.stop(ago(60), ago(50), reason="200000")
        block = {"code": "T", "first": 180000, "last": 229999}
        self.env["mfg.reason.block"].create(
            {"endpoint_id": self.endpoint.id, "loss_id": self.failure.id, **block}
        )
        self.drain()
        self.assertPosted(waiting)
        with self.assertRaises(ValidationError):
            self.env["mfg.reason.block"].create(
                {
                    "endpoint_id": self.endpoint.id,
                    "loss_id": self.failure.id,
                    **block,
                    "code": "U",
                    "first": 300000,
                }
            )

    def test_wrong_blocks(self):
        self.own("reason", "plant")
        back = {"first": 9, "last": 1}
        self.assertParked(self.inform(1, id_="A", block=back), "quantity-invalid")
        scrap = self.inform(1, id_="B", use="scrap", block=TECHNICAL)
        self.assertParked(scrap, "not-permitted")

    def test_a_scrap_reason(self):
        self.own("reason", "plant")
        self.assertPosted(self.inform(1, "SCR", "scrap", name="Scratched"))
        tag = self.mapping("SCR", "reason").record
        self.assertEqual((tag._name, tag.name), ("stock.scrap.reason.tag", "Scratched"))
        order = self.make_order()
        self.report(order, 2)
        message = self.tell_scrap(order)
        self.assertPosted(message)
        scrap = self.env["stock.scrap"].search([("production_id", "=", order.id)])
        self.assertEqual(scrap.scrap_reason_tag_ids, tag)
        self.assertFalse(self.mapping("SCR"))

    def tell_scrap(self, order):
        return self.tell(
            SCRAPPED, order, quantity=amount(1), reasonCode="SCR", time=at(11)
        )

    def test_the_end_of_a_reason_keeps_what_was_logged(self):
        self.own("reason", "plant")
        self.inform(1, name="Spindle")
        self.assertPosted(self.stop(ago(60), ago(50), reason="180110"))
        loss = self.mapping().record
        self.assertPosted(self.inform(2, deleted=True))
        self.assertFalse(self.mapping().active)
        self.assertEqual(self.losses().loss_id, loss)
        unknown = self.stop(ago(20), ago(10), reason="180110")
        self.assertParked(unknown, "unknown-reason")
        self.assertPosted(self.inform(3))
        self.assertEqual(self.mapping().record, loss)

    def test_versions_and_owner(self):
        self.assertNotOwner(self.inform(1, name="X"), "/data/fields/name")
        self.own("reason", "plant")
        self.inform(2, name="Spindle")
        self.assertOvertaken(self.inform(1, name="Old"))
        self.assertPosted(self.inform(1, "180110", "scrap", name="Of scrap"))

    def test_reversal(self):
        self.own("reason", "plant")
        first, second = self.inform(1, name="Spindle"), self.inform(2, name="Belt")
        self.assertPosted(self.back(second))
        self.assertEqual(self.mapping().record.name, "Spindle")
        self.assertPosted(self.back(first))
        self.assertFalse(self.mapping() or self.losses_named("Spindle"))

    def test_reversal_is_refused_once_the_reason_is_used(self):
        self.own("reason", "plant")
        first = self.inform(1, name="Spindle")
        self.stop(ago(60), ago(50), reason="180110")
        self.assertParked(self.back(first), "not-reversible")
        self.assertEqual(self.mapping().record.name, "Spindle")
        scrap = self.inform(1, "SCR", "scrap", name="Scratched")
        order = self.make_order()
        self.report(order, 2)
        self.assertPosted(self.tell_scrap(order))
        self.assertParked(self.back(scrap), "not-reversible")

    def test_two_plants(self):
        other = self.make_endpoint("OTHER", self.env.company)
        for endpoint in (self.endpoint, other):
            self.own("reason", "plant", endpoint=endpoint)
        self.inform(1, name="Spindle")
        self.inform(1, endpoint=other, name="Spindle")
        self.inform(2, endpoint=other, name="Belt")
        self.assertEqual(self.mapping().record.name, "Spindle")

    def test_proposed(self):
        self.own("reason", "propose")
        self.inform(1, name="Spindle", category="availability", block=TECHNICAL)
        proposal = self.proposals()
        self.assertEqual(
            proposal.line_ids.mapped("proposed"),
            ["Spindle", "Availability", "180000 - 229999"],
        )
        proposal.action_accept()
        self.assertEqual(self.mapping().record.name, "Spindle")
