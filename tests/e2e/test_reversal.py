# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An event that was wrong is taken back, as if it had never come."""

import pytest
from books import RATE, Books
from factory import (
    COMPLETED,
    LABOR,
    REPORTED,
    REWORKED,
    STARTED,
    Factory,
    Story,
    at,
    pieces,
)
from world import REVERSED, at_once

RAW, GOODS = "raw_material_production_id", "production_id"
PRICES = {"PLANK": 3, "GLUE": 10}
WORKED = 20 + 30 + 60  # minutes until the end of the story; what is told later is late


@pytest.fixture(scope="module")
def factory(world, factory):
    """One whose goods are valued at average cost, booked as they move."""
    books = Books(factory)
    category = books.category("average")
    valued = Factory(world, PRICES, categ_id=category)
    paid = {"costs_hour": RATE, "expense_account_id": books.work}
    centres = [valued.saw, valued.desk]
    world.odoo.call("mrp.workcenter", "write", centres, paid)
    valued.books = books
    return valued


def levels(factory):
    stock = factory.plank, factory.glue, factory.table
    return [round(factory.on_hand(product), 6) for product in stock]


def seen(factory, order):
    """What a planner sees of an order, and its stock keeper of the stock."""
    moved = [factory.moved(order, GOODS, factory.table)]
    moved += [factory.moved(order, RAW, p) for p in (factory.plank, factory.glue)]
    return (
        factory.state(order),
        factory.operations(order),
        factory.genealogy(order),
        factory.scrapped(order),
        [round(number, 6) for number in moved],
        levels(factory),
        worth(factory, order),
    )


def worth(factory, order):
    """What its controller sees: the value of the order and the stock, and the books."""
    books, products = factory.books, (factory.table, factory.plank, factory.glue)
    return {
        "made": sum(books.values([order], GOODS)),
        "used": sum(books.values([order], RAW)),
        "in stock": books.worth(products),
        "booked on stock": books.balance(books.stock, products),
        "booked on making": books.balance(books.making, products),
        "booked for labour": books.labour(order),
    }


def test_every_event_of_a_story(world, endpoint, factory):
    """Taken back one by one, newest first, each step is as before; then told anew."""
    order, name = factory.order()
    story = Story(factory, endpoint, name)
    story.whole()
    kim = {"personId": f"KIM{factory.tag}", "operationsSegmentId": "Cut"}
    story.add(LABOR, **kim, startTime=at("06:00"), endTime=at("06:30"))
    told, pictures = list(story.events), []
    for event in told:
        pictures.append(seen(factory, order))
        assert endpoint.deliver(event) == ["posted"]
    whole = seen(factory, order)
    assert whole[0] == "done"
    cost = whole[-1]
    assert cost["used"] == pytest.approx(9 * 4 * 3 + 0.9 * 10)
    assert cost["made"] == pytest.approx(cost["used"] + WORKED * RATE / 60)
    for event, before in zip(reversed(told), reversed(pictures), strict=True):
        assert endpoint.deliver(story.reverse(event)) == ["posted"], event["type"]
        assert seen(factory, order) == before, event["type"]
    last = endpoint.row(told[-1]["id"], "id")[0]
    answer = endpoint.get(f"/mfg/v1/events/{last}").json()
    assert answer["reversedBy"]["id"] == story.events[len(told)]["id"]
    again = [story.add(e["type"], **e["data"]) for e in told]
    assert endpoint.deliver(*again) == ["posted"] * len(told)
    assert seen(factory, order) == whole
    assert world.invariants(endpoint, story.ids) == 3 * len(told)


def test_one_of_joined_reports(world, endpoint, factory):
    """Each gives back its own share of the common posting, also on a done order."""
    order, name = factory.order()
    before = levels(factory)
    story = Story(factory, endpoint, name)
    story.glue(1000)
    for number in (2, 1, 3):
        story.report(number, "10:00")
    story.report(4, "11:00", final=True)
    assert endpoint.deliver(*story.events) == ["posted"] * 5
    lines = "SELECT count(*) FROM stock_move_line l JOIN stock_move m ON m.id ="
    lines += " l.move_id WHERE m.production_id = %s AND l.state = 'done'"
    assert world.value(lines, order) == 2  # three of them are one posting
    assert endpoint.deliver(story.reverse(story.events[2])) == ["posted"]
    assert factory.state(order) == "done"
    assert factory.moved(order, GOODS, factory.table) == 9
    assert factory.moved(order, RAW, factory.plank) == 36
    assert endpoint.deliver(story.reverse(story.events[1])) == ["posted"]
    assert factory.moved(order, GOODS, factory.table) == 7
    assert endpoint.deliver(story.reverse(story.events[2])) == ["already-reversed"]
    plank, glue, table = before
    assert levels(factory) == [plank - 28, glue - 1, table + 7]


def test_later_facts_forbid_it(world, endpoint, factory):
    """Goods that are gone, a backorder of the rest; and what never came, comes."""
    order, name = factory.order()
    glue = {"materials": [factory.used("GLUE", 1, "KGM")]}
    story = Story(factory, endpoint, name)
    report = story.make(10, **glue)
    assert endpoint.deliver(report) == ["posted"]
    stock = factory.on_hand(factory.table)
    factory.lay_in(factory.table, 1)  # counted: the others have left
    before = seen(factory, order)
    undo = endpoint.reversal(report)
    assert endpoint.deliver(undo) == ["not-reversible"]
    assert seen(factory, order) == before
    factory.lay_in(factory.table, stock)
    endpoint.decide("retry", undo)
    world.wait_quiet(30)
    assert endpoint.outcome(undo) == "posted"
    assert factory.moved(order, GOODS, factory.table) == 0
    endpoint.configure(REPORTED, rest_of_final="backorder")
    final = story.make(6, final=True, **glue)
    assert endpoint.deliver(final) == ["posted"]
    assert endpoint.deliver(endpoint.reversal(final)) == ["not-reversible"]
    assert factory.moved(order, GOODS, factory.table) == 6
    early = Story(factory, endpoint, factory.order()[1]).make(1, backflush="never")
    undo = endpoint.reversal(early)
    assert endpoint.deliver(undo) == ["original-missing"]
    assert endpoint.deliver(early) == ["posted"]
    assert endpoint.outcome(undo) == "posted"


def test_rework_and_state(world, endpoint, factory):
    """What else an event made goes with it; work reported on it holds it."""
    endpoint.configure(REVERSED, order_policy="continue")
    order, name = factory.order()
    story = Story(factory, endpoint, name)
    data = {"quantity": pieces(1), "reasonCode": "REJECT", "time": at("11:00")}
    again = [{"operationsSegmentId": "Cut", "name": "Polish"}]
    rework = story.add(REWORKED, segments=again, **data)
    started = story.respond(STARTED, "Polish", "11:10")
    ended = story.respond(COMPLETED, "Polish", "11:20")
    assert endpoint.deliver(*story.events) == ["posted"] * 3
    held = endpoint.reversal(rework)
    assert endpoint.deliver(held) == ["not-reversible"]
    for event in (ended, started):
        assert endpoint.deliver(endpoint.reversal(event)) == ["posted"]
    endpoint.decide("retry", held)
    world.wait_quiet(30)
    assert endpoint.outcome(held) == "posted"
    assert set(factory.operations(order)) == {"Cut", "Pack"}
    assert factory.state(order) == "confirmed"


def test_an_event_and_its_reversal_at_once(world, endpoint, factory):
    """Under different keys, whichever comes first: in the end it never was."""
    before = levels(factory)
    stories = [Story(factory, endpoint, factory.order()[1]) for _order in range(4)]
    events = [story.make(2, backflush="never") for story in stories]
    undos = [endpoint.reversal(event) for event in events]
    for undo in undos:
        undo["subject"] = undo["id"]
    mixed = [event for pair in zip(undos, events, strict=True) for event in pair]
    answers = at_once(endpoint.post, mixed)
    assert {answer.status_code for answer in answers} == {202}
    world.wait_quiet(60)
    assert {endpoint.outcome(undo) for undo in undos} == {"posted"}
    assert {endpoint.outcome(event) for event in events} <= {"posted", "cancelled"}
    assert levels(factory) == before
    for event, undo in zip(events, undos, strict=True):
        [by] = endpoint.row(event["id"], "reversed_by_id")
        assert [by] == list(endpoint.row(undo["id"], "id"))
