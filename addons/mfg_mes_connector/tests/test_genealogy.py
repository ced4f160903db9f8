# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo import Command
from odoo.tests import tagged

from .common import COMPLETED, CONSUMED, REPORTED, MesCase, amount, at


@tagged("post_install", "-at_install")
class TestGenealogy(MesCase):
    """Which lots went into which, and how much: what the plant reported, no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.resin = cls.make_product("RESIN", uom=cls.kilo, tracking="lot")
        cls.lots = {}
        for name in ("R-A", "R-B", "R-C"):
            lot = cls.env["stock.lot"].create(
                {"name": name, "product_id": cls.resin.id}
            )
            cls.lay_in(cls.resin, 50, lot)
            cls.lots[name] = lot
        cls.cask = cls.make_product("CASK", tracking="lot")
        cls.cask_bom = cls.make_bom(cls.cask, [(cls.resin, 1, False)], operations=())

    def setUp(self):
        super().setUp()
        self.order = self.make_order(10, self.cask_bom)

    def use(self, lot, quantity, order=None, **material):
        return self.consume(
            order or self.order,
            self.resin,
            quantity,
            "KGM",
            lots=[{"materialLotId": lot}],
            **material,
        )

    def make(self, lot, quantity, **data):
        lots = [{"materialLotId": lot}] if lot else []
        data.setdefault("backflush", "never")
        return self.report(self.order, quantity, lots=lots, **data)

    def tree(self, order=None):
        """Goods' lot -> {component's lot: quantity}, from the links Odoo keeps."""
        lines = (order or self.order).move_finished_ids.move_line_ids.filtered(
            lambda line: line.state == "done"
        )
        return {
            (line.lot_id.name or line.product_id.default_code, line.quantity): {
                used.lot_id.name or used.product_id.default_code: used.quantity
                for used in line.consume_line_ids
            }
            for line in lines
        }

    def traced(self, name):
        """Components' lots below a lot in Odoo's traceability report."""
        lot = self.env["stock.lot"].search([("name", "=", name)])
        report = self.env["stock.traceability.report"]
        lines = report.get_lines(model_name="stock.lot", model_id=lot.id, level=1)
        below = [
            row
            for line in lines
            if line["unfoldable"]
            for row in report.get_lines(
                line["id"],
                model_name=line["model"],
                model_id=line["model_id"],
                level=2,
            )
        ]
        names = {row["lot_name"] for row in below}
        return sorted(name for name in names if name)

    def test_each_part_is_made_of_what_was_used_for_it(self):
        for mode in ("immediate", "staged"):
            with self.subTest(mode=mode):
                self.interface(CONSUMED).consumption = mode
                self.order = self.make_order(10, self.cask_bom)
                self.assertPosted(
                    self.use("R-A", "2.5"),
                    self.use("R-B", "0.5"),
                    self.make(f"G1{mode}", 4),
                    self.use("R-C", 6),
                    self.make(f"G2{mode}", 6, final=True),
                )
                self.assertEqual(
                    self.tree(),
                    {
                        (f"G1{mode}", 4): {"R-A": 2.5, "R-B": 0.5},
                        (f"G2{mode}", 6): {"R-C": 6},
                    },
                )
                self.assertEqual(self.traced(f"G1{mode}"), ["R-A", "R-B"])
                self.assertEqual(self.traced(f"G2{mode}"), ["R-C"])

    def test_used_with_the_report_itself(self):
        material = {
            "materialDefinitionId": "RESIN",
            "quantity": amount(3, "KGM"),
            "lots": [{"materialLotId": "R-B"}],
        }
        self.assertPosted(self.make("G1", 3, materials=[material], final=True))
        self.assertEqual(self.tree(), {("G1", 3): {"R-B": 3}})

    def test_used_after_the_last_goods_is_in_all_of_them(self):
        self.assertPosted(
            self.use("R-A", 4),
            self.make("G1", 4),
            self.make("G2", 6),
            self.use("R-B", 1),
            self.tell(COMPLETED, self.order, time=at(16)),
        )
        self.assertEqual(
            self.tree(), {("G1", 4): {"R-A": 4, "R-B": 1}, ("G2", 6): {"R-B": 1}}
        )

    def test_two_lots_in_one_report_share_what_was_used(self):
        lots = [
            {"materialLotId": "G1", "quantity": amount(1)},
            {"materialLotId": "G2", "quantity": amount(2)},
        ]
        self.assertPosted(
            self.use("R-A", 3),
            self.report(self.order, 3, lots=lots, backflush="never"),
        )
        self.assertEqual(self.tree(), {("G1", 1): {"R-A": 3}, ("G2", 2): {"R-A": 3}})

    def test_by_products_have_the_same_parents(self):
        dregs = self.make_product("DREGS", tracking="lot")
        self.cask_bom.byproduct_ids = [
            Command.create({"product_id": dregs.id, "product_qty": 1})
        ]
        self.order = self.make_order(10, self.cask_bom)
        by_product = {
            "materialDefinitionId": "DREGS",
            "quantity": amount(2),
            "lots": [{"materialLotId": "D1"}],
        }
        self.assertPosted(
            self.use("R-A", 4), self.make("G1", 4, byProducts=[by_product])
        )
        self.assertEqual(self.tree(), {("G1", 4): {"R-A": 4}, ("D1", 2): {"R-A": 4}})

    def test_by_products_before_the_goods_leave_the_parents_to_them(self):
        dregs = self.make_product("DREGS", tracking="lot")
        bom = self.make_bom(
            self.cask,
            [(self.resin, 1, False)],
            byproduct_ids=[Command.create({"product_id": dregs.id, "product_qty": 1})],
        )
        self.order = self.make_order(10, bom)
        by_product = {
            "materialDefinitionId": "DREGS",
            "quantity": amount(2),
            "lots": [{"materialLotId": "D1"}],
        }
        at_first = {"operationsSegmentId": "Cut", "byProducts": [by_product]}
        self.assertPosted(
            self.use("R-A", 4), self.make(None, 4, **at_first), self.make("G1", 4)
        )
        self.assertEqual(self.tree(), {("D1", 2): {"R-A": 4}, ("G1", 4): {"R-A": 4}})

    def test_joined_as_one_by_one(self):
        """Reports of two lots that wait together are not mixed up."""
        code = self.order.mfg_job_order_id
        facts = [("R-A", 1, "G1"), ("R-A", 2, "G1"), ("R-B", 3, "G2")]
        messages = [
            self.send(
                REPORTED,
                {
                    "jobOrderId": code,
                    "quantity": amount(quantity),
                    "backflush": "never",
                    "lots": [{"materialLotId": made}],
                    "materials": [
                        {
                            "materialDefinitionId": "RESIN",
                            "quantity": amount(quantity, "KGM"),
                            "lots": [{"materialLotId": used}],
                        }
                    ],
                    "time": at(10),
                },
                subject=code,
            )
            for used, quantity, made in facts
        ]
        self.drain()
        self.order.invalidate_recordset()
        self.assertPosted(*messages)
        self.assertEqual(self.tree(), {("G1", 3): {"R-A": 3}, ("G2", 3): {"R-B": 3}})

    def test_the_rest_by_odoos_button(self):
        """What the plant used and made no goods of is in those of the button."""
        self.assertPosted(self.use("R-A", 4), self.make("G1", 4), self.use("R-B", 2))
        raw = self.order.move_raw_ids.filtered(lambda m: m.state != "done")
        raw.move_line_ids.unlink()
        raw.move_line_ids = [
            Command.create(
                {
                    "product_id": self.resin.id,
                    "lot_id": self.lots["R-C"].id,
                    "quantity": 4,
                    "picked": True,
                }
            )
        ]
        lot = self.env["stock.lot"].create({"name": "G2", "product_id": self.cask.id})
        self.order.write({"lot_producing_ids": lot.ids, "qty_producing": 10})
        self.order.with_context(
            skip_backorder=True, skip_consumption=True
        ).button_mark_done()
        self.assertEqual(self.order.state, "done")
        tree = self.tree()
        self.assertEqual(tree["G1", 4], {"R-A": 4})
        self.assertEqual(set(tree["G2", 6]), {"R-B", "R-C"})

    def test_two_levels(self):
        """From the goods down to the resin, through a part that was made as well."""
        self.assertPosted(self.use("R-A", 10), self.make("G1", 10, final=True))
        box = self.make_product("BOX", tracking="lot")
        bom = self.make_bom(box, [(self.cask, 1, False)], operations=())
        self.order = self.make_order(2, bom)
        material = {
            "materialDefinitionId": "CASK",
            "quantity": amount(2),
            "lots": [{"materialLotId": "G1"}],
        }
        self.assertPosted(self.make("B1", 2, materials=[material], final=True))
        self.assertEqual(self.tree(), {("B1", 2): {"G1": 2}})
        used = self.order.move_finished_ids.move_line_ids.consume_line_ids
        made = self.env["stock.move.line"].search(
            [("lot_id", "=", used.lot_id.id), ("consume_line_ids", "!=", False)]
        )
        self.assertEqual(made.consume_line_ids.lot_id, self.lots["R-A"])
