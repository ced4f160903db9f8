# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tests import tagged

from .common import COMPLETED, CONSUMED, SCRAPPED, amount, at
from .reversal_common import ReversalCase


@tagged("post_install", "-at_install")
class TestReversalOfConsumption(ReversalCase):
    def test_alone(self):
        self.assertAsIfNever(self.used(self.glue, 2))
        self.assertEqual(self.order.state, "confirmed")

    def test_in_another_unit_and_beside_others(self):
        self.assertAsIfNever(
            self.used(self.glue, 1250, "GRM"),
            [self.used(self.glue, 1)],
            [self.used(self.glue, 2)],
        )

    def test_more_than_planned(self):
        self.assertAsIfNever(
            self.used(self.glue, 4),
            [self.used(self.glue, 3)],
            [self.used(self.glue, 2)],
        )

    def test_beyond_the_bill_of_materials(self):
        nail = self.make_product("NAIL", stock=10)
        self.assertAsIfNever(self.used(nail, 4, "C62"), [self.made(1)])
        self.assertEqual(self.on_hand(nail), 10)

    def test_goods_were_made_of_it(self):
        self.assertAsIfNever(
            self.used(self.glue, 2),
            [self.made(1, 8)],
            [self.made(4, 10), self.used(self.glue, 1), self.made(2, 11)],
        )

    def test_final_component_goes_on(self):
        self.assertAsIfNever(
            self.used(self.glue, 1, final=True), [self.used(self.glue, 2)]
        )
        self.assertPosted(self.used(self.glue, 2)())

    def test_the_component_is_backflushed_again(self):
        self.assertReversed(self.used(self.board, 3, "C62")())
        self.assertPosted(self.made(4)())
        self.assertEqual(self.on_hand(self.board), 96)

    def test_another_report_still_tells_the_component(self):
        wrong = self.used(self.board, 3, "C62")()
        self.used(self.board, 1, "C62")()
        self.assertReversed(wrong)
        self.assertPosted(self.made(4)())
        self.assertEqual(self.on_hand(self.board), 99)

    def test_residues(self):
        self.assertAsIfNever(
            self.used(self.glue, 4, "GRM"), [self.used(self.glue, 3, "GRM")]
        )

    def test_staged(self):
        self.interface(CONSUMED).consumption = "staged"
        self.assertAsIfNever(self.used(self.glue, 1), [self.used(self.glue, 2)])

    def test_of_a_closed_order(self):
        self.assertAsIfNever(
            self.used(self.glue, 2), [self.made(4, 8)], [self.made(6, 16, final=True)]
        )

    def test_used_after_the_last_goods_of_a_closed_order(self):
        self.assertAsIfNever(
            self.used(self.glue, 2),
            [self.made(4, 8)],
            [self.told_job(COMPLETED, 16, None)],
        )

    def test_from_shelves(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        nail = self.make_product("NAIL", stock=2)
        self.lay_in(nail, 5, location=shelf)
        self.assertAsIfNever(self.used(nail, 6, "C62"))
        self.assertEqual((self.on_hand(nail, shelf), self.on_hand(nail)), (5, 7))


@tagged("post_install", "-at_install")
class TestReversalOfScrap(ReversalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.scrap.reason.tag"].create({"name": "SCRATCH"})

    def scrap(self, quantity, unit="C62", **data):
        return lambda: self.tell(
            SCRAPPED,
            self.order,
            quantity=amount(quantity, unit),
            reasonCode="SCRATCH",
            time=at(11),
            **data,
        )

    def test_work_in_progress(self):
        self.assertAsIfNever(self.scrap(2), [self.made(4)], [self.made(1, 12)])

    def test_component(self):
        self.order.action_assign()
        self.assertAsIfNever(self.scrap(500, "GRM", materialDefinitionId="GLUE"))

    def test_goods_of_a_closed_order(self):
        self.assertAsIfNever(self.scrap(3), [self.made(10, final=True)])

    def test_the_only_event(self):
        self.assertAsIfNever(self.scrap(2))
        self.assertEqual(self.order.state, "confirmed")
