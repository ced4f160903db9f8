# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import time

from odoo import Command

from ..engine import strict_json
from .common import PlantCase

MATERIAL = "mfg.master.material.v1"


class Published:
    """Reading what was published; the publisher works in the test's transaction."""

    company = None

    def publish(self):
        """End the transaction as far as marks go, and let the publisher work."""
        self.assertTrue(self.publisher()._work(time.monotonic() + 600))

    def publisher(self):
        """The publisher, with all marks of this transaction before it."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        publisher = self.env["mfg.publisher"].sudo()
        return publisher.with_context(mfg_in_transaction=True)

    def out(self, event_type=MATERIAL, endpoint=None):
        """The interface by which a plant is told."""
        interfaces = self.interface(event_type, endpoint)
        return interfaces.filtered(lambda i: i.direction == "out")

    def make_variants(self, **values):
        """A red and a blue shelf."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [Command.create({"name": n}) for n in ("Red", "Blue")],
            }
        )
        colours = [Command.set(attribute.value_ids.ids)]
        line = {"attribute_id": attribute.id, "value_ids": colours}
        template = self.env["product.template"].create(
            {
                "name": "Shelf",
                "attribute_line_ids": [Command.create(line)],
                **values,
            }
        )
        return template.product_variant_ids

    def publication(self, record, kind="material", company=None):
        return self.env["mfg.publication"].search(
            [
                ("company_id", "=", (company or self.company).id),
                ("kind", "=", kind),
                ("res_id", "=", record.id),
            ]
        )

    def told(self, record, kind="material", endpoint=None):
        """The data of the events about a record, in their order."""
        messages = self.outgoing(f"mfg.master.{kind}.v1", endpoint)
        mine = messages.filtered(lambda m: m.subject == f"{kind}:{record.id}")
        events = [strict_json.loads(m.payload.encode()) for m in mine.sorted("id")]
        return [event["data"] for event in events]


class PublicationCase(Published, PlantCase):
    """A company of its own, with a plant and one product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Published"})
        cls.endpoint = cls.make_endpoint("MES", cls.company)
        cls.product = cls.make_product("P-1")

    @classmethod
    def make_product(cls, code, **values):
        values = {"name": f"Product {code}", "type": "consu", **values}
        values.setdefault("company_id", cls.company.id)
        return cls.env["product.product"].create({"default_code": code, **values})
