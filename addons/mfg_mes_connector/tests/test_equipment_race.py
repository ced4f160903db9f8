# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mfg_integration_base.tests.race_common import Meeting, RaceCase

from .common import at, moment
from .equipment_common import DOWNTIME, REVERSED


@tagged("post_install", "-at_install")
class TestEquipmentRace(RaceCase):
    """One work centre, told of under two keys at the same moment."""

    types = (DOWNTIME, REVERSED)

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            saw = env["mrp.workcenter"].create({"name": "Saw", "code": "RACE-SAW"})
            failure = env.ref("mrp.block_reason1")
            self.saw_id, self.resource_id = saw.id, saw.resource_id.id
            env["mfg.mapping"].create(
                {
                    "endpoint_id": self.ids[0],
                    "kind": "loss",
                    "code": "E1",
                    "record": f"{failure._name},{failure.id}",
                }
            )
            env["mfg.workcenter.crosswalk"].create(
                [
                    {
                        "endpoint_id": self.ids[0],
                        "code": code,
                        "workcenter_id": saw.id,
                    }
                    for code in ("M1", "M2")
                ]
            )

    def remove(self, env):
        saw = env["mrp.workcenter"].browse(self.saw_id)
        saw.time_ids.unlink()
        env["mfg.equipment.event"].search([("workcenter_id", "=", saw.id)]).unlink()
        result = super().remove(env)
        saw.unlink()
        env["resource.resource"].browse(self.resource_id).unlink()
        return result

    def stop(self, key, machine, start, end=None):
        data = {"equipmentId": machine, "startTime": start, "reasonCode": "E1"}
        if end:
            data["endTime"] = end
        return self.send(key, DOWNTIME, data, id_=key)

    def at_the_same_time(self, *ids):
        """Drain messages in a transaction each; all have posted before one commits."""
        drain, meeting = type(self.env["mfg.drain"]), Meeting(len(ids))
        met = meeting.before(drain._note_posted)
        with (
            patch.object(drain, "_note_posted", met),
            mute_logger("odoo.sql_db"),
        ):
            outcomes = self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        self.assertFalse(any(outcomes), outcomes)
        for id_ in ids:
            found = self.seen(id_, "state", "error_detail")
            self.assertEqual(found["state"], "posted", found)

    def losses(self):
        with self.transaction() as env:
            rows = env["mrp.workcenter"].browse(self.saw_id).time_ids
            return [
                (row.date_start, row.date_end or None, row.duration)
                for row in rows.sorted("date_start")
            ]

    def test_two_stops_of_one_machine(self):
        """The first one ends where the second begins, whoever is first."""
        self.at_the_same_time(
            self.stop("k1", "M1", at(8)), self.stop("k2", "M1", at(9), at(9, 10))
        )
        self.assertEqual(
            self.losses(), [(moment(8), moment(9), 60), (moment(9), moment(9, 10), 10)]
        )

    def test_two_machines_that_stand_at_once(self):
        """Each minute of the work centre counts once."""
        self.at_the_same_time(
            self.stop("k1", "M1", at(8), at(9)),
            self.stop("k2", "M2", at(8, 30), at(9, 30)),
        )
        self.assertEqual(sum(minutes for _s, _e, minutes in self.losses()), 90)

    def test_reversal_beside_another_stop(self):
        wrong = self.stop("k1", "M1", at(9))
        self.drain(wrong)
        data = {"eventId": "k1", "reason": "Sent by mistake"}
        self.at_the_same_time(
            self.send("k3", REVERSED, data), self.stop("k2", "M1", at(8))
        )
        self.assertEqual(self.losses(), [(moment(8), None, 0)])
