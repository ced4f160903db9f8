# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .publication_common import PublicationCase

LOGGER = "odoo.addons.mfg_integration_base.models.mfg_publisher_trouble"
GROUP = "mfg_integration_base.group_mfg_%s"


class TroubleCase(PublicationCase):
    """Places, of which one cannot be published."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hall, cls.shelf = cls.env["stock.location"].create(
            [
                {"name": name, "company_id": cls.company.id, "usage": "internal"}
                for name in ("Hall", "Shelf")
            ]
        )

    def spoil(self, location, name=None):
        """A row as no screen of Odoo leaves it: without its complete name."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_location SET complete_name = %s WHERE id = %s",
            [name, location.id],
        )
        self.env.invalidate_all()

    def trouble(self, **conditions):
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in conditions.items()]
        return self.env["mfg.publication.trouble"].search(domain)

    def publish_badly(self):
        with self.assertLogs(LOGGER, "WARNING"):
            self.publish()


@tagged("post_install", "-at_install")
class TestTrouble(TroubleCase):
    """One record that cannot be published holds up no other."""

    def test_the_others_go_on(self):
        self.spoil(self.hall)
        self.publish_badly()
        self.assertFalse(self.publication(self.hall, "location"))
        self.assertEqual(self.publication(self.shelf, "location").version, 1)
        self.assertEqual(len(self.told(self.shelf, "location")), 1)
        self.assertEqual(len(self.told(self.product)), 1)
        row = self.trouble()
        self.assertEqual(
            (row.kind, row.res_model, row.res_id, row.tries),
            ("location", "stock.location", self.hall.id, 1),
        )
        self.assertIn("TypeError", row.error)
        self.assertGreater(row.retry_at, row.failed_at)
        self.product.name = "Later"
        self.publish()  # its next try is not due
        self.assertEqual(len(self.told(self.product)), 2)
        self.assertEqual(row.tries, 1)

    def test_it_is_tried_again_until_it_goes_well(self):
        self.spoil(self.hall)
        self.publish_badly()
        row = self.trouble()
        self.assertLessEqual(row.retry_at - row.failed_at, timedelta(minutes=1))
        row.action_try_again()
        self.publish_badly()
        self.assertEqual(row.tries, 2)
        self.assertEqual(row.retry_at - row.failed_at, timedelta(minutes=2))
        self.spoil(self.hall, "Hall")
        row.action_try_again()
        self.publish()
        self.assertFalse(self.trouble())
        self.assertEqual(len(self.told(self.hall, "location")), 1)

    def test_whoever_mends_it_need_not_wait(self):
        self.spoil(self.hall)
        self.publish_badly()
        self.hall.name = "Hall 1"  # Odoo makes its complete name again
        self.publish()
        self.assertFalse(self.trouble())
        self.assertEqual(len(self.told(self.hall, "location")), 1)

    def test_a_plant_that_cannot_be_told_of_one(self):
        other = self.make_endpoint("WMS", self.company)
        publisher = type(self.env["mfg.publisher"])
        tell = publisher._tell
        bad, good = self.product, self.make_product("P-2")

        def broken(this, interface, kind, rows):
            tell(this, interface, kind, rows)
            ids = [row["res_id"] for row in rows] if kind == "material" else []
            if interface.endpoint_id == other and bad.id in ids:
                raise ValueError("no word for it")

        with patch.object(publisher, "_tell", broken):
            self.publish_badly()
        self.assertEqual(len(self.told(bad)), 1)
        self.assertEqual(self.told(bad, endpoint=other), [])
        self.assertEqual(len(self.told(good, endpoint=other)), 1)
        row = self.trouble()
        self.assertEqual(row.interface_id.endpoint_id, other)
        self.assertIn("no word for it", row.error)
        row.action_try_again()
        self.publish()
        self.assertFalse(self.trouble())
        self.assertEqual([d["version"] for d in self.told(bad, endpoint=other)], [1])
        self.assertEqual(len(self.told(bad)), 1, "nobody else hears of it twice")

    def test_a_plant_that_is_not_told_any_more(self):
        other = self.make_endpoint("WMS", self.company)
        publisher = type(self.env["mfg.publisher"])
        tell = publisher._tell

        def broken(this, interface, kind, rows):
            if interface.endpoint_id == other and kind == "material":
                raise ValueError("no word for it")
            tell(this, interface, kind, rows)

        with patch.object(publisher, "_tell", broken):
            self.publish_badly()
        rows = self.trouble()
        self.assertTrue(rows)
        self.out(endpoint=other).active = False
        rows.action_try_again()
        self.publish()
        self.assertFalse(self.trouble())
        self.assertEqual(self.told(self.product, endpoint=other), [])

    def test_a_kind_that_cannot_be_compared(self):
        locations = type(self.env["mfg.master.location"])
        with (
            patch.object(locations, "_all", side_effect=ValueError("broken")),
            self.assertLogs(LOGGER, "WARNING"),
        ):
            self.env["mfg.publisher"]._nightly()
            self.publish()
        self.assertEqual(len(self.told(self.product)), 1)
        self.assertEqual(len(self.told(self.hall, "location")), 1, "it was marked")

    def test_managers_have_it_tried_again(self):
        self.spoil(self.hall)
        self.publish_badly()
        row = self.trouble()
        for role, may in (("auditor", False), ("operator", False), ("manager", True)):
            person = new_test_user(
                self.env,
                f"trouble-{role}",
                f"base.group_user,{GROUP % role}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            mine = row.with_user(person)
            self.assertTrue(mine.error)
            if may:
                mine.action_try_again()
            else:
                with self.assertRaises(AccessError):
                    mine.action_try_again()
        stranger = new_test_user(
            self.env, "troubled-stranger", f"base.group_user,{GROUP % 'manager'}"
        )
        with self.assertRaises(AccessError):
            row.with_user(stranger).action_try_again()
