# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import timedelta

from odoo.tests import tagged

from .common import CONSUMED, PAUSED, STARTED
from .cost_common import METHODS, CostCase
from .labor_common import LABOR

REVERSED = "mfg.event.reversed.v1"


@tagged("post_install", "-at_install")
class TestLaborReversedCost(CostCase):
    """Labour taken back after its goods were posted: their value is what Odoo gives to
    an order that never had it."""

    def in_all_methods(self, story):
        for method in METHODS:
            with self.subTest(method=method):
                story(self.make_world(method), self.make_world(method))

    def worked(self, world, start, minutes):
        """Labour reported, from ``start`` minutes after the clock on."""
        begun = self.clock + timedelta(minutes=start)
        times = {
            "startTime": self.stamp(begun),
            "endTime": self.stamp(begun + timedelta(minutes=minutes)),
        }
        message = self.tell(LABOR, world.order, operationsSegmentId="Cut", **times)
        self.assertPosted(message)
        return message

    def worked_by_hand(self, order, start, minutes):
        self.work_by_hand(order, self.clock + timedelta(minutes=start), minutes)

    def undo(self, *messages):
        for message in messages:
            data = {"eventId": message.event_id, "reason": "Wrong card"}
            undone = self.post(REVERSED, data, subject=f"undo {message.event_id}")
            self.assertPosted(undone)
        self.env.invalidate_all()

    # where nobody worked at all Odoo would make labour up: somebody always did

    def first(self, world):
        """Goods of the first report."""
        self.worked(world, 100, 5)
        self.use(world, 9, 2.25)
        self.make(world, 4)

    def second(self, world):
        self.worked(world, 110, 5)
        self.use(world, 13, 3.5)
        self.make(world, 6, final=True)

    def by_buttons(self, world, *spans):
        """The same by Odoo's buttons.

        :param spans: (start, minutes) of the work for each of the two parts
        """
        order = world.order
        parts = ((100, 4, 9, 2.25), (110, 6, 13, 3.5))
        for span, (base, *part) in zip(spans, parts, strict=False):
            for start, minutes in [*span, (base, 5)]:
                self.worked_by_hand(order, start, minutes)
            order = self.by_hand(order, world, *part)

    def assertAlike(self, ours, theirs):
        self.assertEqual(self.goods(ours), self.goods(theirs))
        self.assertEqual(self.picture(ours), self.picture(theirs))

    def test_before_the_next_goods(self):
        def story(ours, theirs):
            message = self.worked(ours, 0, 20)
            self.worked(ours, 30, 15)
            self.first(ours)
            self.undo(message)
            self.worked(ours, 60, 35)
            self.second(ours)
            self.by_buttons(theirs, [(30, 15)], [(60, 35)])
            self.assertAlike(ours, theirs)

        self.in_all_methods(story)

    def test_at_once(self):
        """Not only with the next goods: stock is right as soon as it is taken back."""

        def story(ours, theirs):
            message = self.worked(ours, 0, 20)
            self.first(ours)
            before = self.goods(ours)
            self.undo(message)
            self.by_buttons(theirs, [])
            self.assertEqual(self.goods(ours), self.goods(theirs))
            changed = [was - 20 for was in before]
            fixed = ours.product.cost_method == "standard"
            self.assertEqual(self.goods(ours), before if fixed else changed)
            self.assertEqual(
                (ours.product.standard_price, ours.product.total_value),
                (theirs.product.standard_price, theirs.product.total_value),
            )

        self.in_all_methods(story)

    def test_after_all_goods(self):
        def story(ours, theirs):
            self.worked(ours, 0, 20)
            self.first(ours)
            message = self.worked(ours, 30, 15)
            self.worked(ours, 110, 5)
            self.use(ours, 13, 3.5)
            self.make(ours, 6)
            self.undo(message)
            self.end(ours)
            self.by_buttons(theirs, [(0, 20)], [])
            self.assertAlike(ours, theirs)

        self.in_all_methods(story)

    def test_who_worked_beside_it_costs_what_both_had(self):
        """Odoo costs the time of an operation, however many work there."""

        def story(ours, theirs):
            message = self.worked(ours, 0, 30)
            self.first(ours)
            self.worked(ours, 10, 40)
            self.worked(ours, 110, 5)
            self.use(ours, 13, 3.5)
            self.make(ours, 6)
            self.undo(message)
            self.end(ours)
            self.by_buttons(theirs, [], [(10, 40)])
            self.assertAlike(ours, theirs)

        self.in_all_methods(story)

    def test_goods_it_was_for_are_gone(self):
        """Their labour was in the goods after them by then."""

        def story(ours, theirs):
            message = self.worked(ours, 0, 20)
            self.use(ours, 9, 2.25)
            report = self.report(ours.order, 4, backflush="never", time=self.stamp())
            self.worked(ours, 30, 15)
            self.use(ours, 13, 3.5)
            self.make(ours, 10 - 4)
            self.undo(report, message)
            self.worked(ours, 50, 10)
            self.use(ours, 2, 1)
            self.make(ours, 4)
            self.end(ours)
            self.worked_by_hand(theirs.order, 30, 15)
            rest = self.by_hand(theirs.order, theirs, 6, 22, 5.75)
            self.worked_by_hand(rest, 50, 10)
            self.by_hand(rest, theirs, 4, 2, 1)
            self.assertAlike(ours, theirs)

        self.in_all_methods(story)

    def test_a_pause_that_was_none(self):
        """The work goes on: it is in the goods that are made when it has ended."""

        def story(ours, theirs):
            self.assertPosted(
                self.tell(STARTED, ours.order, time=self.stamp(self.clock))
            )
            later = self.clock + timedelta(minutes=20)
            paused = self.tell(PAUSED, ours.order, time=self.stamp(later))
            self.first(ours)
            self.undo(paused)
            later = self.clock + timedelta(minutes=50)
            self.assertPosted(self.tell(PAUSED, ours.order, time=self.stamp(later)))
            self.second(ours)
            self.by_buttons(theirs, [], [(0, 50)])
            self.assertAlike(ours, theirs)

        self.in_all_methods(story)

    def test_by_products_have_their_share_of_it(self):
        for method in ("average", "fifo"):
            with self.subTest(method=method):
                ours = self.make_world(method, share=20)
                theirs = self.make_world(method, share=20)
                message = self.worked(ours, 0, 20)
                self.worked(ours, 100, 5)
                self.use(ours, 9, 2.25)
                self.make(ours, 4, waste=2)
                self.undo(message)
                self.worked_by_hand(theirs.order, 100, 5)
                self.by_hand(theirs.order, theirs, 4, 9, 2.25, waste=2)
                self.assertEqual(self.goods(ours), self.goods(theirs))
                self.assertEqual(
                    self.goods(ours, ours.waste), self.goods(theirs, theirs.waste)
                )

    def test_goods_that_left_keep_their_cost(self):
        """Odoo values an issue once; what is left is right."""
        for method in ("average", "fifo"):
            with self.subTest(method=method):
                ours, theirs = self.make_world(method), self.make_world(method)
                message = self.worked(ours, 0, 20)
                self.first(ours)
                sold = self.deliver(ours.product, 1)
                cost = sold.value
                self.undo(message)
                self.by_buttons(theirs, [])
                self.deliver(theirs.product, 1)
                self.assertEqual(self.goods(ours), self.goods(theirs))
                self.assertEqual(sold.value, cost)
                self.assertEqual(ours.product.total_value, theirs.product.total_value)

    def deliver(self, product, quantity):
        customers = self.env.ref("stock.stock_location_customers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom": product.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": self.stock.id,
                "location_dest_id": customers.id,
            }
        )
        move._action_confirm()
        move.write({"quantity": quantity, "picked": True})
        move._action_done()
        return move

    def test_set_aside(self):
        self.interface(CONSUMED).consumption = "staged"
        self.test_before_the_next_goods()
