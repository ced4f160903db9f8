# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .master_common import ALIAS, MATERIAL
from .race_common import Meeting, RaceCase

VERSIONS = "mfg.received.version"


@tagged("post_install", "-at_install")
class TestMasterRace(RaceCase):
    types = (ALIAS, MATERIAL)

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            owners = {"alias": "plant", "material": "propose"}
            env["mfg.ownership"].create(
                [
                    {"endpoint_id": self.ids[0], "kind": kind, "owner": owner}
                    for kind, owner in owners.items()
                ]
            )
            products = env["product.product"].create(
                [{"name": code, "default_code": code} for code in ("RACE-A", "RACE-B")]
            )
            self.products = products.ids

    def remove(self, env):
        env["mfg.mapping"].with_context(active_test=False).search(
            [("endpoint_id", "=", self.ids[0])]
        ).unlink()
        made = env["product.product"].search([("default_code", "=like", "RACE-%")])
        made.unlink()
        return super().remove(env)

    def alias(self, version, code, key):
        data = {"kind": "material", "id": "X", "version": version}
        return self.send(key, ALIAS, data | {"fields": {"standsFor": code}})

    def test_two_versions_at_once(self):
        """Under different keys nothing orders them but their versions."""
        old, new = self.alias(1, "RACE-A", "one"), self.alias(2, "RACE-B", "two")
        meeting = Meeting()
        taking = type(self.env[VERSIONS])
        self.patch(taking, "_take", meeting.before(taking._take))
        self.at_once(lambda: self.drain(old), lambda: self.drain(new))
        with self.transaction() as env:
            [mapping] = env["mfg.mapping"].search([("endpoint_id", "=", self.ids[0])])
            self.assertEqual(mapping.record.default_code, "RACE-B")
            [row] = env[VERSIONS].search([("endpoint_id", "=", self.ids[0])])
            self.assertEqual(row.version, 2)
        self.assertEqual(self.seen(new, "state")["state"], "posted")
        self.assertIn(self.seen(old, "state")["state"], ("posted", "cancelled"))

    def test_two_accept_one_proposal(self):
        data = {"id": "RACE-NEW", "version": 1, "fields": {"name": "New"}}
        self.drain(self.send("new", MATERIAL, data))
        meeting = Meeting()
        settling = type(self.env["mfg.proposal"])
        self.patch(settling, "_settle", meeting.before(settling._settle))

        def accept():
            with self.transaction() as env:
                env["mfg.proposal"].search(
                    [("endpoint_id", "=", self.ids[0])]
                ).action_accept()

        outcomes = self.at_once(accept, accept)
        lost = [outcome for outcome in outcomes if outcome]
        self.assertEqual(len(lost), 1, outcomes)
        with self.transaction() as env:
            made = env["product.product"].search([("default_code", "=", "RACE-NEW")])
            self.assertEqual(len(made), 1)
        with self.assertRaises(UserError):
            accept()
