# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Machines that stand, and what they did in windows of time."""

from datetime import datetime, timedelta

import pytest
from factory import ago, amount, at
from world import at_once, problem

STATE = "mfg.equipment.statechanged.v1"
DOWNTIME = "mfg.equipment.downtime.v1"
TELEMETRY = "mfg.equipment.telemetry.v1"
OEE = "mfg.equipment.oee.v1"
FAILURE, STARVED = "mrp.block_reason1", "mrp.block_reason0"
LOSS = "mrp.workcenter.productivity.loss"


class Machine:
    """A machine at a work centre of its own, which works day and night."""

    def __init__(self, factory, endpoint, code):
        self.endpoint, self.world = endpoint, factory.world
        self.code, odoo = factory.code(code), factory.odoo
        hours = [
            (0, 0, {"name": "Day", "dayofweek": str(day), "hour_to": 24})
            for day in range(7)
        ]
        wanted = {"Around the clock": {"tz": "UTC", "attendance_ids": hours}}
        [calendar] = odoo.ensure("resource.calendar", "name", wanted).values()
        values = {"code": self.code, "resource_calendar_id": calendar}
        self.centre = factory.create("mrp.workcenter", name=code, **values)
        endpoint.map("loss", "Held", LOSS, odoo.xmlid(FAILURE))
        endpoint.map("loss", "E2", LOSS, odoo.xmlid(STARVED))

    def event(self, type_, **data):
        data = {"equipmentId": self.code, **data}
        return self.endpoint.event(data, type_, subject=self.code)

    def says(self, state, time):
        return self.event(STATE, state=state, startTime=time)

    def stops(self, start, end=None, reason="E2"):
        until = {"endTime": end} if end else {}
        return self.event(DOWNTIME, startTime=start, reasonCode=reason, **until)

    def losses(self):
        """(from, until, minutes that count) of January 31st, in the plant's time."""
        return self.world.rows(
            "SELECT to_char(date_start + interval '1 hour', 'HH24:MI'),"
            " to_char(date_end + interval '1 hour', 'HH24:MI'), duration"
            " FROM mrp_workcenter_productivity WHERE workcenter_id = %s"
            " AND mfg_equipment IS NOT NULL ORDER BY date_start, id",
            self.centre,
        )

    @property
    def state(self):
        here = [("id", "=", self.centre)]
        [row] = self.world.odoo.read("mrp.workcenter", here, "working_state")
        return row["working_state"]


def test_overlapping_late_and_unknown(world, endpoint, factory):
    """States and downtimes of one machine, late and out of order: each minute once."""
    saw = Machine(factory, endpoint, "SAW1")
    endpoint.configure(STATE, DOWNTIME, order_policy="continue")
    events = [
        saw.says("Held", at("08:00")),
        saw.says("Execute", at("09:00")),
        saw.stops(at("08:30"), at("09:30")),
        saw.stops(at("10:00"), at("10:20"), reason="E7"),
        saw.says("Execute", at("08:40")),  # late: it ran in between
        saw.stops(at("11:00"), at("10:50")),
    ]
    posted = ["posted"] * 3
    expected = [*posted, "unknown-reason", "posted", "time-invalid"]
    assert endpoint.deliver(*events) == expected
    assert saw.losses() == [("08:00", "08:40", 40), ("08:30", "09:30", 50)]
    endpoint.map("loss", "E7", LOSS, world.odoo.xmlid(FAILURE))
    world.wait_quiet(30)
    assert endpoint.outcome(events[3]) == "posted"
    assert saw.losses()[-1] == ("10:00", "10:20", 20)
    assert endpoint.deliver(endpoint.reversal(events[4])) == ["posted"]
    assert saw.losses()[:2] == [("08:00", "09:00", 60), ("08:30", "09:30", 30)]


def test_planning_sees_a_machine_that_is_down(world, endpoint, factory):
    """Until it runs again: nobody knows the end, an hour is expected."""
    press = Machine(factory, endpoint, "PRESS")
    product = factory.product("PLATE", factory.piece)
    recipe = factory.bill(product, {}, [("Press", press.centre, 1)])
    stop, run = press.stops(ago(30)), press.says("Execute", ago(1))
    assert endpoint.deliver(stop) == ["posted"]
    assert press.state == "blocked"
    assert planned(world, factory, recipe) > timedelta(minutes=55)
    assert endpoint.deliver(run) == ["posted"]
    assert press.state == "normal"
    [(_start, _end, minutes)] = press.losses()
    assert minutes == pytest.approx(29, abs=0.1)
    assert planned(world, factory, recipe) < timedelta(minutes=5)


def planned(world, factory, recipe):
    """How long from now Odoo's planning begins the operation of a new order."""
    order, _name = factory.order(1, recipe=recipe)
    world.odoo.call("mrp.production", "button_plan", [order])
    query = "SELECT date_start FROM mrp_workorder WHERE production_id = %s"
    start = world.value(query, order)
    world.odoo.call("mrp.production", "action_cancel", [order])
    return start - datetime.utcnow()


def window(start, end):
    return {"windowStart": at(start), "windowEnd": at(end), "shiftId": "Early"}


def reading(low, mean, high, count):
    return {"name": "Temp", "min": low, "mean": mean, "max": high, "count": count}


def test_windows_and_no_raw_streams(world, endpoint, factory):
    mill = Machine(factory, endpoint, "MILL")

    def oee(start, end, busy, production, made, good):
        return mill.event(
            OEE,
            **window(start, end),
            plannedBusyTime=amount(busy, "MIN"),
            actualProductionTime=amount(production, "MIN"),
            plannedRunTimePerItem=amount(30, "SEC"),
            producedQuantity=amount(made, "C62"),
            goodQuantity=amount(good, "C62"),
        )

    def telemetry(start, end, *values):
        return mill.event(TELEMETRY, **window(start, end), readings=[reading(*values)])

    endpoint.configure(OEE, TELEMETRY, order_policy="continue")
    events = [
        telemetry("06:00", "07:00", 10, 20, 40, 300),
        telemetry("07:00", "08:00", 5, 30, 35, 100),
        telemetry("07:30", "08:30", 5, 30, 35, 100),
        oee("06:00", "14:00", 450, 390, 740, 725),
        oee("14:00", "22:00", 450, 60, 100, 50),
    ]
    expected = ["posted", "posted", "window-overlap", "posted", "posted"]
    assert endpoint.deliver(*events) == expected
    here = [("workcenter_id", "=", mill.centre)]
    spec = ["minimum:min", "maximum:max", "mean:avg", "count:sum"]
    assert grouped(world, "mfg.equipment.reading", here, spec) == [5, 40, 22.5, 400]
    spec = ["availability:avg", "effectiveness:avg", "quality_ratio:avg", "oee:avg"]
    ratios = [450 / 9, 420 / 4.5, 775 / 8.4, 450 / 9 * 420 / 450 * 775 / 840]
    found = grouped(world, "mfg.equipment.window", here, spec)
    assert found == pytest.approx(ratios)
    for raw in (
        telemetry("09:00", "10:00", 20, 20, 20, 1),
        mill.event(
            TELEMETRY,
            windowStart=at("09:00"),
            windowEnd="2026-01-31T09:00:10+01:00",
            readings=[reading(1, 2, 3, 10)],
        ),
    ):
        answer = endpoint.post(raw)
        assert answer.status_code == 422
        assert problem(answer)["code"] == "raw-stream"
    assert grouped(world, "mfg.equipment.reading", here, ["__count"]) == [2]


def grouped(world, model, domain, aggregates):
    """What the pivot shows of all rows together."""
    [row] = world.odoo.call(model, "formatted_read_group", domain, [], aggregates)
    return [row[name] for name in aggregates]


def test_two_downtimes_at_the_same_moment(world, endpoint, factory):
    """Under different keys, which are posted side by side: a minute counts once."""
    lathe = Machine(factory, endpoint, "LATHE")
    for day in range(1, 5):
        hour = f"2026-02-0{day}T{{:02}}:0{{}}:00+01:00"
        events = [lathe.stops(hour.format(8, n), hour.format(9, n)) for n in range(4)]
        for event in events:
            event["subject"] = event["id"]
        answers = at_once(endpoint.post, events)
        assert {answer.status_code for answer in answers} == {202}
    world.wait_quiet(60)
    assert [(start, minutes) for start, _end, minutes in lathe.losses()] == [
        ("08:00", 60),
        ("08:01", 1),
        ("08:02", 1),
        ("08:03", 1),
    ] * 4
