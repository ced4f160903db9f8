# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Master data out: within seconds, by every way the same, and from nothing again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from factory import Story
from settings import ENV
from world import wait_for

from plantsim import rebuild
from plantsim.rebuild import Copy, differences, told

MATERIAL = "mfg.master.material.v1"
TIMES = 40


@pytest.fixture
def plant(world, endpoint):
    """A plant that is told of every kind, at once."""
    for kind in rebuild.KINDS:
        values = {
            "endpoint_id": endpoint.id,
            "type": f"mfg.master.{kind}.v1",
            "direction": "out",
        }
        world.odoo.call("mfg.interface", "create", [values])
    return endpoint


LEFT = """
    SELECT (SELECT count(*) FROM mfg_publication_mark WHERE kind <> 'joborder')
         + (SELECT count(*) FROM mfg_publication_scan WHERE running)
         + (SELECT count(*) FROM mfg_interface i
            JOIN mfg_publication p ON p.company_id = i.company_id
             AND i.type = 'mfg.master.' || p.kind || '.v1'
            LEFT JOIN mfg_publication_feed f ON f.interface_id = i.id
            WHERE i.direction = 'out' AND i.endpoint_id = %s
              AND p.position > coalesce(f.position, 0))
"""


def quiet(world, plant):
    """Nothing is left to be published, nor this plant to be told of."""
    wait_for(lambda: not world.value(LEFT, plant.id), 120, "everything is told")


def test_told_within_seconds(world, plant, factory, tell):
    quiet(world, plant)
    plant.drain_outbox()
    product = factory.product("NEWS", factory.piece)
    events = []

    def news():
        events.extend(plant.drain_outbox())
        mine = [e for e in events if e["data"].get("id") == str(product)]
        return [e["data"] for e in mine]

    [data] = wait_for(news, 30, "the plant hears of a product")
    assert data["fields"]["materialDefinitionId"] == factory.code("NEWS")
    world.odoo.call("product.product", "write", [product], {"active": False})
    ended = wait_for(lambda: news()[1:], 30, "the plant hears of its end")
    assert ended == [{"id": str(product), "version": 2, "deleted": True}]


def test_from_nothing_while_people_work(world, plant, factory):
    """Whoever walks while others write has all of it in the end, by either way."""
    products = [factory.product(f"WALK{n}", factory.piece) for n in range(6)]
    story = Story(factory, plant, factory.order(10)[1])
    story.whole()

    def write():
        odoo = world.person("admin", ENV["MFG_ADMIN_PASSWORD"])
        for number in range(TIMES):
            product = products[number % len(products)]
            values = {"name": f"Name {number}", "active": number % 5 != 4}
            odoo.call("product.product", "write", [product], values)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        copies = rebuild.rebuild(plant.plant)
        while not writer.done():
            copies = rebuild.rebuild(plant.plant)
        writer.result()
    assert set(plant.deliver(*story.events)) == {"posted"}
    quiet(world, plant)
    assert differences(plant.plant, copies) == []
    fresh = rebuild.rebuild(plant.plant)
    assert {path: copy.alive for path, copy in fresh.items()} == {
        path: copy.alive for path, copy in copies.items()
    }
    heard = told(plant.drain_outbox())
    for path, copy in heard.items():
        assert copy.proof() == fresh[path].proof(), path
        assert copy.alive == fresh[path].alive, path
    orders = fresh[rebuild.JOB_ORDERS].alive
    assert orders[story.name]["dispatchStatus"] == "Closed"


def test_a_copy_that_lacks_one_is_found_out(world, plant, factory):
    copy = Copy("master/material").read(plant.plant)
    assert copy.equals(plant.plant)
    copy.held.popitem()
    assert not copy.equals(plant.plant)
