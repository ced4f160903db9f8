# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant counted against what Odoo has: found, named, corrected, once."""

import xmlrpc.client
from datetime import datetime, timedelta

import pytest
from factory import LABOR, REPORTED, Story, amount, at, pieces
from world import at_once

SNAPSHOT = "mfg.snapshot.reported.v1"
REQUESTED = "mfg.snapshot.requested.v1"
RAW, GOODS = "raw_material_production_id", "production_id"
GROUP = "mfg_integration_base.group_mfg_"


class Count(Story):
    """A plant that keeps count of an order, and loses and repeats events."""

    def __init__(self, factory, endpoint):
        self.order, name = factory.order()
        super().__init__(factory, endpoint, name)

    def add(self, type_, **data):
        event = super().add(type_, **data)
        del event["sequence"]  # this plant does not number
        return event

    def repeated(self, event):
        return {**event, "id": f"{event['id']}-again"}

    def counted(self, made, time="18:00", state="Running", **data):
        """The snapshot; it is no event of the order that is counted."""
        data = {
            "jobOrderId": self.name,
            "asOf": at(time),
            "produced": pieces(made),
            "state": state,
            "events": [{"eventId": e["id"], "type": e["type"]} for e in self.events],
            **data,
        }
        return self.endpoint.event(data, SNAPSHOT, subject=self.name)

    # -- what Odoo says of it ----------------------------------------------------------

    @property
    def found(self):
        [row] = self.endpoint.world.odoo.read(
            "mfg.reconciliation",
            [("order_id", "=", self.order), ("kind", "=", "snapshot")],
            "state",
            limit=1,
        )
        return row

    def lines(self):
        """(what, product) -> (difference, cause, state) of the newest comparison."""
        rows = self.endpoint.world.odoo.read(
            "mfg.reconciliation.line",
            [("reconciliation_id", "=", self.found["id"])],
            *("what", "product_id", "difference", "cause", "state"),
        )
        return {
            (row["what"], (row["product_id"] or [0])[0]): (
                round(row["difference"], 4),
                row["cause"],
                row["state"],
            )
            for row in rows
        }

    def decide(self, person, action="correct", reason="Counted together"):
        """By the dialog of the buttons."""
        self.press(person, self.lines_ids(), action, reason)

    def lines_ids(self):
        chosen = [("id", "=", self.found["id"])]
        [row] = self.endpoint.world.odoo.read("mfg.reconciliation", chosen, "line_ids")
        return row["line_ids"]

    def press(self, person, ids, action="correct", reason="Counted together"):
        values = {"line_ids": [(6, 0, ids)]}
        values |= {"action": action, "reason": reason}
        wizard = person.call("mfg.reconciliation.decide", "create", [values])
        person.call("mfg.reconciliation.decide", "action_apply", wizard)

    def made(self):
        return self.factory.moved(self.order, GOODS, self.factory.table)

    def used(self, product):
        return round(self.factory.moved(self.order, RAW, product), 4)


@pytest.fixture
def manager(world):
    return world.user("reconciler", f"{GROUP}manager")


def seeded(factory, endpoint):
    """4 made, 3 lost, 2 sent twice; half a kilo of glue lost: what is told of it."""
    count = Count(factory, endpoint)
    glue = count.use("GLUE", "0.5", "KGM", "08:30")
    first = count.make(4, "09:00")
    count.make(3, "10:00")  # it never leaves the plant
    twice = count.make(1, "11:00")
    sent = [glue, first, twice, count.repeated(twice)]
    count.use("GLUE", "0.5", "KGM", "10:30")  # nor does this
    assert endpoint.deliver(*sent) == ["posted"] * 4
    plank = {"materialDefinitionId": factory.code("PLANK"), "quantity": pieces(32)}
    return count, {"consumed": [factory.used("GLUE", 1, "KGM"), plank]}


def test_lost_and_repeated_events(world, endpoint, factory, manager):
    """Found, named, refused to an operator, corrected by a manager, once."""
    count, told = seeded(factory, endpoint)
    assert endpoint.deliver(count.counted(8, **told)) == ["posted"]
    lines = count.lines()
    assert lines["produced", factory.table] == (2, "missing", "open")
    assert lines["consumed", factory.glue] == (0.5, "missing", "open")
    assert lines["consumed", factory.plank][0] == 8
    operator = world.user("operator", f"{GROUP}operator")
    with pytest.raises(xmlrpc.client.Fault, match="ask a manager"):
        count.decide(operator)
    assert {line[2] for line in count.lines().values()} == {"open"}
    before = count.made()
    assert before == 6
    count.decide(manager)
    world.wait_quiet(60)
    assert count.found["state"] == "corrected", count.lines()
    assert endpoint.deliver(count.counted(8, "19:00", **told)) == ["posted"]
    assert count.found["state"] == "matched", count.lines()
    assert count.made() == 8
    assert (count.used(factory.plank), count.used(factory.glue)) == (32, 1)
    sources = world.rows(
        "SELECT DISTINCT source FROM mfg_message WHERE endpoint_id = %s"
        " AND source LIKE 'urn:odoo:%%:reconciliation' AND state = 'posted'",
        endpoint.id,
    )
    assert len(sources) == 1


# -- all four causes, each in a figure of its own -------------------------------------


def all_causes(world, endpoint, factory):
    """Glue lost, goods sent twice, labour edited by a planner, scrap after the count.

    :return: the plant's count, what it tells, and the event that never came
    """
    count = Count(factory, endpoint)
    hours = {"startTime": at("08:00"), "endTime": at("09:00")}
    labour = count.add(LABOR, operationsSegmentId="Cut", **hours)
    first = count.use("GLUE", "0.4", "KGM", "08:30")
    goods = count.make(4, "09:00")
    lost = count.use("GLUE", "0.5", "KGM", "10:30")
    scrap = count.scrap(1, "19:00")  # its clock is ahead of the plant's own count
    sent = [labour, first, goods, count.repeated(goods), scrap]
    assert endpoint.deliver(*sent) == ["posted"] * 5
    shorten_labour(world, count.order)
    told = {
        "scrapped": pieces(1),
        "consumed": [
            factory.used("GLUE", "0.9", "KGM"),
            factory.used("PLANK", 16),
        ],
        "labour": [{"operationsSegmentId": "Cut", "duration": amount(60, "MIN")}],
        "scrappedMaterials": [],
        "byProducts": [],
    }
    return count, told, lost


def shorten_labour(world, order):
    """A planner takes a quarter of an hour off."""
    [row] = world.odoo.read(
        "mrp.workcenter.productivity", [("production_id", "=", order)], "date_start"
    )
    start = datetime.fromisoformat(row["date_start"])
    values = {"date_end": str(start + timedelta(minutes=45))}
    world.odoo.call("mrp.workcenter.productivity", "write", [row["id"]], values)


def totals(factory, count):
    """What Odoo has of the order."""
    minutes = factory.operations(count.order)["Cut"][4]
    components = count.used(factory.plank), count.used(factory.glue)
    return count.made(), *components, factory.scrapped(count.order), minutes


def corrections(world, endpoint):
    return world.rows(
        "SELECT event_id, state FROM mfg_message WHERE endpoint_id = %s"
        " AND source LIKE 'urn:odoo:%%:reconciliation' ORDER BY id",
        endpoint.id,
    )


def test_missing_doubled_changed_and_late(world, endpoint, factory, manager):
    """All found, each named by its cause; healed twice, by two at once and once more,
    without a second effect."""
    count, told, lost = all_causes(world, endpoint, factory)
    assert endpoint.deliver(count.counted(4, **told)) == ["posted"]
    assert count.lines() == {
        ("consumed", factory.glue): (0.5, "missing", "open"),
        ("produced", factory.table): (-4, "doubled", "open"),
        ("consumed", factory.plank): (-16, "doubled", "open"),
        ("labour", 0): (15, "changed", "open"),
        ("scrapped", factory.table): (1, "late", "open"),
    }
    assert totals(factory, count) == (8, 32, 0.4, 1, 45)
    chosen = count.lines_ids()
    others = [manager, world.user("another", f"{GROUP}manager")]

    def press(person):
        try:
            return count.press(person, chosen)
        except xmlrpc.client.Fault as fault:
            return fault.faultString

    at_once(press, others)
    world.wait_quiet(60)
    healed = (4, 16, 0.9, 1, 60)
    assert totals(factory, count) == healed, count.lines()
    once = corrections(world, endpoint)
    assert {state for _event, state in once} == {"posted"}
    assert len(once) == 3  # glue and labour told, the repeated report taken back
    assert "none of these" in press(manager)
    world.wait_quiet(60)
    assert (totals(factory, count), corrections(world, endpoint)) == (healed, once)
    assert endpoint.deliver(count.counted(4, "20:00", **told)) == ["posted"]
    assert count.found["state"] == "corrected", count.lines()  # nothing is late now
    # the lost one comes after all: its correction is doubled, and goes
    assert endpoint.deliver(lost) == ["posted"]
    assert count.used(factory.glue) == 1.4
    assert endpoint.deliver(count.counted(4, "21:00", **told)) == ["posted"]
    glue = {("consumed", factory.glue): (-0.5, "doubled", "open")}
    assert count.lines() == glue
    count.decide(manager)
    world.wait_quiet(60)
    assert totals(factory, count) == healed
    assert endpoint.deliver(count.counted(4, "22:00", **told)) == ["posted"]
    assert count.found["state"] == "matched", count.lines()


def test_what_has_come_since_is_not_corrected(world, endpoint, factory, manager):
    """A person's page is older than the lost event's arrival."""
    count = Count(factory, endpoint)
    lost = count.make(3, "09:00", materials=[factory.used("GLUE", "0.3", "KGM")])
    assert endpoint.deliver(count.counted(3)) == ["posted"]
    assert endpoint.deliver(lost) == ["posted"]
    with pytest.raises(xmlrpc.client.Fault, match="Compare Again"):
        count.decide(manager)
    world.wait_quiet(60)
    assert (count.made(), corrections(world, endpoint)) == (3, [])
    manager.call("mfg.reconciliation", "action_compare", [count.found["id"]])
    assert count.found["state"] == "matched", count.lines()


def test_two_people_at_once(world, endpoint, factory, manager):
    """Both press the button: one correction, and the other is told."""
    count = Count(factory, endpoint)
    count.make(3, materials=[factory.used("GLUE", "0.3", "KGM")])
    assert endpoint.deliver(count.counted(3)) == ["posted"]
    other = world.user("another", f"{GROUP}manager")
    chosen = count.lines_ids()

    def press(person):
        try:
            return count.press(person, chosen)
        except xmlrpc.client.Fault as fault:
            return fault.faultString

    answers = at_once(press, [manager, other])
    world.wait_quiet(60)
    assert count.made() == 3, answers
    assert count.found["state"] == "corrected"
    corrections = world.value(
        "SELECT count(*) FROM mfg_message WHERE endpoint_id = %s AND type = %s",
        endpoint.id,
        REPORTED,
    )
    assert corrections == 1


def test_what_is_parked_is_said_and_not_posted_twice(world, endpoint, factory):
    """The snapshot waits behind nobody; once the message is settled it matches."""
    count = Count(factory, endpoint)
    report = count.make(3, unit="CRATE")
    held = count.make(1, materials=[factory.used("GLUE", "0.1", "KGM")])
    assert endpoint.deliver(report, held) == ["unknown-unit", "waiting"]
    snapshot = count.counted(1)
    assert endpoint.deliver(snapshot) == ["posted"]
    assert count.lines()["produced", factory.table] == (1, "waiting", "open")
    with pytest.raises(xmlrpc.client.Fault):
        count.decide(world.odoo)
    endpoint.decide("cancel", report)
    world.wait_quiet(60)
    world.odoo.call("mfg.reconciliation", "action_compare", [count.found["id"]])
    assert count.found["state"] == "matched"


def test_odoo_asks_and_the_plant_answers(world, endpoint, factory):
    """A pull from the plant: the request is in its outbox."""
    count = Count(factory, endpoint)
    count.make(4, materials=[factory.used("GLUE", "0.4", "KGM")])
    assert endpoint.deliver(*count.events) == ["posted"]
    assert endpoint.deliver(count.counted(5)) == ["posted"]
    endpoint.drain_outbox()
    world.odoo.call("mfg.reconciliation", "action_request", [count.found["id"]])
    [request] = [e for e in endpoint.drain_outbox() if e["type"] == REQUESTED]
    assert request["data"]["jobOrderIds"] == [count.name]
    answer = count.counted(4, "19:00")
    answer["correlationid"] = request["id"]
    assert endpoint.deliver(answer) == ["posted"]
    assert count.found["state"] == "matched"


def test_an_order_that_is_over(world, endpoint, factory, manager):
    """It is reopened for what is missing, and ended again."""
    count = Count(factory, endpoint)
    glue = {"materials": [factory.used("GLUE", "0.9", "KGM")]}
    count.make(4, "09:00", **glue)
    assert endpoint.deliver(*count.events) == ["posted"]
    count.make(3, "10:00")
    final = count.make(2, "11:00", final=True)
    assert endpoint.deliver(final) == ["posted"]
    assert endpoint.deliver(count.counted(9, state="Completed")) == ["posted"]
    count.decide(manager)
    world.wait_quiet(60)
    assert (factory.state(count.order), count.made()) == ("done", 9)
    assert count.found["state"] == "corrected", count.lines()


def test_what_the_contract_refuses(endpoint, factory):
    """At the door, with the field; and parked where Odoo knows no such order."""
    count = Count(factory, endpoint)
    wrong = count.counted(1)
    wrong["data"]["state"] = "Lost"
    answer = endpoint.post(wrong)
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.json()["error"]["errors"]]
    assert pointers == ["/data/state"]
    unknown = count.counted(1)
    unknown["data"]["jobOrderId"] = "NO/SUCH"
    assert endpoint.deliver(unknown) == ["unknown-order"]
    used = {"materialDefinitionId": factory.code("GLUE"), "quantity": pieces(1)}
    assert endpoint.deliver(count.counted(0, consumed=[used])) == ["unit-mismatch"]
