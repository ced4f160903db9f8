# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Books follow the plant's day: not that in Greenwich, nor that of posting."""

from datetime import date

from odoo import fields
from odoo.tests import tagged

from .common import COMPLETED, CONSUMED, PAUSED, REPORTED, SCRAPPED, STARTED, amount
from .cost_common import CostCase

WEST, EAST = "America/Los_Angeles", "Asia/Shanghai"
# an evening shift in the west, an early one in the east: it is the other month in UTC
LATE = "2026-02-01T04:00:00Z"  # 31 January, 20:00
EARLY = "2026-01-31T22:00:00Z"  # 1 February, 06:00
JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 1)
ENDED = "2026-01-31T12:00:00Z"


@tagged("post_install", "-at_install")
class TestPostingDay(CostCase):
    def entries_of(self, *moves):
        return self.env["stock.move"].union(*moves).account_move_id

    def lock(self, day):
        self.env.company.sudo().fiscalyear_lock_date = day

    def made(self, world):
        return world.order.move_finished_ids.filtered(lambda m: m.state == "done")

    def produce(self, tz, time, world=None):
        """One piece, made at a time by a plant in a time zone; message and world."""
        self.endpoint.tz = tz
        world = world or self.make_world("average", work=False)
        return self.report(world.order, 1, backflush="auto", time=time), world

    def test_an_evening_in_the_west_is_of_its_month(self):
        message, world = self.produce(WEST, LATE)
        self.assertPosted(message)
        moves = self.made(world) | world.order.move_raw_ids
        moves = moves.filtered(lambda m: m.state == "done")
        self.assertEqual(len(moves), 3)
        self.assertEqual(set(self.entries_of(moves).mapped("date")), {JANUARY})
        self.assertEqual(
            set(moves.mapped("date")),
            {fields.Datetime.to_datetime(LATE.replace("T", " ").rstrip("Z"))},
        )

    def test_a_morning_in_the_east_is_of_its_month(self):
        message, world = self.produce(EAST, EARLY)
        self.assertPosted(message)
        self.assertEqual(self.entries_of(self.made(world)).date, FEBRUARY)

    def test_a_closed_month_is_the_plants(self):
        self.lock(JANUARY)
        early, _world = self.produce(EAST, EARLY)
        self.assertPosted(early)
        late, _world = self.produce(WEST, LATE)
        self.assertParked(late, "period-closed")

    def test_a_plant_is_where_its_company_works(self):
        self.env.company.resource_calendar_id.tz = EAST
        endpoint = self.make_endpoint("East", self.env.company, types=[REPORTED])
        self.assertEqual(endpoint.tz, EAST)
        endpoint.tz = WEST
        self.assertEqual(endpoint._service_env().context["tz"], WEST)

    def queue(self, world, *times):
        code = world.order.mfg_job_order_id
        for time in times:
            data = {
                "jobOrderId": code,
                "quantity": amount(1),
                "backflush": "auto",
                "time": time,
            }
            self.send(REPORTED, data, subject=code)
        self.drain()

    def test_reports_join_by_the_plants_day(self):
        self.endpoint.tz = WEST
        world = self.make_world("average", work=False)
        self.queue(world, "2026-01-31T23:00:00Z", LATE)
        self.assertEqual(len(self.made(world).filtered("quantity")), 1)
        world = self.make_world("average", work=False)
        self.queue(world, "2026-02-01T07:00:00Z", "2026-02-01T09:00:00Z")
        days = self.entries_of(self.made(world)).mapped("date")
        self.assertEqual(sorted(days), [JANUARY, FEBRUARY])

    def test_consumption_joins_by_the_plants_day(self):
        self.endpoint.tz = EAST
        world = self.make_world("average", work=False)
        code = world.order.mfg_job_order_id
        for time in (
            "2026-01-31T15:00:00Z",
            "2026-01-31T17:00:00Z",
            "2026-02-01T15:00:00Z",
        ):
            line = {
                "materialDefinitionId": world.plank.default_code,
                "quantity": amount(1),
            }
            data = {"jobOrderId": code, "materials": [line], "time": time}
            self.send(CONSUMED, data, subject=code)
        self.drain()
        used = world.order.move_raw_ids.filtered(
            lambda m: m.state == "done" and m.product_id == world.plank
        )
        self.assertEqual(sorted(used.mapped("quantity")), [1, 2])
        days = {move.quantity: move.account_move_id.date for move in used}
        self.assertEqual(days, {1: JANUARY, 2: FEBRUARY})

    # -- what is posted later than it was ----------------------------------------------

    def test_scrap_is_of_its_day(self):
        self.endpoint.tz = "UTC"
        world = self.make_world("average", work=False)
        code = world.plank.default_code
        location = self.env["mfg.handler.production.scrapped"]._scrap_location(
            self.env.company
        )
        location.valuation_account_id = self.work_account
        scrap = {"quantity": amount(2), "materialDefinitionId": code}
        message = self.tell(
            SCRAPPED, world.order, reasonCode="BAD", time=ENDED, **scrap
        )
        self.assertPosted(message)
        done = self.env["stock.scrap"].search([("production_id", "=", world.order.id)])
        self.assertEqual(
            done.move_ids.date, fields.Datetime.to_datetime("2026-01-31 12:00:00")
        )
        self.assertEqual(done.date_done, done.move_ids.date)
        self.assertEqual(done.move_ids.account_move_id.date, JANUARY)
        self.lock(JANUARY)
        closed = self.tell(SCRAPPED, world.order, reasonCode="BAD", time=ENDED, **scrap)
        self.assertParked(closed, "period-closed")

    def balance(self, until):
        """Of the production account, as a month's books show it."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.made_account.id),
                ("date", "<=", until),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_late_cost_is_of_the_month_that_ended_the_order(self):
        world = self.make_world("average", work=True)
        self.assertPosted(
            self.tell(STARTED, world.order, time="2026-01-31T08:00:00Z"),
            self.report(world.order, 4, backflush="auto", time="2026-01-31T09:00:00Z"),
            self.tell(PAUSED, world.order, time="2026-01-31T10:00:00Z"),
        )
        line = {
            "materialDefinitionId": world.plank.default_code,
            "quantity": amount(3),
        }
        late = {"materials": [line], "time": "2026-01-31T11:00:00Z"}
        self.assertPosted(self.tell(CONSUMED, world.order, **late))
        self.assertNotEqual(self.balance(JANUARY), 0)
        end = self.tell(COMPLETED, world.order, final=True, time=ENDED)
        self.assertPosted(end)
        self.assertEqual(world.order.state, "done")
        self.assertEqual(self.balance(JANUARY), 0)
        labour = world.order.workorder_ids.time_ids.account_move_line_id.move_id
        self.assertEqual((labour.date, labour.state), (JANUARY, "posted"))
        self.assertTrue(labour.name)

    def test_a_rest_is_of_the_day_it_was_used(self):
        self.interface(REPORTED).shortage = "wait"
        world = self.make_world("average", work=False)
        scarce = self.make_product("SCARCE", categ_id=self.categories["average"].id)
        self.receive(scarce, 1, 8.0)
        bom = self.make_bom(world.product, [(scarce, 1, False)], operations=())
        order = self.make_order(2, bom)
        message = self.report(order, 2, backflush="auto", final=True, time=ENDED)
        self.assertPosted(message)
        self.assertEqual(self.balance(JANUARY), 0)
        self.receive(scarce, 5, 8.0)
        message.rest_ids._retry("It is there")
        self.drain()
        self.assertPosted(message.rest_ids)
        self.assertEqual(self.balance(JANUARY), 0)
        self.assertEqual(sum(self.made_of(order, scarce).mapped("value")), 16.0)

    def made_of(self, order, product):
        return order.move_raw_ids.filtered(
            lambda m: m.state == "done" and m.product_id == product
        )
