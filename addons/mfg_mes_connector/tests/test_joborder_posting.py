# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What happened is no change of plan; what is planned after it, and beside it, is."""

import json

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools.json import json_default

from .common import STARTED, at
from .joborder_common import CHANGED, JoborderCase

ASPECTS = ("quantity", "dates", "components", "operations", "priority")


@tagged("post_install", "-at_install")
class TestJoborderPosting(JoborderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the form has the operations, too
        cls.env.user.group_ids += cls.env.ref("mrp.group_mrp_routings")

    def lock(self, *aspects):
        policies = {f"change_{aspect}": "locked" for aspect in aspects}
        self.interface(CHANGED).write(policies)

    def start(self, order):
        message = self.tell(STARTED, order, operationsSegmentId="Cut", time=at(8))
        self.assertPosted(message)
        self.commit()

    def make_by_hand(self, order, quantity):
        """Odoo's *Produce All* with a backorder; what it returns to the browser."""
        order.qty_producing = quantity
        order._set_qty_producing()
        action = order.with_context(
            skip_backorder=True, skip_consumption=True, mo_ids_to_backorder=order.ids
        ).button_mark_done()
        self.commit()
        return json.loads(json.dumps(action, default=json_default))

    def opened(self, action):
        """The order of an action, with the context that the browser goes on with."""
        orders = self.env["mrp.production"].with_context(**action["context"])
        return orders.browse(action["res_id"])

    def test_edits_of_the_backorder_that_odoo_opens_are_told(self):
        rest = self.opened(self.make_by_hand(self.make_order(), 4))
        self.assertEqual(rest.state, "confirmed")
        with Form(rest) as form:
            form.priority = "1"
        self.assertEqual(self.whats(self.only_change(rest)), {"/priority"})
        self.change_quantity(rest, 8)
        self.assertEqual(self.changed(rest)[-1]["quantity"]["value"], "12")

    def test_edits_of_the_backorder_that_odoo_opens_are_locked(self):
        self.lock("quantity")
        rest = self.opened(self.make_by_hand(self.make_order(), 4))
        self.start(rest)
        self.change_quantity(rest, 8)
        with self.assertRaisesRegex(UserError, "plant has started"):
            self.commit()
        self.env.cr.precommit.clear()

    def test_no_client_can_say_that_it_posts(self):
        order = self.make_order()
        for number, word in enumerate((True, "posting", 1, {"mfg": 1}), 1):
            order.with_context(mfg_posting=word).priority = str(number % 2)
            self.assertEqual(len(self.changed(order)), number)

    def test_counting_pieces_in_the_form_is_no_change(self):
        self.lock(*ASPECTS)
        for planned in (False, True):
            with self.subTest(planned=planned):
                order = self.make_order()
                if planned:
                    order.button_plan()
                    self.commit()
                told = len(self.changed(order))
                self.start(order)
                expected = order.workorder_ids.mapped("duration_expected")
                for pieces in (4, 6, 0):
                    with Form(order) as form:
                        form.qty_producing = pieces
                    self.assertEqual(len(self.changed(order)), told)
                    self.assertEqual(order.qty_producing, pieces)
                    self.assertEqual(
                        order.workorder_ids.mapped("duration_expected"), expected
                    )

    def test_a_duration_that_a_planner_gave_stays_when_pieces_are_counted(self):
        order = self.make_order()
        order.workorder_ids.sorted("id")[0].duration_expected = 90
        self.commit()
        with Form(order) as form:
            form.qty_producing = 4
            form.priority = "1"
        self.assertEqual(self.whats(self.changed(order)[-1]), {"/priority"})
        self.assertEqual(order.workorder_ids.sorted("id")[0].duration_expected, 90)

    def test_an_operation_added_in_the_form_gets_its_duration(self):
        order = self.make_order()
        self.saw.time_start = 7
        with Form(order) as form, form.workorder_ids.new() as line:
            line.name = "Polish"
            line.workcenter_id = self.saw
        added = order.workorder_ids.filtered(lambda w: w.name == "Polish")
        self.assertEqual(added.duration_expected, 7)
        self.assertIn("/segments/Polish", self.whats(self.only_change(order)))

    def test_what_is_made_by_hand_takes_the_time_of_what_is_made(self):
        """Odoo makes up the time nobody logged: for four pieces, not for ten."""
        order = self.make_order()
        self.assertEqual(order.workorder_ids.mapped("duration_expected"), [60, 60])
        rest = self.opened(self.make_by_hand(order, 4))
        self.assertEqual(order.workorder_ids.mapped("duration"), [24, 24])
        self.assertEqual(rest.workorder_ids.mapped("duration_expected"), [36, 36])
