# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import CONSUMED, REPORTED, SCRAPPED, MesCase, amount, at

UNITS = {
    "GRM": Decimal("0.001"),
    "KGM": Decimal(1),
    "ONZ": Decimal("0.0283495"),
    "LBR": Decimal("0.453592"),
    "BAG": Decimal("0.125"),  # an alias of this plant
    "DROP": Decimal("0.00037"),
}
HALF = Decimal("0.005")  # of the last digit Odoo keeps
parts = st.lists(
    st.tuples(
        st.decimals("0.001", "30", places=3, allow_nan=False), st.sampled_from([*UNITS])
    ),
    min_size=1,
    max_size=7,
)
few = settings(
    max_examples=4,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestUnits(MesCase):
    """Whatever the plant counts in, partial reports add up to the whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paint = cls.make_product("PAINT", uom=cls.kilo)
        cls.dust = cls.make_product("DUST", uom=cls.kilo)
        cls.oil = cls.make_product("OIL", uom=cls.kilo, stock=1000000)
        cls.paint_bom = cls.make_bom(
            cls.paint, [(cls.oil, 0.7, False)], (), product_uom_id=cls.kilo.id
        )
        cls.env["stock.scrap.reason.tag"].create({"name": "SPILT"})
        for code, factor in (("BAG", 0.125), ("DROP", 0.00037)):
            cls.env["mfg.uom.crosswalk"].create(
                {
                    "endpoint_id": cls.endpoint.id,
                    "code": code,
                    "uom_id": cls.kilo.id,
                    "factor": factor,
                }
            )

    def setUp(self):
        super().setUp()
        self.order = self.make_order(100000, bom=self.paint_bom)

    def send_all(self, event_type, quantities, data=None, joined=True):
        """Events of one key, which wait together."""
        self.endpoint.interface_ids.join = joined
        code = self.order.mfg_job_order_id
        data = data or (lambda given: {"quantity": given})
        messages = [
            self.send(
                event_type,
                {"jobOrderId": code, "time": at(10), **data(amount(value, unit))},
                subject=code,
            )
            for value, unit in quantities
        ]
        while "queued" in [message.state for message in messages]:
            self.drain()  # a drain has its time
        self.order.invalidate_recordset()
        self.assertPosted(*messages)
        return messages

    def exact(self, quantities):
        return sum(value * UNITS[unit] for value, unit in quantities)

    def assertWhole(self, product, quantities, posted):
        """What is posted is the exact sum, rounded; the residue is in the ledger."""
        exact, posted = self.exact(quantities), Decimal(str(round(posted, 6)))
        self.assertLessEqual(abs(exact - posted), HALF)
        self.assertEqual(posted % Decimal("0.01"), 0)
        left = [
            Decimal(rest)
            for key, rest in (self.order.mfg_ledger or {}).items()
            if key.split(":")[1] == str(product.id)
        ]
        self.assertAlmostEqual(sum(left), exact - posted, 15)

    def consumed(self, given):
        line = {"materialDefinitionId": "GLUE", "quantity": given}
        return {"materials": [line]}

    @few
    @given(parts, st.booleans())
    def test_consumed(self, quantities, joined):
        self.lay_in(self.glue, 1000)
        before = self.on_hand(self.glue)
        self.order = self.make_order(100000, bom=self.paint_bom)
        self.send_all(CONSUMED, quantities, self.consumed, joined)
        self.assertWhole(self.glue, quantities, before - self.on_hand(self.glue))

    @few
    @given(parts, st.booleans())
    def test_produced_and_backflushed(self, quantities, joined):
        before, oil = self.on_hand(self.paint), self.on_hand(self.oil)
        self.order = self.make_order(100000, bom=self.paint_bom)
        self.send_all(REPORTED, quantities, None, joined)
        self.assertWhole(self.paint, quantities, self.on_hand(self.paint) - before)
        used = [(value * Decimal("0.7"), unit) for value, unit in quantities]
        self.assertWhole(self.oil, used, oil - self.on_hand(self.oil))

    @few
    @given(parts, st.booleans())
    def test_scrapped(self, quantities, joined):
        self.order = self.make_order(100000, bom=self.paint_bom)

        def scrap(given):
            return {"quantity": given, "reasonCode": "SPILT"}

        self.send_all(SCRAPPED, quantities, scrap, joined)
        scraps = self.env["stock.scrap"].search([("production_id", "=", self.order.id)])
        self.assertWhole(self.paint, quantities, sum(scraps.mapped("scrap_qty")))

    @few
    @given(parts, st.booleans())
    def test_by_products(self, quantities, joined):
        before = self.on_hand(self.dust)
        self.order = self.make_order(100000, bom=self.paint_bom)

        def report(given):
            part = {"materialDefinitionId": "DUST", "quantity": given}
            return {"quantity": amount(1, "KGM"), "byProducts": [part]}

        self.send_all(REPORTED, quantities, report, joined)
        self.assertWhole(self.dust, quantities, self.on_hand(self.dust) - before)

    def test_a_thousand_reports(self):
        for joined in (True, False):
            self.order = self.make_order(10, bom=self.paint_bom)
            before, oil = self.on_hand(self.paint), self.on_hand(self.oil)
            number = 1000 if joined else 40  # single ones are slow
            step = Decimal(3) / number
            self.send_all(REPORTED, [(step, "KGM")] * number, None, joined)
            self.assertEqual(round(self.on_hand(self.paint) - before, 6), 3)
            self.assertEqual(round(oil - self.on_hand(self.oil), 6), 2.1)

    def test_units_are_exact(self):
        """A unit's own definition counts, not the float Odoo derives from it."""
        resolver = self.env["mfg.resolver"]
        for unit in ("ONZ", "LBR", "GRM"):
            given = amount(1, unit)
            got = resolver.quantity(self.endpoint, given, self.glue, "/data/quantity")
            self.assertEqual(got, UNITS[unit])

    def test_what_is_published_is_understood(self):
        stick = self.env["uom.uom"].create(
            {
                "name": "Stick of 7",
                "relative_factor": 7,
                "relative_uom_id": self.unit.id,
            }
        )
        code = self.env["mfg.resolver"].unit_codes(self.endpoint, stick)[stick.id]
        self.assertPosted(self.consume(self.order, self.board, 2, code))
        self.assertEqual(self.on_hand(self.board), 86)


@tagged("post_install", "-at_install")
class TestResidues(MesCase):
    """What is less than Odoo's decimals is seen, and settled when the order ends."""

    def setUp(self):
        super().setUp()
        self.resin = self.make_product("RESIN", uom=self.kilo, tracking="lot")
        self.order = self.make_order()

    def use_lots(self, number, grams):
        for n in range(number):
            lot = self.env["stock.lot"].create(
                {"name": f"R{n}", "product_id": self.resin.id}
            )
            self.lay_in(self.resin, 1, lot=lot)
            lots = [{"materialLotId": lot.name}]
            message = self.consume(self.order, self.resin, grams, "GRM", lots=lots)
            self.assertPosted(message)

    def notes(self):
        return " ".join(self.order.message_ids.mapped("body"))

    def test_seen_on_the_order(self):
        self.consume(self.order, self.glue, 4, "GRM")
        self.assertEqual(self.order.mfg_residues, "0.004 kg [GLUE] Glue used")
        self.consume(self.order, self.glue, 6, "GRM")
        self.assertFalse(self.order.mfg_residues)

    def test_of_many_lots_it_is_posted_with_the_end(self):
        self.use_lots(5, 4)
        self.assertEqual(self.on_hand(self.resin), 5)
        self.report(self.order, 10, final=True, time=at(11))
        self.assertEqual(self.on_hand(self.resin), 4.98)
        [line] = self.order.move_finished_ids.filtered(
            lambda m: m.state == "done"
        ).move_line_ids
        used = line.consume_line_ids.filtered(lambda u: u.product_id == self.resin)
        self.assertEqual(used.mapped("quantity"), [0.01, 0.01])
        self.assertFalse(self.order.mfg_residues)

    def test_the_rest_is_noted(self):
        self.use_lots(3, 4)
        self.consume(self.order, self.glue, 2, "GRM")
        self.report(self.order, 10, final=True, time=at(11))
        self.assertEqual(self.on_hand(self.resin), 2.99)
        self.assertIn("0.002 kg [RESIN] Resin used", self.notes())
        self.assertIn("0.002 kg [GLUE] Glue used", self.notes())

    def test_nothing_to_note(self):
        self.report(self.order, 10, final=True)
        self.assertNotIn("decimal accuracy", self.notes())

    def test_without_stock_it_is_noted(self):
        self.use_lots(3, 4)
        self.lay_in(
            self.resin, -1, lot=self.env["stock.lot"].search([("name", "=", "R0")])
        )
        self.assertPosted(self.report(self.order, 10, final=True, time=at(11)))
        self.assertIn("0.012 kg [RESIN] Resin used", self.notes())

    def test_made_in_many_lots(self):
        paint = self.make_product("PAINT", uom=self.kilo, tracking="lot")
        bom = self.make_bom(
            paint, [(self.glue, 1, False)], (), product_uom_id=self.kilo.id
        )
        self.order = self.make_order(1, bom=bom)
        for n in range(3):
            lots = [{"materialLotId": f"P{n}"}]
            self.assertPosted(self.report(self.order, 4, "GRM", lots=lots))
        self.assertEqual(self.on_hand(paint), 0)
        self.assertPosted(
            self.report(
                self.order, 1, "KGM", lots=[{"materialLotId": "P9"}], final=True
            )
        )
        self.assertEqual(self.on_hand(paint), 1.01)


@tagged("post_install", "-at_install")
class TestPrecisionAdvice(MesCase):
    """The endpoint says where the plant counts finer than Odoo."""

    def test_a_line_in_grams_of_a_product_in_kilos(self):
        self.assertNotIn("decimals", self.endpoint.advice or "")
        bom = self.make_bom(self.make_product("LAMP"), [(self.glue, 1, False)], ())
        bom.bom_line_ids.product_uom_id = self.env.ref("uom.product_uom_gram")
        bom.bom_line_ids.product_qty = 40
        self.make_order(bom=bom)
        self.endpoint.invalidate_recordset(["advice"])
        self.assertIn("[GLUE] Glue is kept in kg with 2 decimals", self.endpoint.advice)
        self.assertIn("in steps of 0.001 kg", self.endpoint.advice)
        self.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 3
        self.endpoint.invalidate_recordset(["advice"])
        self.assertNotIn("decimals", self.endpoint.advice or "")

    def test_an_alias_of_the_plant(self):
        self.make_order()
        self.env["mfg.uom.crosswalk"].create(
            {
                "endpoint_id": self.endpoint.id,
                "code": "DROP",
                "uom_id": self.kilo.id,
                "factor": 0.0004,
            }
        )
        self.endpoint.invalidate_recordset(["advice"])
        self.assertIn("Glue", self.endpoint.advice)
        self.assertNotIn("Board", self.endpoint.advice)

    def test_what_the_plant_sends(self):
        """Rec 20 has grams for everybody: only their use tells that they matter."""
        order = self.make_order()
        self.consume(order, self.glue, 4, "GRM")
        self.endpoint.invalidate_recordset(["advice"])
        self.assertIn("Glue", self.endpoint.advice)

    def test_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.make_endpoint("OTHER", company)
        order = self.make_order()
        self.consume(order, self.glue, 4, "GRM")
        self.assertFalse(other.advice)
