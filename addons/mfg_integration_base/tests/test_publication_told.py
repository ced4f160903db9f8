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

    def test_everything_again_leaves_out_no_end(self):
        self.out().publish = "nightly"
        gone = self.make_product("P-0")
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.publish()
        gone.action_archive()
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.product.action_archive()  # in the morning
        self.publish()
        self.out().action_publish_all()  # at noon
        self.publish()
        self.assertTrue(self.told(self.product)[-1].get("deleted"))
        self.assertEqual(len(self.told(gone)), 2, "it knows of that end already")
        self.out().action_publish_all()
        self.out().action_publish_all()
        self.publish()
        self.assertEqual(len(self.told(self.product)), 2)

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

    def small_steps(self):
        """Transactions of two records each."""
        place = "odoo.addons.mfg_integration_base.models.mfg_publisher"
        self.enterContext(patch.multiple(place, MARKS_PER_STEP=2, RECORDS_PER_STEP=2))
        self.enterContext(patch(f"{place}_tell.TOLD_PER_STEP", 2))

    def until(self, happened):
        """Let the publisher take its steps until something happened."""
        publisher = self.publisher()
        while not happened():
            self.assertTrue(publisher._step(), "it came to its end")

    def test_within_seconds_while_everything_is_compared(self):
        self.small_steps()
        for number in range(9):
            self.make_product(f"N-{number}")
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.until(lambda: self.env["mfg.publication.scan"]._next()[2])
        self.product.name = "Meanwhile"
        self.until(lambda: self.versions() == [1, 2])
        self.assertTrue(self.env["mfg.publication.scan"]._next(), "it still runs")

    def test_every_night_also_what_the_comparison_finds(self):
        self.small_steps()
        last = [self.make_product(f"N-{number}") for number in range(9)][-1]
        self.out().publish = "nightly"
        self.publish()
        self.env["mfg.publisher"]._nightly()
        self.publish()
        self.env.cr.execute(
            "UPDATE product_product SET default_code = 'SQL' WHERE id = %s", [last.id]
        )
        self.env.invalidate_all()
        self.env["mfg.publisher"]._nightly()
        self.publish()
        code = self.told(last)[-1]["fields"]["materialDefinitionId"]
        self.assertEqual(code, "SQL")

    def test_one_plants_full_load_holds_up_no_other(self):
        self.small_steps()
        for number in range(9):
            self.make_product(f"N-{number}")
        other = self.make_endpoint("WMS", self.company)
        self.publish()
        before = {plant: self.count(plant) for plant in (self.endpoint, other)}
        for plant in before:
            self.out(endpoint=plant).action_publish_all()

        def both_began():
            return all(self.count(plant) > before[plant] for plant in before)

        self.until(both_began)
        for plant in before:
            self.assertLess(self.count(plant) - before[plant], 9, plant.name)

    def count(self, endpoint):
        return len(self.outgoing(MATERIAL, endpoint))

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
