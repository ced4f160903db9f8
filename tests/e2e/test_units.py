# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Whatever the plant counts in: partial messages add up to the whole, to the gram."""

import random
from decimal import Decimal

import pytest
from factory import CONSUMED, REPORTED, Story

MESSAGES = 1000
UNITS = {  # of a kilogram
    "GRM": Decimal("0.001"),
    "KGM": Decimal(1),
    "LBR": Decimal("0.453592"),
    "DROP": Decimal("0.00037"),  # an alias of this plant
}


@pytest.fixture(scope="module")
def paint(factory):
    """A kilo of paint is made of 700 g of oil; both are kept in kilos to 10 g."""
    factory.oil = factory.product("OIL", factory.kilo)
    factory.lay_in(factory.oil, 100000)
    product = factory.product("PAINT", factory.kilo)
    return factory.bill(product, {factory.oil: 0.7})


@pytest.fixture
def endpoint(endpoint):
    alias = {
        "code": "DROP",
        "uom_id": endpoint.world.odoo.xmlid(KILO),
        "factor": 0.00037,
    }
    alias["endpoint_id"] = endpoint.id
    endpoint.world.odoo.call("mfg.uom.crosswalk", "create", [alias])
    return endpoint


KILO = "uom.product_uom_kgm"


def test_a_thousand_partial_messages(world, endpoint, factory, paint):
    """In four units, most of them less than the database can tell."""
    order, name = factory.order(1000, recipe=paint)
    story, draw, total = Story(factory, endpoint, name), random.Random(5), Decimal()
    for _message in range(MESSAGES):
        unit = draw.choice([*UNITS, "GRM", "DROP"])
        number = Decimal(draw.randint(1, 3 if unit in ("KGM", "LBR") else 9000)) / 1000
        story.make(number, unit=unit)
        total += number * UNITS[unit]
    oil = factory.on_hand(factory.oil)
    outcomes = endpoint.deliver(*story.events, seconds=180)
    assert set(outcomes) == {"posted"}
    made, used = Decimal(str(factory.on_hand(paint.product))), total * Decimal("0.7")
    assert abs(made - total) <= Decimal("0.005")
    assert oil - factory.on_hand(factory.oil) == pytest.approx(float(used), abs=0.0051)
    ledger = "SELECT mfg_ledger FROM mrp_production WHERE id = %s"
    rest = world.value(ledger, order)[f"made:{paint.product}:0"]
    assert Decimal(rest) == total - made


def test_below_the_precision_is_seen_and_not_lost(world, endpoint, factory, paint):
    """4 g of what is kept to 10 g: posted, shown, and part of the next posting."""
    order, name = factory.order(10, recipe=paint)
    raw = "raw_material_production_id"
    story = Story(factory, endpoint, name)
    assert endpoint.deliver(story.use("OIL", 4, "GRM")) == ["posted"]
    assert factory.moved(order, raw, factory.oil) == 0
    shown = [("id", "=", order)]
    [seen] = world.odoo.read("mrp.production", shown, "mfg_residues")
    assert seen["mfg_residues"].startswith("0.004 kg")
    assert endpoint.deliver(story.use("OIL", 3, "GRM")) == ["posted"]
    assert factory.moved(order, raw, factory.oil) == 0.01
    here = [("id", "=", endpoint.id)]
    [told] = world.odoo.read("mfg.endpoint", here, "advice")
    assert "in steps of 0.00037 kg" in told["advice"]  # the drops of this plant
    last = [story.use("OIL", 2, "GRM"), story.make(10, unit="KGM", final=True)]
    assert endpoint.deliver(*last) == ["posted"] * 2
    notes = "SELECT string_agg(body, ' ') FROM mail_message WHERE res_id = %s"
    notes = world.value(f"{notes} AND model = 'mrp.production'", order)
    assert "-0.001 kg" in notes  # of 9 g, 10 g were posted


def test_units_that_do_not_fit(endpoint, factory, paint):
    _order, name = factory.order(10, recipe=paint)
    endpoint.configure(CONSUMED, REPORTED, order_policy="continue")
    story = Story(factory, endpoint, name)
    story.make(1, unit="C62")
    story.use("OIL", 1, "BARREL")
    story.use("OIL", 1, "LTR")
    story.make(0, unit="KGM")
    expected = ["unit-mismatch", "unknown-unit", "unit-mismatch", "quantity-invalid"]
    assert endpoint.deliver(*story.events) == expected
