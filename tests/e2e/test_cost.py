# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the plant's goods cost, beside the same facts entered by Odoo's own buttons."""

import time
from dataclasses import dataclass

import pytest
from books import Books
from factory import CONSUMED, LABOR, REPORTED, Story, ago, pieces

RAW, GOODS = "raw_material_production_id", "production_id"
METHODS = "standard", "average", "fifo"
PARTS = 4, 6  # pieces per report
USED = {4: (9, "2.5"), 6: (13, "3.5")}  # planks and kilos of resin for them
WORKED = {4: (200, 180), 6: (170, 140)}  # from and to, in minutes ago
# what is used, by the prices below: 20 planks at 3 and then at 5, resin at 7 and at 11;
# between the parts 10 planks are bought at 8
FIRST_USE = {"standard": 9 * 6.5 + 2.5 * 6.5, "average": 9 * 4 + 2.5 * 10}
FIRST_USE |= {"fifo": 9 * 3 + 2.5 * 7}
BUTTON = {"skip_backorder": True, "skip_consumption": True, "skip_redirection": True}


@dataclass
class Half:
    """One of two alike: a product, what it is made of, an order."""

    product: int
    plank: int
    resin: int
    codes: dict
    order: int
    name: str

    @property
    def products(self):
        return self.product, self.plank, self.resin


@pytest.fixture(scope="module")
def books(factory):
    return Books(factory)


@pytest.fixture(scope="module")
def make_half(factory, books):
    centre, categories = books.centre("BENCH"), {m: books.category(m) for m in METHODS}

    def product(name, unit, method):
        fixed = {"standard_price": 6.5} if method == "standard" else {}
        return factory.product(name, unit, categ_id=categories[method], **fixed)

    def made(method, name):
        codes = {part: f"{part}-{method}-{name}" for part in ("PLANK", "RESIN")}
        plank = product(codes["PLANK"], factory.piece, method)
        resin = product(codes["RESIN"], factory.kilo, method)
        goods = product(f"DOOR-{method}-{name}", factory.piece, method)
        for part, quantity, price in (
            (plank, 20, 3),
            (plank, 20, 5),
            (resin, 3, 7),
            (resin, 9, 11),
        ):
            books.receive(part, quantity, price)
        components = {plank: 2, resin: 0.5}
        recipe = factory.bill(goods, components, [("Cut", centre, 5)])
        order, called = factory.order(10, recipe=recipe)
        return Half(goods, plank, resin, codes, order, called)

    return made


def report(story, half, part, final):
    """The plant tells of a part: who worked, what was used, what was made."""
    factory, told = story.factory, len(story.events)
    begun, ended = map(ago, WORKED[part])
    work = {"operationsSegmentId": "Cut", "startTime": begun, "endTime": ended}
    planks, resin = USED[part]
    used = [
        factory.used(half.codes["PLANK"], planks),
        factory.used(half.codes["RESIN"], resin, "KGM"),
    ]
    story.add(LABOR, **work)
    story.add(CONSUMED, materials=used, time=ago(0))
    made = {"quantity": pieces(part), "backflush": "never", "final": final}
    story.add(REPORTED, **made, time=ago(0))
    events = story.events[told:]
    assert story.endpoint.deliver(*events) == ["posted"] * len(events)


def produce(factory, half, order, part):
    """A person enters the same on the order's form and presses Produce."""
    odoo = factory.odoo
    work_by_hand(factory, order, *WORKED[part])
    planks, resin = USED[part]
    used = {half.plank: planks, half.resin: float(resin)}
    lines = [(RAW, "=", order), ("state", "not in", ("done", "cancel"))]
    for move in odoo.read("stock.move", lines, "product_id"):
        entered = {"quantity": used[move["product_id"][0]], "picked": True}
        odoo.call("stock.move", "write", [move["id"]], entered)
    odoo.call("mrp.production", "write", [order], {"qty_producing": part})
    rest = [order] if part == PARTS[0] else []
    button = {**BUTTON, "mo_ids_to_backorder": rest}
    odoo.call("mrp.production", "button_mark_done", [order], context=button)
    assert factory.state(order) == "done"


def work_by_hand(factory, order, begun, ended):
    odoo, fields = factory.odoo, ("workcenter_id",)
    [operation] = odoo.read("mrp.workorder", [(GOODS, "=", order)], *fields)
    loss = odoo.read(
        "mrp.workcenter.productivity.loss",
        [("loss_type", "=", "productive")],
        "id",
        limit=1,
    )
    factory.create(
        "mrp.workcenter.productivity",
        workorder_id=operation["id"],
        workcenter_id=operation["workcenter_id"][0],
        loss_id=loss[0]["id"],
        date_start=plain(ago(begun)),
        date_end=plain(ago(ended)),
    )


def plain(moment):
    """As Odoo's own API writes a moment."""
    return moment.replace("T", " ").rstrip("Z")


def family(world, order):
    """The order and its backorders."""
    rows = world.rows(
        "SELECT id FROM mrp_production WHERE production_group_id = (SELECT"
        " production_group_id FROM mrp_production WHERE id = %s) ORDER BY id",
        order,
    )
    return [id_ for (id_,) in rows]


def seen(world, books, half):
    """What a controller sees of it, however often was posted."""
    orders = family(world, half.order)
    labour = sum(books.labour(order) for order in orders)
    return {
        "goods": books.values(orders, GOODS),
        "used": round(sum(books.values(orders, RAW)), 2),
        "prices": books.prices(half.products),
        "worth": books.worth(half.products),
        "stock": books.balance(books.stock, half.products),
        "making": round(books.balance(books.making, half.products) + labour, 2),
    }


@pytest.mark.parametrize("staged", [False, True], ids=["at_once", "staged"])
@pytest.mark.parametrize("method", METHODS)
def test_as_odoos_own(world, endpoint, factory, books, make_half, method, staged):
    """Two parts, labour in each, and other prices in between: the same to the cent."""
    mode = "staged" if staged else "immediate"
    endpoint.configure(CONSUMED, consumption=mode)
    plant, person = (make_half(method, f"{mode}{who}") for who in "AB")
    story = Story(factory, endpoint, plant.name)
    for number, part in enumerate(PARTS):
        report(story, plant, part, final=part == PARTS[-1])
        produce(factory, person, family(world, person.order)[-1], part)
        if not number:
            used = books.values([plant.order], RAW)
            assert sum(used) == pytest.approx(FIRST_USE[method])
            for half in (plant, person):
                books.receive(half.plank, 10, 8)
            time.sleep(1.1)  # Odoo keeps whole seconds: what comes now comes after it
    ours, odoos = (seen(world, books, half) for half in (plant, person))
    assert factory.state(plant.order) == "done"
    assert len(ours["goods"]) == len(PARTS) and all(ours["goods"])
    for name, expected in odoos.items():
        assert ours[name] == pytest.approx(expected, abs=0.02), name
    if method != "standard":  # nothing is left of what was used and worked
        assert ours["making"] == pytest.approx(0, abs=0.02)
