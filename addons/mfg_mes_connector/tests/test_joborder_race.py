# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant answers a version at the moment when a planner makes the next one."""

from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.service.model import retrying
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.tests.race_common import Meeting, RaceCase

from ..models.mrp_production_change import MrpProduction as Change
from ..models.mrp_production_plant import MrpProduction as Plant
from .common import RELEASED
from .joborder_common import ACKNOWLEDGED, CHANGED, REFUSED
from .test_order_race import OrderRaceCase


class JoborderRaceCase(OrderRaceCase):
    """Orders that plants were told of."""

    def remove(self, env):
        result = super().remove(env)
        env.flush_all()
        env.cr.precommit.clear()
        for table in ("mark", "scan"):
            env.cr.execute(f"DELETE FROM mfg_publication_{table}")
        return result


@tagged("post_install", "-at_install")
class TestJoborderRace(JoborderRaceCase):
    types = (RELEASED, CHANGED, ACKNOWLEDGED, REFUSED)

    def edit(self):
        """A planner's request: Odoo takes it up again when another was faster."""
        with self.registry._db.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})

            def save():
                order = env["mrp.production"].browse(self.made[0].ids[0])
                order.priority = "1"
                cr.flush()

            retrying(save, env)

    def standing(self):
        with self.transaction() as env:
            order = env["mrp.production"].browse(self.made[0].ids[0])
            versions = env["mfg.joborder.version"]._of(order)
            return (
                order.mfg_version,
                order.mfg_plant_version,
                order.mfg_plant_state,
                [(v.number, v.answer_ids.mapped("state")) for v in versions],
            )

    def meet(self, event_type, **data):
        """The answer to version 1, and version 2, at once; the answer's message."""
        id_ = self.tell(self.names[0], event_type, version=1, **data)
        meeting = Meeting()
        with (
            patch.object(Plant, "_mfg_hear", meeting.before(Plant._mfg_hear)),
            patch.object(Change, "_mfg_change", meeting.before(Change._mfg_change)),
        ):
            failed = self.at_once(lambda: self.drain(id_), self.edit)
        self.assertEqual(failed, [None, None])
        self.assertEqual(self.outcomes([id_]), [("posted", "")])

    def test_an_acceptance(self):
        self.meet(ACKNOWLEDGED)
        self.assertEqual(
            self.standing(), (2, 1, "waiting", [(2, ["waiting"]), (1, ["accepted"])])
        )

    def test_a_refusal(self):
        """Of what is replaced already, or was a moment before: the new one counts."""
        self.meet(REFUSED, detail="No tool")
        self.assertEqual(
            self.standing(), (2, 0, "waiting", [(2, ["waiting"]), (1, ["refused"])])
        )


@tagged("post_install", "-at_install")
class TestLatePlants(JoborderRaceCase):
    """Plants that are connected after the release read the order by themselves: the
    first answer makes the version that all answers are about."""

    types = (RELEASED, ACKNOWLEDGED)

    def make(self, env):
        plant = env["mfg.endpoint"].browse(self.ids[0])
        plant.active = False
        JoborderRaceCase.make(self, env)
        plant.active = True
        interfaces = [Command.create({"type": type_}) for type_ in self.types]
        values = {"name": "Second", "interface_ids": interfaces}
        second = plant.copy({"code": f"{plant.code}-2", **values})
        self.plants = [self.ids, (second.id, second.user_id.id)]

    def remove(self, env):
        self.ids = self.plants.pop()
        RaceCase.remove(self, env)
        self.ids = self.plants.pop()
        return super().remove(env)

    def acknowledge(self, ids):
        """The message of a plant."""
        self.ids = ids
        return self.tell(self.names[0], ACKNOWLEDGED, version=1)

    def test_two_acknowledge_at_once(self):
        ids = [self.acknowledge(plant) for plant in self.plants]
        meeting = Meeting()
        present = meeting.before(Plant._mfg_present_version)
        with patch.object(Plant, "_mfg_present_version", present):
            self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        self.assertEqual(self.outcomes(ids), [("posted", "")] * 2)
        with self.transaction() as env:
            order = env["mrp.production"].browse(self.made[0].ids[0])
            [version] = env["mfg.joborder.version"]._of(order)
            self.assertEqual(version.answer_ids.mapped("state"), ["accepted"] * 2)
            self.assertEqual(order.mfg_plant_state, "accepted")
