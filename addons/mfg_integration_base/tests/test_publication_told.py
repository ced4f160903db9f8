# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import new_test_user, tagged

from .publication_common import MATERIAL, PublicationCase

GROUP = "mfg_integration_base.group_mfg_%s"


@tagged("post_install", "-at_install")
class TestTold(PublicationCase):
    """When plants are told: at once, every night, on demand."""

    def versions(self):
        return [data["version"] for data in self.told(self.product)]

    def test_every_night(self):
        self.out().publish = "nightly"
        self.publish()
        self.assertEqual(self.publication(self.product).version, 1)
        self.assertEqual(self.versions(), [])
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.assertEqual(self.versions(), [1])
        self.product.name = "B"
        self.publish()
        self.product.name = "C"
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.assertEqual(self.versions(), [1, 3])

    def test_on_demand(self):
        interface = self.out()
        interface.publish = "pull"
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.assertEqual(self.versions(), [])
        self.assertEqual(interface.untold_count, 1)
        interface.action_publish_now()
        self.publish()
        self.assertEqual(self.versions(), [1])
        interface.invalidate_recordset()
        self.assertEqual(interface.untold_count, 0)
        self.assertTrue(interface.told_at)
        interface.action_publish_now()
        self.publish()
        self.assertEqual(self.versions(), [1])
        interface.action_publish_all()
        self.publish()
        self.assertEqual(self.versions(), [1, 1])

    def test_of_what_ended_before_a_new_plant_hears_nothing(self):
        self.publish()
        self.product.action_archive()
        other = self.make_product("P-2")
        self.publish()
        late = self.make_endpoint("LATE", self.company)
        self.publish()
        self.assertEqual(self.told(self.product, endpoint=late), [])
        self.assertEqual(len(self.told(other, endpoint=late)), 1)
        other.action_archive()
        self.publish()
        self.assertTrue(self.told(other, endpoint=late)[-1]["deleted"])

    def test_more_than_one_transactions_worth(self):
        with (
            patch.multiple(
                "odoo.addons.mfg_integration_base.models.mfg_publisher",
                MARKS_PER_STEP=2,
                RECORDS_PER_STEP=2,
            ),
            patch(
                "odoo.addons.mfg_integration_base.models.mfg_publisher_tell.TOLD_PER_STEP",
                2,
            ),
        ):
            products = [self.make_product(f"N-{n}") for n in range(7)]
            self.publish()
            for product in products:
                product.name = f"{product.name} anew"
            self.publish()
        for product in products:
            told = [data["version"] for data in self.told(product)]
            self.assertEqual(told, [1, 2])
        messages = self.outgoing(MATERIAL)
        self.assertEqual(messages.mapped("lane"), ["batch"] * len(messages))
        self.assertEqual(
            {m.key for m in messages if m.subject == f"material:{products[0].id}"},
            {f"material:{products[0].id}"},
        )

    def test_who_has_which_version(self):
        other = self.make_endpoint("WMS", self.company)
        self.out(endpoint=other).publish = "nightly"
        self.publish()
        row = self.publication(self.product)
        self.assertEqual((row.told_to, row.untold_to), ("MES", "WMS"), "never told")
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.product.name = "Anew"
        self.publish()
        row.invalidate_recordset()
        self.assertEqual((row.told_to, row.untold_to), ("MES", "WMS"))
        words = set(row.received.splitlines())
        self.assertEqual(words, {"MES: version 2, queued", "WMS: version 1, queued"})
        self.assertEqual(len(row.action_messages()["domain"]), 5)
        action = row.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("product.product", self.product.id),
        )

    def test_a_publisher_that_breaks_tells_all_later(self):
        publisher = type(self.env["mfg.publisher"])
        race = ConcurrencyError("Somebody is at the same records.")
        with patch.object(publisher, "_tell", side_effect=race):
            with self.assertRaises(ConcurrencyError), self.env.cr.savepoint():
                self.publish()
        self.assertEqual(self.versions(), [])
        self.publish()
        self.assertEqual(self.versions(), [1])

    def test_a_new_plant_is_not_told_unless_asked(self):
        setup = self.env["mfg.endpoint.setup"].create(
            {"name": "New", "code": "new", "source": "urn:plant:new"}
        )
        lines = setup.line_ids.filtered(lambda l: l.type.startswith("mfg.master."))
        self.assertTrue(lines)
        out = lines.filtered(lambda l: l.direction == "out")
        self.assertFalse(any(out.mapped("selected")))

    def test_only_managers_ask(self):
        interface = self.out()
        for role in ("auditor", "operator", "service"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                interface.with_user(self.person(role)).action_publish_all()
        interface.with_user(self.person("manager")).action_publish_all()

    def person(self, role):
        if role == "service":
            return self.endpoint.user_id
        return new_test_user(
            self.env,
            f"teller-{role}",
            f"base.group_user,{GROUP % role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_strangers_see_nothing(self):
        self.publish()
        row = self.publication(self.product)
        stranger = new_test_user(
            self.env, "stranger", f"base.group_user,{GROUP % 'manager'}"
        )
        self.assertFalse(
            self.env["mfg.publication"]
            .with_user(stranger)
            .search([("id", "=", row.id)])
        )
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            self.out().with_user(stranger).action_publish_now()

    def test_whoever_changes_a_product_needs_no_right_here(self):
        keeper = new_test_user(
            self.env,
            "keeper",
            "base.group_user,product.group_product_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.publish()
        self.product.with_user(keeper).default_code = "K-1"
        self.publish()
        self.assertEqual(self.publication(self.product).name, "K-1")
