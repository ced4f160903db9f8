# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.race_common import RaceCase

from .common import CONSUMED, MesCase, amount, at
from .equipment_common import DOWNTIME


@tagged("post_install", "-at_install")
class TestMappingRace(RaceCase):
    """A planner gives a code its meaning between a message's look at it and its
    parking: the planner finds nobody parked, so the message looks once more."""

    types = (DOWNTIME,)

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            saw = env["mrp.workcenter"].create({"name": "Saw", "code": "MAP-SAW"})
            self.saw_id, self.resource_id = saw.id, saw.resource_id.id

    def remove(self, env):
        saw = env["mrp.workcenter"].browse(self.saw_id)
        saw.time_ids.unlink()
        env["mfg.equipment.event"].search([("workcenter_id", "=", saw.id)]).unlink()
        result = super().remove(env)
        saw.unlink()
        env["resource.resource"].browse(self.resource_id).unlink()
        return result

    def crosswalk(self, env):
        env["mfg.workcenter.crosswalk"].create(
            {
                "endpoint_id": self.ids[0],
                "code": "M1",
                "workcenter_id": self.saw_id,
            }
        )

    def mapping(self, env, kind="loss", code="E1", record=None):
        record = record or env.ref("mrp.block_reason1")
        env["mfg.mapping"].create(
            {
                "endpoint_id": self.ids[0],
                "kind": kind,
                "code": code,
                "record": f"{record._name},{record.id}",
            }
        )

    def stopped(self, meanwhile):
        """A downtime is drained; ``meanwhile`` is committed when it is refused, before
        it is parked."""
        times = {"startTime": at(8), "endTime": at(9)}
        data = {"equipmentId": "M1", "reasonCode": "E1", **times}
        id_ = self.send("k1", DOWNTIME, data)
        drains = type(self.env["mfg.drain"])
        finish, made = drains._finish_failed, []

        def slowly(drain, *args):
            if not made:
                made.append(True)
                with self.transaction() as env:
                    meanwhile(env)
            return finish(drain, *args)

        with patch.object(drains, "_finish_failed", slowly):
            self.drain(id_)
        self.assertTrue(made, "it was refused first")
        return self.seen(id_, "state", "error_code", "error_detail", "attempts")

    def test_a_crosswalk_made_meanwhile(self):
        with self.transaction() as env:
            self.mapping(env)
        found = self.stopped(self.crosswalk)
        self.assertEqual((found["state"], found["attempts"]), ("posted", 2), found)

    def test_a_mapping_made_meanwhile(self):
        with self.transaction() as env:
            self.crosswalk(env)
        found = self.stopped(self.mapping)
        self.assertEqual((found["state"], found["attempts"]), ("posted", 2), found)

    def test_odoos_own_code_given_meanwhile(self):
        with self.transaction() as env:
            self.mapping(env)

        def named(env):
            env["mrp.workcenter"].browse(self.saw_id).code = "M1"

        found = self.stopped(named)
        self.assertEqual((found["state"], found["attempts"]), ("posted", 2), found)

    def test_another_code_made_meanwhile(self):
        """One of two unknown codes: it is refused anew for the other, and parked."""
        found = self.stopped(self.crosswalk)
        self.assertEqual(
            (found["state"], found["error_code"]), ("parked", "unknown-reason")
        )
        self.assertEqual(found["attempts"], 2)

    def test_nothing_made_meanwhile(self):
        found = self.stopped(lambda env: None)
        self.assertEqual(
            (found["state"], found["error_code"]), ("parked", "unknown-equipment")
        )
        self.assertEqual(found["attempts"], 1)


@tagged("post_install", "-at_install")
class TestMeaningThatDoesNotDo(MesCase):
    """A code that is mapped, but to something that does not fit, is no news: the
    message stays parked and is not tried for ever."""

    def used(self, order, **data):
        line = {"materialDefinitionId": "GLUE", "quantity": amount(1, "KGM")}
        return self.tell(CONSUMED, order, materials=[line], time=at(9), **data)

    def assertTriedOnce(self, message, code):
        self.assertEqual((message.state, message.error_code), ("parked", code))
        self.assertEqual(message.attempts, 1)

    def test_an_operation_of_another_order(self):
        other = self.make_bom(self.make_product("OTHER"))
        self.map_code("operation", "OP10", other.operation_ids[0])
        message = self.used(self.make_order(), operationsSegmentId="OP10")
        self.assertTriedOnce(message, "unknown-segment")

    def test_an_order_that_is_a_draft(self):
        draft = self.make_order(confirm=False)
        self.map_code("order", "J1", draft)
        self.assertTriedOnce(self.used("J1"), "unknown-order")

    def test_a_lot_of_another_product(self):
        resin, paint = (self.make_product(c, tracking="lot") for c in ("RS", "PT"))
        lot = self.env["stock.lot"].create({"name": "L1", "product_id": paint.id})
        lots = [{"materialLotId": "L1"}]
        message = self.consume(self.make_order(), resin, 1, "C62", lots=lots)
        self.assertTriedOnce(message, "lot-mismatch")
        self.map_code("lot", "L1", lot)
        self.drain()
        self.assertEqual((message.state, message.attempts), ("parked", 2))
