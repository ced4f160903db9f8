# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import UTC, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .equipment_common import EquipmentCase, ago


@tagged("post_install", "-at_install")
class TestEquipmentPlanning(EquipmentCase):
    """What Odoo's planning and its charts see of a machine that is down."""

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()
        self.saw.resource_calendar_id = self.open_at(range(7))

    def open_at(self, days):
        """A calendar of whole days, Monday being 0, in UTC."""
        attendances = [
            Command.create(
                {
                    "name": f"Day {day}",
                    "dayofweek": str(day),
                    "hour_from": 0,
                    "hour_to": 24,
                    "day_period": "morning",
                }
            )
            for day in days
        ]
        values = {"name": "Open", "tz": "UTC", "attendance_ids": attendances}
        return self.env["resource.calendar"].create(values)

    # -- slots ---------------------------------------------------------------------

    def slot(self):
        """Minutes from now until the saw could begin work of ten minutes."""
        now = fields.Datetime.now()
        start, _end = self.saw._get_first_available_slot(now, 10)
        return round((start - now).total_seconds() / 60)

    def test_no_work_is_planned_into_a_downtime(self):
        self.assertEqual(self.slot(), 0)
        self.say("Held", ago(30))
        self.assertEqual(self.slot(), 60)
        self.saw.mfg_repair_hours = 3
        self.assertEqual(self.slot(), 180)
        order = self.make_order()
        order.button_plan()
        begin = order.workorder_ids[0].date_start - fields.Datetime.now()
        self.assertGreater(begin, timedelta(minutes=170))
        self.say("Execute", ago(1))
        self.assertEqual(self.slot(), 0)

    # -- charts --------------------------------------------------------------------

    def closed(self, resource=False, zone=None, since=-120, until=240):
        """Minutes from now, from and until which Odoo's chart shows the saw closed."""
        start, end = (
            (self.now + timedelta(minutes=m)).replace(tzinfo=zone)
            for m in (since, until)
        )
        if resource:
            found = self.saw.resource_id._get_unavailable_intervals(start, end)
            spans = found.get(self.saw.resource_id.id, [])
        else:
            spans = self.saw._get_unavailability_intervals(start, end)[self.saw.id]
        now = self.now.replace(tzinfo=UTC)
        minutes = [[(t - now).total_seconds() / 60 for t in span] for span in spans]
        # Odoo's days end a microsecond early
        return [(round(a), round(b)) for a, b in minutes if b - a > 0.001]

    def test_charts_show_it_closed_while_it_is_down(self):
        self.assertEqual(self.closed(), [])
        self.say("Held", ago(30))
        self.assertEqual(self.closed(), [(-30, 60)])
        self.assertEqual(self.closed(resource=True), [(-30, 60)])
        self.assertEqual(self.closed(zone=UTC), [(-30, 60)])
        self.assertEqual(self.closed(until=10), [(-30, 10)])
        self.saw.mfg_repair_hours = 2
        self.assertEqual(self.closed(), [(-30, 120)])

    def test_charts_show_when_it_was_down(self):
        self.stop(ago(100), ago(80))
        self.stop(ago(60), ago(50))
        self.assertEqual(self.closed(), [(-100, -80), (-60, -50)])
        self.assertEqual(self.closed(since=-70), [(-60, -50)])
        self.take_back(self.say("Held", ago(5)))
        self.assertEqual(self.closed(until=-90), [(-100, -90)])

    def test_closed_and_down_are_one(self):
        """Down from an hour before the end of a closed day until an hour after it."""
        midnight = self.now.replace(hour=0, minute=0, second=0) - timedelta(days=1)
        closed = (midnight - timedelta(days=1)).weekday()
        self.saw.resource_calendar_id = self.open_at({*range(7)} - {closed})
        end = round((self.now - midnight).total_seconds() / 60)
        self.stop(ago(end + 60), ago(end - 60))
        spans = self.closed(since=-end - 720, until=-end + 720)
        self.assertEqual(spans, [(-end - 720, -end + 60)])

    def test_a_machine_without_calendar(self):
        self.saw.resource_calendar_id = False
        self.saw.company_id.resource_calendar_id = False
        self.say("Held", ago(30))
        self.assertEqual(self.closed(), [(-30, 60)])

    def test_other_machines_are_as_they_were(self):
        self.say("Held", ago(30))
        start, end = self.now - timedelta(days=7), self.now
        found = self.bench._get_unavailability_intervals(start, end)
        resource = self.bench.resource_id
        calendar = self.bench.resource_calendar_id
        start, end = (moment.replace(tzinfo=UTC) for moment in (start, end))
        self.assertEqual(
            found[self.bench.id], calendar._unavailable_intervals(start, end, resource)
        )
