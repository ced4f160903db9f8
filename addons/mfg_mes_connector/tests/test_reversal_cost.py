# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import itertools

from odoo.tests import tagged

from .common import COMPLETED, CONSUMED, STARTED, amount, at
from .reversal_common import ReversalCase
from .test_material_returned import RETURNED

_numbers = itertools.count(1)


@tagged("post_install", "-at_install")
class TestReversalCost(ReversalCase):
    """Value, average, FIFO stack and books after a reversal, as if never posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "extra_cost" not in cls.env["mrp.production"]._fields:
            cls.skipTest(cls, "mrp_account is not installed")
        cls.supplier = cls.env.ref("stock.stock_location_suppliers")

    def priced(self, method):
        """Products under a cost method, with receipts at different prices."""
        category = self.env["product.category"].create(
            {"name": method, "property_cost_method": method}
        )
        values = {"categ_id": category.id}
        name = f"{method}-{next(_numbers)}"
        self.table = self.make_product(f"TABLE-{name}", **values)
        self.board = self.make_product(f"BOARD-{name}", **values)
        self.glue = self.make_product(f"GLUE-{name}", uom=self.kilo, **values)
        self.priced_long_ago(self.table | self.board | self.glue)
        for product, prices in ((self.board, (10, 16)), (self.glue, (4, 7))):
            for price in prices:
                self.receive(product, 6, price)
        if method == "average":
            prices = (self.board | self.glue).mapped("standard_price")
            self.assertEqual(prices, [13, 5.5])
        lines = [(self.board, 1, False), (self.glue, 0.5, False)]
        bom = self.make_bom(self.table, lines)
        bom.bom_line_ids[1].operation_id = bom.operation_ids[-1]  # by hand
        self.order = self.make_order(bom=bom)

    def priced_long_ago(self, products):
        """Odoo ignores receipts from before a product's first price."""
        values = self.env["product.value"].search([("product_id", "in", products.ids)])
        values.date = "2025-12-31 00:00:00"

    def receive(self, product, quantity, price, lot=None):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": self.supplier.id,
                "location_dest_id": self.stock.id,
            }
        )
        move._action_confirm()
        if lot:
            move.lot_ids = lot
        move.write({"quantity": quantity, "picked": True})
        move._action_done()
        move.date = "2026-01-01 00:00:00"  # before anything the plant reports
        if product.cost_method != "standard":
            move.value_manual = quantity * price

    def world(self):
        return {**super().world(), "moves": self.move_values(), "books": self.books()}

    def move_values(self):
        moves = self.order.move_raw_ids | self.order.move_finished_ids
        done = moves.filtered(lambda m: m.state == "done" and m.quantity)
        return sorted(
            (m.product_id.default_code, m.quantity, round(m.value, 2)) for m in done
        )

    def books(self):
        """Account balances, for products valued in real time."""
        groups = self.env["account.move.line"]._read_group(
            [("parent_state", "=", "posted"), ("company_id", "=", self.env.company.id)],
            ["account_id"],
            ["balance:sum"],
        )
        return sorted(
            (account.code, round(balance, 2)) for account, balance in groups if balance
        )

    def value_in_real_time(self, category):
        stock, making = self.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": "asset_current"}
                for name, code in (("Stock", "991001"), ("Making", "991002"))
            ]
        )
        journal = self.env["account.journal"].create(
            {"name": "Stock", "code": "STJ9", "type": "general"}
        )
        self.env.company.account_stock_journal_id = journal
        self.table.property_stock_production.valuation_account_id = making
        category.write(
            {
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": stock.id,
                "property_stock_journal": journal.id,
            }
        )

    def in_all_methods(self, story):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method=method):
                self.priced(method)
                story()

    def test_last_report(self):
        self.in_all_methods(
            lambda: self.assertAsIfNever(self.made(4, 11), [self.made(2, 10)])
        )

    def test_return(self):
        """Of a part and of all, before goods, after goods and after the end; also where
        others took from the FIFO stack before and after."""
        for quantity in (1, 3):
            for end in (False, True):

                def story(quantity=quantity, end=end):
                    before = [self.used(self.glue, 5), self.used(self.glue, 3)]
                    goods = [self.made(2, 10), self.made(1, 11, final=end)]
                    back = self.given_back(quantity)
                    self.assertAsIfNever(back, before, goods, order=self.order)
                    self.order = self.make_order(bom=self.order.bom_id)
                    self.lay_in(self.board, 9)
                    self.lay_in(self.glue, 9)
                    self.assertAsIfNever(back, [*before, *goods], order=self.order)

                self.in_all_methods(story)

    def given_back(self, quantity, **material):
        def step():
            line = {"materialDefinitionId": self.glue.default_code, **material}
            line["quantity"] = amount(quantity, "KGM")
            return self.tell(RETURNED, self.order, materials=[line], time=at(13))

        return step

    def test_report_with_goods_after_it(self):
        """Under FIFO what was taken later keeps the layers it took: Odoo values an
        issue once. The stock is worth its layers, whoever took which."""
        self.priced("average")
        self.assertAsIfNever(
            self.made(3, 10), [self.used(self.glue, 1)], [self.made(2, 11)]
        )

    def test_consumption_that_goods_were_made_of(self):
        self.in_all_methods(
            lambda: self.assertAsIfNever(
                self.used(self.glue, 2), [self.made(1, 8)], [self.made(2, 10)]
            )
        )

    def test_consumption_of_a_closed_order(self):
        self.in_all_methods(
            lambda: self.assertAsIfNever(
                self.used(self.glue, 2),
                [self.made(1, 8)],
                [self.made(2, 16, final=True)],
            )
        )

    def test_use_after_the_last_goods_of_a_closed_order(self):
        self.in_all_methods(
            lambda: self.assertAsIfNever(
                self.used(self.glue, 2),
                [self.made(2, 8)],
                [self.told_job(COMPLETED, 16, None)],
            )
        )

    def test_final_report_with_labour(self):
        self.in_all_methods(
            lambda: self.assertAsIfNever(
                self.made(2, 16, final=True),
                [
                    self.told_job(STARTED, 8),
                    self.told_job(COMPLETED, 9),
                    self.made(2, 10),
                    self.used(self.glue, 1),
                ],
            )
        )

    def test_report_with_labour_falls_to_the_next(self):
        self.priced("average")
        self.assertAsIfNever(
            self.made(2, 10),
            [self.told_job(STARTED, 8), self.told_job(COMPLETED, 9)],
            [self.made(2, 11)],
        )

    # -- lots with a value of their own ------------------------------------------------

    def priced_by_lot(self):
        """Of the glue, one lot at 2 and one at 30."""
        self.priced("average")
        lines, code = self.order.bom_id.bom_line_ids, f"{self.glue.default_code}-LV"
        values = {"categ_id": self.glue.categ_id.id, "lot_valuated": True}
        self.glue = self.make_product(code, self.kilo, tracking="lot", **values)
        self.priced_long_ago(self.glue)
        lines[1].product_id = self.glue
        self.order = self.make_order(bom=lines.bom_id)
        for name, price in (("LV-1", 2), ("LV-2", 30)):
            lot = {"name": name, "product_id": self.glue.id}
            self.receive(self.glue, 10, price, self.env["stock.lot"].create(lot))

    def used_of(self, *names):
        lots = [{"materialLotId": n, "quantity": amount(1, "KGM")} for n in names]
        return self.used(self.glue, len(names), lots=lots)

    def back_of(self, name):
        return self.given_back(1, lots=[{"materialLotId": name}])

    def test_return_of_one_of_two_lots(self):
        for name, other in (("LV-1", "LV-2"), ("LV-2", "LV-1")):
            with self.subTest(lot=name):
                self.priced_by_lot()
                expected = self.told([self.used_of(other), self.made(2, 11)])
                steps = [self.used_of("LV-1", "LV-2"), self.made(2, 11)]
                self.assertAsIfNever(self.back_of(name), steps, order=self.order)
                self.assertPosted(self.back_of(name)())
                self.assertWorld(expected)
                self.assertPosted(self.back_of(other)())
                self.assertEqual(self.of_glue(), [])

    def test_reversal_of_one_of_two_joined_lots(self):
        self.priced_by_lot()
        expected = self.told([self.used_of("LV-1"), self.made(2, 11)])
        code = self.order.mfg_job_order_id
        messages = [
            self.send(
                CONSUMED,
                {
                    "jobOrderId": code,
                    "materials": [
                        {
                            "materialDefinitionId": self.glue.default_code,
                            "quantity": amount(1, "KGM"),
                            "lots": [{"materialLotId": name}],
                        }
                    ],
                    "time": at(9),
                },
                subject=code,
            )
            for name in ("LV-1", "LV-2")
        ]
        self.drain()
        self.env.invalidate_all()
        self.assertPosted(*messages, self.made(2, 11)())
        self.assertEqual(self.of_glue(), [(2, 32)], "they were joined")
        self.assertReversed(messages[1])
        self.assertWorld(expected)

    def test_lots_without_value(self):
        """What a lot costs is no help where it costs nothing."""
        self.priced_by_lot()
        self.assertPosted(self.used_of("LV-1", "LV-2")())
        lots = self.env["stock.lot"].search([("product_id", "=", self.glue.id)])
        lots.with_context(disable_auto_revaluation=True).standard_price = 0
        self.assertPosted(self.back_of("LV-2")())
        self.assertEqual(self.of_glue(), [(1, 16)])

    def of_glue(self):
        return [
            (m.quantity, m.value)
            for m in self.order.move_raw_ids
            if m.product_id == self.glue and m.state == "done"
        ]

    # -- of an order that is closed, and open again ------------------------------------

    def complete(self):
        return self.told_job(COMPLETED, 16, None)()

    def assertAsIfNeither(self, before, wrong, after):
        """A report is taken back when the order has ended, and then its end is."""
        self.priced("average")
        expected = self.told([*before, *after])
        for step in before:
            self.assertPosted(step())
        original = wrong()
        for step in after:
            self.assertPosted(step())
        end = self.complete()
        self.assertPosted(original, end)
        self.assertReversed(original)
        self.assertEqual(self.order.state, "done")
        self.assertReversed(end)
        del expected["operations"]  # they stand as when the order ended
        self.assertWorld(expected)

    def test_what_came_late_is_borne_by_all_goods_that_are_left(self):
        self.priced("average")
        self.assertAsIfNever(
            self.made(2),
            [],
            [self.made(1), self.made(3), self.used(self.glue, 2), self.complete],
        )

    def test_goods_before_what_came_late(self):
        after = [self.made(2), self.used(self.glue, 2)]
        self.assertAsIfNeither([], self.made(2), after)

    def test_goods_after_which_nothing_came(self):
        before = [self.made(2), self.used(self.glue, 2)]
        self.assertAsIfNeither(before, self.made(2), [])

    def test_all_goods(self):
        self.priced("average")
        work = [self.told_job(STARTED, 8), self.told_job(COMPLETED, 9)]
        expected = self.told([*work, self.used(self.glue, 2), self.made(2, 11)])
        for step in work:
            step()
        original = self.made(2)()
        self.used(self.glue, 2)()
        end = self.complete()
        self.assertReversed(original)
        self.assertReversed(end)
        self.assertPosted(self.made(2, 11)())
        self.assertEqual(self.move_values(), expected["moves"])

    def test_what_the_end_posted_of_what_was_set_aside(self):
        self.priced("average")
        self.interface(CONSUMED).consumption = "staged"
        self.made(2)()
        before = self.seen_goods()
        self.used(self.glue, 2)()
        end = self.complete()
        self.assertNotEqual(self.seen_goods(), before)
        self.assertReversed(end)
        self.assertEqual(self.seen_goods(), before)

    def seen_goods(self):
        """What they are made of, and worth."""
        world = self.world()
        return world["genealogy"], world["value"][self.table.default_code]

    def test_books_follow(self):
        self.priced("average")
        self.value_in_real_time(self.table.categ_id)
        # goods and their components are even: what is in no goods yet is seen
        self.assertAsIfNever(
            self.made(3, 11), [self.made(2, 10)], [self.used(self.glue, 1)]
        )
        self.assertTrue(self.books())
        self.assertAsIfNever(self.used(self.glue, 2))
