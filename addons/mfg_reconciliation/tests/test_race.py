# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged

from odoo.addons.mfg_integration_base.models.mfg_drain_turns import MfgDrainTurns
from odoo.addons.mfg_integration_base.models.mfg_inbox import MfgInbox
from odoo.addons.mfg_integration_base.tests.race_common import Meeting
from odoo.addons.mfg_mes_connector.tests.common import CONSUMED, amount, at
from odoo.addons.mfg_mes_connector.tests.test_order_race import OrderRaceCase

from ..models.mfg_snapshot import SNAPSHOT, MfgSnapshot

KINDS = ("snapshot", "books")


@tagged("post_install", "-at_install")
class TestReconciliationRace(OrderRaceCase):
    """Two at once: the second finds what the first left."""

    types = (CONSUMED, SNAPSHOT)

    def remove(self, env):
        rows = env["mfg.reconciliation"].search([("endpoint_id", "=", self.ids[0])])
        rows.unlink()
        return super().remove(env)

    def snapshot(self, wheels, hour, subject="one"):
        wheel = {"materialDefinitionId": self.code, "quantity": amount(wheels)}
        data = {
            "jobOrderId": self.names[0],
            "asOf": at(hour),
            "produced": amount(0),
            "consumed": [wheel],
            "state": "Running",
        }
        return self.send(subject, SNAPSHOT, data)

    def test_two_people_correct_one_difference(self):
        with self.transaction() as env:
            self.stock(env, 20)
        self.drain(self.snapshot(3, 12))

        def correct():
            with self.transaction() as env:
                rows = env["mfg.reconciliation"]
                line = rows.search([("endpoint_id", "=", self.ids[0])]).line_ids
                retrying(lambda: line._correct("Counted"), env)

        met = Meeting().before(MfgInbox._store)
        with patch.object(MfgInbox, "_store", met):
            outcomes = self.at_once(correct, correct)
        self.assertEqual(outcomes.count(None), 1, outcomes)
        [error] = [outcome for outcome in outcomes if outcome]
        self.assertIsInstance(error, UserError)
        with self.transaction() as env:
            domain = [("endpoint_id", "=", self.ids[0]), ("type", "=", CONSUMED)]
            correction = env["mfg.message"].search(domain).ids
        self.assertEqual(len(correction), 1)
        self.drain(correction[0])
        self.assertEqual(self.quants(), [17])
        with self.transaction() as env:
            rows = env["mfg.reconciliation"]
            found = rows.search([("endpoint_id", "=", self.ids[0])])
            self.assertEqual(found.state, "corrected")

    def test_two_people_correct_one_difference_found_twice(self):
        """By the plant's count and by the books: nobody sees the other's page."""
        with self.transaction() as env:
            self.stock(env, 20)
        wheel = {"materialDefinitionId": self.code, "quantity": amount(3)}
        used = {"jobOrderId": self.names[0], "materials": [wheel], "time": at(9)}
        self.drain(self.send("use", CONSUMED, used))
        with self.transaction() as env:
            order = env["mrp.production"].search([("name", "=", self.names[0])])
            lines = order.move_raw_ids.move_line_ids.filtered("picked")
            lines.quantity = 2
        self.drain(self.snapshot(3, 12))
        with self.transaction() as env:
            endpoint = env["mfg.endpoint"].browse(self.ids[0])
            order = env["mrp.production"].search([("name", "=", self.names[0])])
            env["mfg.reconciliation"]._compare_books(endpoint, order)

        def correct(kind):
            with self.transaction() as env:
                row = env["mfg.reconciliation"].search(
                    [("endpoint_id", "=", self.ids[0]), ("kind", "=", kind)]
                )
                self.assertEqual(row.line_ids.mapped("difference"), [1.0])
                retrying(lambda: row.line_ids._correct("Counted"), env)

        met = Meeting().before(MfgDrainTurns._touch)
        with patch.object(MfgDrainTurns, "_touch", met):
            outcomes = self.at_once(*(partial(correct, k) for k in KINDS))
        self.assertEqual(outcomes.count(None), 1, outcomes)
        [error] = [outcome for outcome in outcomes if outcome]
        self.assertIn("being posted", str(error))

    def test_two_snapshots_of_one_order(self):
        ids = [self.snapshot(3, 12), self.snapshot(4, 13, "another")]
        keep = Meeting().before(MfgSnapshot._keep)
        with patch.object(MfgSnapshot, "_keep", keep):
            self.at_once(*(lambda id_=id_: self.drain(id_) for id_ in ids))
        self.assertEqual(self.outcomes(ids), [("posted", "")] * 2)
        with self.transaction() as env:
            rows = env["mfg.reconciliation"]
            found = rows.search([("endpoint_id", "=", self.ids[0])])
            self.assertEqual((len(found), found.as_of.hour), (1, 13))
            self.assertEqual(found.line_ids.mapped("difference"), [4.0])
