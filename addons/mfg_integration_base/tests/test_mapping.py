# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..engine.failure import Failure
from .common import PlantCase


class ResolvingCase(PlantCase):
    """The base's own event, made to need a material: its text is a plant code."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.make_product()

    @classmethod
    def make_product(cls, **values):
        return cls.env["product.product"].create(
            {"name": "Bar", "default_code": "BAR-20", "is_storable": True, **values}
        )

    def setUp(self):
        super().setUp()

        def resolve(handler, message):
            return handler.env["mfg.resolver"].resolve(
                message.endpoint_id,
                "material",
                message._event_data()["text"],
                "/data/text",
            )

        def post_one(handler, message, product):
            message._link(product)

        model = type(self.env["mfg.handler.connection.tested"])
        self.startPatcher(patch.object(model, "_resolve", resolve))
        self.startPatcher(patch.object(model, "_post_one", post_one))
        # product rights come with a connector; the base's service user has none
        self.endpoint.user_id.group_ids += self.env.ref("stock.group_stock_user")

    def map_material(self, code, record=None, endpoint=None):
        return self.env["mfg.mapping"].create(
            {
                "endpoint_id": (endpoint or self.endpoint).id,
                "kind": "material",
                "code": code,
                "record": f"product.product,{(record or self.product).id}",
            }
        )


@tagged("post_install", "-at_install")
class TestMapping(ResolvingCase):
    def test_odoo_key_needs_no_mapping(self):
        message = self.post(data={"text": "BAR-20"})
        self.assertEqual(message.link_ids.res_id, self.product.id)

    def test_what_a_code_stood_for_is_kept(self):
        mapping = self.map_material("X-1")
        mapping.record = self.make_product(name="Rod", default_code="ROD")
        self.assertIn("[BAR-20] Bar", mapping.message_ids[0].body)
        self.assertIn("[ROD] Rod", mapping.message_ids[0].body)

    def test_unknown_is_parked_and_healed_by_the_mapping(self):
        messages = [self.post(data={"text": "X-1"}) for _i in range(3)]
        for message in messages:
            self.assertParked(message, "unknown-material")
            self.assertEqual(message.wanted, "material:X-1")
        self.assertEqual(len({m.issue_id for m in messages}), 1)
        other = self.post(data={"text": "X-2"})
        self.map_material("X-1")
        self.drain()
        self.assertEqual({m.state for m in messages}, {"posted"})
        self.assertEqual(messages[0].issue_id.state, "resolved")
        self.assertParked(other, "unknown-material")

    def test_mapping_of_another_endpoint_heals_nothing(self):
        message = self.post(data={"text": "X-1"})
        self.map_material("X-1", endpoint=self.make_endpoint("B", self.env.company))
        self.drain()
        self.assertParked(message, "unknown-material")

    def test_issue_reopens_when_the_cause_comes_back(self):
        message = self.post(data={"text": "X-1"})
        mapping = self.map_material("X-1")
        self.drain()
        mapping.active = False
        again = self.post(data={"text": "X-1"})
        self.assertEqual(again.issue_id, message.issue_id)
        self.assertEqual(again.issue_id.state, "open")

    def test_mapping_wins_over_odoos_key(self):
        other = self.make_product(default_code="OTHER")
        self.map_material("BAR-20", other)
        message = self.post(data={"text": "BAR-20"})
        self.assertEqual(message.link_ids.res_id, other.id)

    def test_two_products_of_one_code_are_never_guessed(self):
        self.make_product()
        self.assertParked(self.post(data={"text": "BAR-20"}), "unknown-material")

    def test_mapping_must_lead_to_its_kind_and_company(self):
        with self.assertRaises(ValidationError):
            self.env["mfg.mapping"].create(
                {
                    "endpoint_id": self.endpoint.id,
                    "kind": "location",
                    "code": "X",
                    "record": f"product.product,{self.product.id}",
                }
            )
        company = self.env["res.company"].create({"name": "Other"})
        foreign = self.make_product(company_id=company.id)
        with self.assertRaises(ValidationError):
            self.map_material("X", foreign)


@tagged("post_install", "-at_install")
class TestQuantity(ResolvingCase):
    def quantity(self, value, unit, product=None):
        return self.env["mfg.resolver"].quantity(
            self.endpoint,
            {"value": value, "unitCode": unit},
            product or self.product,
            "/data/quantity",
        )

    def assertRefused(self, code, value, unit):
        with self.assertRaises(Failure) as caught:
            self.quantity(value, unit)
        self.assertEqual(caught.exception.code, code)
        self.assertIn("/data/quantity", caught.exception.errors[0].pointer)
        return caught.exception

    def test_rec20_units_are_exact(self):
        kilo = self.make_product(uom_id=self.env.ref("uom.product_uom_kgm").id)
        self.assertEqual(self.quantity("1250", "GRM", kilo), Decimal("1.25"))
        self.assertEqual(self.quantity("0.1", "TNE", kilo), Decimal("100"))

    def test_alias_of_the_endpoint_with_factor(self):
        self.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "BOX",
                "uom_id": self.env.ref("uom.product_uom_unit").id,
                "factor": 24,
            }
        )
        self.assertEqual(self.quantity("2", "BOX"), Decimal("48"))

    def test_unknown_unit_names_the_crosswalk_that_heals(self):
        failure = self.assertRefused("unknown-unit", "1", "KTM")
        self.assertEqual(failure.wanted, ("unit", "KTM"))

    def test_unit_of_another_kind_is_refused(self):
        self.assertRefused("unit-mismatch", "5", "KGM")

    def test_zero_and_negative_are_refused(self):
        self.assertRefused("quantity-invalid", "0", "C62")
        self.assertRefused("quantity-invalid", "-1", "C62")
