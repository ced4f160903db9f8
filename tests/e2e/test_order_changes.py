# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An order is planned anew after its release: told, answered, and reported on.

The planner works in Odoo, over its external API; the plant pulls and answers.
"""

import xmlrpc.client

import pytest
from factory import STARTED, Story, ago, amount, at, pieces
from world import ACKNOWLEDGED

CHANGED = "mfg.joborder.changed.v1"
RELEASED = "mfg.joborder.released.v1"
CANCELLED = "mfg.joborder.cancelled.v1"
REFUSED = "mfg.joborder.refused.v1"
REPORTED = "mfg.production.reported.v1"
STANDING = "mfg_version", "mfg_plant_version", "mfg_plant_state"


class Desk:
    """One order, as its planner and its plant see it."""

    def __init__(self, world, endpoint, factory, quantity=10):
        self.world, self.endpoint, self.factory = world, endpoint, factory
        self.odoo = world.user("Paula", "mrp.group_mrp_user", "base.group_user")
        endpoint.be_the_only_plant()
        self.order, self.name = factory.order(quantity)
        [self.release] = self.told(RELEASED)

    def told(self, *types):
        """What the plant hears of the order now."""
        events = self.endpoint.drain_outbox()
        mine = [e for e in events if e["subject"] == self.name and e["type"] in types]
        return [event["data"] for event in mine]

    def plan(self, **values):
        self.odoo.call("mrp.production", "write", [self.order], values)

    def change_quantity(self, quantity):
        values = {"mo_id": self.order, "product_qty": quantity}
        wizard = self.odoo.call("change.production.qty", "create", [values])
        self.odoo.call("change.production.qty", "change_prod_qty", wizard)

    def answer(self, type_, version, **data):
        data = {"jobOrderId": self.name, "version": version, **data}
        subject = f"{self.name} version {version}"
        event = self.endpoint.event(data, type_, subject=subject, time=ago(0))
        return self.endpoint.deliver(event)

    def standing(self):
        [row] = self.odoo.read("mrp.production", [("id", "=", self.order)], *STANDING)
        return tuple(row[name] for name in STANDING)

    def lines(self, code):
        domain = [
            ("raw_material_production_id", "=", self.order),
            ("product_id.default_code", "=", self.factory.code(code)),
        ]
        return self.odoo.call("stock.move", "search", domain)


@pytest.fixture
def desk(world, endpoint, factory):
    return Desk(world, endpoint, factory)


def test_changed_accepted_and_seen(desk):
    assert desk.standing() == (1, 0, "waiting")
    assert desk.answer(ACKNOWLEDGED, 1) == ["posted"]
    assert desk.standing() == (1, 1, "accepted")
    desk.change_quantity(12)
    [data] = desk.told(CHANGED)
    assert data["version"] == 2 and data["quantity"] == pieces(12)
    found = {c["what"]: (c.get("from"), c.get("to")) for c in data["changes"]}
    assert found["/quantity"] == (pieces(10), pieces(12))
    [plank] = desk.lines("PLANK")
    what = f"/materialRequirements/{plank}/quantity"
    assert found[what] == (pieces(40), pieces(48))
    assert desk.standing() == (2, 1, "waiting")
    assert desk.answer(ACKNOWLEDGED, 2) == ["posted"]
    assert desk.standing() == (2, 2, "accepted")


def test_one_message_for_one_transaction_and_none_for_none(desk):
    [line] = desk.lines("PLANK")
    desk.plan(priority="1", move_raw_ids=[(1, line, {"product_uom_qty": 41})])
    [data] = desk.told(CHANGED)
    assert {c["what"] for c in data["changes"]} == {
        "/priority",
        f"/materialRequirements/{line}/quantity",
    }
    desk.plan(origin="Another", user_id=2)
    desk.odoo.call("mrp.production", "action_assign", [desk.order])
    desk.odoo.call("mrp.production", "message_post", [desk.order], body="Hello")
    story = Story(desk.factory, desk.endpoint, desk.name)
    story.make(2, backflush="never")
    assert desk.endpoint.deliver(*story.events) == ["posted"]
    assert desk.told(CHANGED) == []


def test_refused_and_back_to_what_was_accepted(desk):
    desk.endpoint.configure(CHANGED, change_quantity="consent")
    desk.answer(ACKNOWLEDGED, 1)
    desk.change_quantity(12)
    [data] = desk.told(CHANGED)
    assert data["consentRequired"] is True
    assert desk.standing() == (2, 1, "consent")
    reason = {"code": "T1", "detail": "No tool"}
    assert desk.answer(REFUSED, 2, **reason) == ["posted"]
    assert desk.standing() == (2, 1, "refused")
    [row] = desk.odoo.read(
        "mrp.production", [("id", "=", desk.order)], "mfg_answer_text", "activity_ids"
    )
    assert row["mfg_answer_text"] == "MES: T1: No tool" and row["activity_ids"]
    desk.odoo.call("mrp.production", "action_mfg_go_back", [desk.order])
    [data] = desk.told(CHANGED)
    assert data["quantity"] == pieces(10) and data["consentRequired"] is False
    assert desk.answer(ACKNOWLEDGED, 3) == ["posted"]
    assert desk.standing() == (3, 3, "accepted")


def test_locked_once_started(desk):
    desk.endpoint.configure(CHANGED, change_quantity="locked")
    desk.change_quantity(12)
    assert desk.told(CHANGED)
    story = Story(desk.factory, desk.endpoint, desk.name)
    story.respond(STARTED, "Cut", "08:00")
    assert desk.endpoint.deliver(*story.events) == ["posted"]
    with pytest.raises(xmlrpc.client.Fault, match="quantity cannot be changed"):
        desk.change_quantity(14)
    assert desk.told(CHANGED) == []
    [row] = desk.odoo.read("mrp.production", [("id", "=", desk.order)], "product_qty")
    assert row["product_qty"] == 12


def test_a_report_made_for_an_older_version(desk):
    desk.answer(ACKNOWLEDGED, 1)
    [pack] = desk.world.odoo.call(
        "mrp.workorder",
        "search",
        [("production_id", "=", desk.order), ("name", "=", "Pack")],
    )
    desk.world.odoo.call("mrp.workorder", "unlink", [pack])
    [data] = desk.told(CHANGED)
    assert [s["operationsSegmentId"] for s in data["segments"]] == ["Cut"]

    def made(segment, number, version):
        return desk.endpoint.event(
            {
                "jobOrderId": desk.name,
                "version": version,
                "operationsSegmentId": segment,
                "quantity": pieces(number),
                "backflush": "never",
                "time": at("12:00"),
            },
            REPORTED,
            subject=desk.name,
        )

    factory, finished = desk.factory, "production_id"
    assert desk.endpoint.deliver(made("Cut", 4, 1)) == ["posted"]
    assert factory.moved(desk.order, finished, factory.table) == 0
    assert desk.endpoint.deliver(made("Pack", 4, 1)) == ["posted"]
    assert factory.moved(desk.order, finished, factory.table) == 4
    assert desk.endpoint.deliver(made("Cut", 6, 2)) == ["posted"]
    assert factory.moved(desk.order, finished, factory.table) == 10
    assert desk.endpoint.deliver(made("Cut", 1, 9)) == ["unknown-version"]
    assert desk.told(CHANGED) == []


def test_answers_in_any_order(desk):
    desk.plan(priority="1")
    assert desk.answer(ACKNOWLEDGED, 2) == ["posted"]
    assert desk.answer(ACKNOWLEDGED, 1) == ["posted"]
    assert desk.standing() == (2, 2, "accepted")
    assert desk.answer(REFUSED, 1) == ["version-stale"]
    assert desk.answer(ACKNOWLEDGED, 3) == ["unknown-version"]
    assert desk.standing() == (2, 2, "accepted")


def test_cancelled_with_production_reported(desk):
    story = Story(desk.factory, desk.endpoint, desk.name)
    story.make(4, backflush="never")
    assert desk.endpoint.deliver(*story.events) == ["posted"]
    desk.world.odoo.call("mrp.production", "action_cancel", [desk.order])
    [data] = desk.told(CANCELLED)
    assert data["version"] == 2
    table = desk.factory.table
    assert desk.factory.moved(desk.order, "production_id", table) == 4
    late = desk.endpoint.event(
        {"jobOrderId": desk.name, "quantity": amount(1, "C62"), "time": at("13:00")},
        REPORTED,
        subject=f"{desk.name} late",
    )
    assert desk.endpoint.deliver(late) == ["order-not-open"]
    assert desk.factory.moved(desk.order, "production_id", table) == 4


def test_two_planners_at_once_make_two_versions(desk):
    """Of two that change an order in the same moment, both are told, one by one."""
    from world import at_once

    people = [desk.world.user(name, "mrp.group_mrp_user") for name in ("Ada", "Bob")]
    [line] = desk.lines("PLANK")
    edits = [
        ("mrp.production", desk.order, {"priority": "1"}),
        ("stock.move", line, {"product_uom_qty": 44}),
    ]

    def edit(number):
        model, id_, values = edits[number]
        people[number].call(model, "write", [id_], values)

    at_once(edit, [0, 1])
    told = desk.told(CHANGED)
    assert [data["version"] for data in told] == [2, 3]
    assert told[-1]["priority"] == 1
    assert desk.standing()[0] == 3
