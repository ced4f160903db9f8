# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's mischief touches no real order, and together it says all that can be."""

import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from plantsim import generate, masterdata, mischief, play, pranks, stories
from plantsim.answers import RELEASED, Answers
from plantsim.reconcile import totals

SOURCE = "urn:plantsim:mes"
ADDONS = Path(__file__).resolve().parents[2] / "addons"
CONTRACT = [ADDONS / "mfg_integration_base", ADDONS / "mfg_mes_connector"]


def played(orders):
    jobs = [play.Job(order, f"WH/MO/{order.case}", {}) for order in orders]
    return [play.order_events(job, SOURCE, 7) for job in jobs]


def jokes():
    plans = pranks.PLANS + stories.PLANS
    ids = {plan.origin: f"WH/MO/{plan.origin}" for plan in plans}
    told = stories.stories(SOURCE, ids)
    sendings = [sending for story in told for sending in story.sendings]
    machine = stories.machine(SOURCE)
    master = masterdata.records(SOURCE)
    return pranks.pranks(SOURCE, ids) + machine + master + sendings, told


def spoiled():
    batches = list(play.batches(play.shuffled(played(generate.plant(30, 1).orders))))
    return batches, mischief.spoil(batches, SOURCE, jokes()[0])


def test_mischief_adds_to_the_real_events_and_takes_nothing():
    batches, mixed = spoiled()
    for before, after in zip(batches, mixed, strict=True):
        assert [s.event for s in after if s.role == "real"] == before


def test_resent_and_conflicting_events_come_after_their_originals():
    sent, roles = {}, defaultdict(int)
    for sending in (s for batch in spoiled()[1] for s in batch):
        event, role = sending.event, sending.role
        roles[role] += 1
        if role == "real":
            sent[event["id"]] = event
        elif role == "resent":
            assert sent[event["id"]] == event
        elif role == "conflict":
            assert sent[event["id"]] != event
        else:
            assert event["id"] not in sent
    assert roles["conflict"] == mischief.CONFLICTS
    assert 0.01 < roles["resent"] / roles["real"] < 0.06


def test_pranks_never_name_a_real_order():
    for sending in (s for batch in spoiled()[1] for s in batch):
        if sending.role in ("prank", "broken"):
            assert "Made-up" not in str(sending.event["data"].get("jobOrderId"))


def test_reordered_is_the_same_json_in_another_order():
    value = {"a": [{"x": 1, "y": 2}], "b": 3}
    turned = mischief.reordered(value)
    assert turned == value
    assert list(turned) == ["b", "a"]
    assert list(turned["a"][0]) == ["y", "x"]


def test_pranks_are_sent_in_their_order():
    sent = [s for batch in spoiled()[1] for s in batch if s.role == "prank"]
    assert sent == jokes()[0]


def inbound():
    """Types a plant may send: those of the schemas without those of handlers out."""
    types = {
        path.stem for folder in CONTRACT for path in folder.glob("schemas/mfg.*.json")
    }
    code = "".join(
        path.read_text() for folder in CONTRACT for path in folder.rglob("*.py")
    )
    out = re.findall(r"_mfg_type = (.+)\n\s+_mfg_direction = \"out\"", code)
    names = dict(re.findall(r"^([A-Z]+) = \"(mfg\.[a-z.]+\.v1)\"$", code, re.M))
    return types - {names.get(name, name.strip('"')) for name in out}


def test_every_type_a_plant_may_send_is_played():
    said = {e["type"] for queue in played(generate.plant(30, 1).orders) for e in queue}
    said |= {sending.event["type"] for sending in jokes()[0]}
    said |= {event["type"] for event in answered()}
    assert len(inbound()) == 28
    assert inbound() <= said


def answered():
    """What the plant says to two orders, one of which it refuses."""
    told = [
        {"type": RELEASED, "data": {"jobOrderId": o, "version": 1, "origin": o}}
        for o in ("SO1", pranks.REFUSED)
    ]
    return Answers("urn:plant:test", [pranks.REFUSED]).to(told)


def test_versions_are_answered_once(schemas):
    accepted, refused = answered()
    assert accepted["type"] == "mfg.joborder.acknowledged.v1"
    assert refused["type"] == "mfg.joborder.refused.v1" and refused["data"]["code"]
    for event in (accepted, refused):
        schemas[event["type"]].validate(event["data"])
    assert [e["id"] for e in answered()] == [accepted["id"], refused["id"]]
    assert Answers("urn:plant:test").to([{"type": "mfg.event.posted.v1"}]) == []


@pytest.fixture(scope="module")
def schemas():
    files = [p for folder in CONTRACT for p in folder.glob("schemas/*.json")]
    found = {path.name: json.loads(path.read_text()) for path in files}
    registry = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in found.items()
    )
    return {
        name.removesuffix(".json"): Draft202012Validator(schema, registry=registry)
        for name, schema in found.items()
    }


def test_what_is_played_is_as_the_contract_says(schemas):
    """All but the broken ones: these say something that is not in the contract."""
    events = [e for queue in played(generate.plant(30, 1).orders) for e in queue]
    for event in events + [sending.event for sending in jokes()[0]]:
        schemas[event["type"]].validate(event["data"])


def test_what_the_stories_come_to():
    came = {story.origin: totals(story.events) for story in jokes()[1]}
    made = {origin: total.produced for origin, total in came.items()}
    assert made == {
        stories.CORRECTED: 3,
        stories.RETURNED: 0,
        stories.SHORT: 5,
        stories.APPROVED: 12,
        stories.DIVIDED: 10,
    }
    assert came[stories.RETURNED].consumed == {"PASTE-LAP": Decimal("0.3")}
