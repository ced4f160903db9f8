# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What Odoo did not know is posted by itself once a person has made the mapping."""

import time

import pytest
from factory import STARTED, Factory, Story

SECONDS = 15
FAILED_JOBS = "SELECT count(*) FROM queue_job WHERE state = 'failed' OR retry > 1"
OPERATOR = "mfg_integration_base.group_mfg_operator"


@pytest.fixture(scope="module")
def factory(world):
    return Factory(world)


@pytest.fixture(scope="module")
def operator(world):
    return world.user("operator", OPERATOR, "mrp.group_mrp_user")


def parked_and_waiting(world, endpoint, story, code):
    """Send the story; its first event parks for a mapping, the others wait."""
    for event in story.events:
        assert endpoint.post(event).status_code == 202
    world.wait_quiet(60)
    states = [endpoint.state(id_) for id_ in story.ids]
    waiting = [("waiting", None)] * (len(states) - 1)
    assert states == [("parked", code), *waiting]


def heal(world, operator, endpoint, kind, code, record):
    """Make the mapping as the screen does; how long the posting took."""
    values = {"endpoint_id": endpoint.id, "kind": kind, "code": code, "record": record}
    started = time.monotonic()
    operator.call("mfg.mapping", "create", [values])
    world.wait_quiet(SECONDS)
    return time.monotonic() - started


def test_unknown_material(world, endpoint, factory, operator, tell):
    order, name = factory.order()
    story = Story(factory, endpoint, name)
    code = f"LEIM-{factory.tag}"
    consumed = story.glue(250)
    consumed["data"]["materials"][0]["materialDefinitionId"] = code
    story.respond(STARTED, "Cut", "08:00")
    parked_and_waiting(world, endpoint, story, "unknown-material")
    [ref, wanted] = endpoint.row(consumed["id"], "id, wanted")
    assert wanted == f"material:{code}"
    error = endpoint.get(f"/mfg/v1/events/{ref}").json()["error"]
    assert code in error["detail"] and error["nextAction"]
    record = f"product.product,{factory.glue}"
    took = heal(world, operator, endpoint, "material", code, record)
    tell("seconds from the mapping to the posting", took)
    assert [endpoint.state(id_)[0] for id_ in story.ids] == ["posted"] * 2
    raw = "raw_material_production_id"
    assert factory.moved(order, raw, factory.glue) == pytest.approx(0.25)
    assert world.invariants(endpoint, story.ids) == 2


def test_unknown_equipment(world, endpoint, factory, operator):
    _order, name = factory.order()
    story = Story(factory, endpoint, name)
    story.respond(STARTED, "Cut", "08:00", machine="NEW")
    story.respond(STARTED, "Pack", "09:00", machine="DESK")
    parked_and_waiting(world, endpoint, story, "unknown-equipment")
    record = f"mrp.workcenter,{factory.saw}"
    heal(world, operator, endpoint, "equipment", factory.code("NEW"), record)
    assert [endpoint.state(id_)[0] for id_ in story.ids] == ["posted"] * 2


def test_mapping_of_another_plant_heals_nothing(world, endpoint, factory, operator):
    _order, name = factory.order()
    story = Story(factory, endpoint, name)
    story.respond(STARTED, "Cut", "08:00", machine="OTHER")
    parked_and_waiting(world, endpoint, story, "unknown-equipment")
    other, code = world.endpoint("Elsewhere"), factory.code("OTHER")
    record = f"mrp.workcenter,{factory.saw}"
    heal(world, operator, other, "equipment", code, record)
    assert endpoint.state(story.ids[0]) == ("parked", "unknown-equipment")


def test_many_messages_of_one_cause(world, endpoint, factory, operator):
    """Thirty orders that miss one code are one issue, and one mapping settles it."""
    code = factory.code("MANY")
    jobs = world.value(FAILED_JOBS)
    names, ids = [factory.order(1)[1] for _order in range(3)], []
    for number in range(30):
        name = names[number % 3]
        event = Story(factory, endpoint, name).respond(STARTED, "Cut", "08:00", "MANY")
        event["partitionkey"] = f"{name} {number}"
        del event["sequence"]
        ids.append(event["id"])
        assert endpoint.post(event).status_code == 202
    world.wait_quiet(60)
    issues = "SELECT count(*) FROM mfg_issue WHERE endpoint_id = %s AND state = 'open'"
    assert world.value(issues, endpoint.id) == 1
    record = f"mrp.workcenter,{factory.saw}"
    heal(world, operator, endpoint, "equipment", code, record)
    assert world.invariants(endpoint, ids) == 30
    assert world.value(issues, endpoint.id) == 0
    # drains that met at the issue settled it among themselves
    assert world.value(FAILED_JOBS) == jobs
