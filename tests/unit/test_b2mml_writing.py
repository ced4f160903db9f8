# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Job orders as B2MML: valid by MESA's schemas, whatever the order, and read back."""

from datetime import datetime

import pytest
from b2mml import document, writing
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import b2mml_data

RELEASED = "mfg.joborder.released.v1"
CANCELLED = "mfg.joborder.cancelled.v1"
CODE = st.text(
    st.characters(
        min_codepoint=33, max_codepoint=0x24FF, exclude_categories=("C", "Z")
    ),
    min_size=1,
    max_size=12,
)
NAME = st.text(max_size=20)
AMOUNT = st.decimals("0", "99999", places=4, allow_nan=False).map(str)
UNIT = st.sampled_from(["KGM", "C62", "MIN", "12 Units"])
TIME = st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1)).map(
    lambda time: f"{time.replace(microsecond=0).isoformat()}Z"
)
USE = st.sampled_from(["Consumed", "By-product Produced"])
STATUS = st.sampled_from(
    """Waiting Pending Cancelled Dispatched Ready Running Completed Aborted Held
    Suspended Closed""".split()
)
QUANTITY = st.builds(lambda v, u: {"value": v, "unitCode": u}, AMOUNT, UNIT)


@st.composite
def orders(draw):
    segments = draw(st.lists(CODE, unique=True, max_size=4))
    order = {
        "jobOrderId": draw(CODE),
        "version": draw(st.integers(1, 99)),
        "material": {
            "materialDefinitionId": draw(CODE),
            "name": draw(NAME),
            "tracking": draw(st.sampled_from(["none", "lot", "serial"])),
        },
        "quantity": draw(QUANTITY),
        "dispatchStatus": draw(STATUS),
        "materialRequirements": [
            {
                "materialRequirementId": str(number),
                "materialDefinitionId": draw(CODE),
                "quantity": draw(QUANTITY),
                "materialUse": draw(USE),
                **(
                    {"operationsSegmentId": draw(st.sampled_from([*segments, "gone"]))}
                    if draw(st.booleans())
                    else {}
                ),
            }
            for number in range(draw(st.integers(0, 4)))
        ],
        "segments": [
            {
                "operationsSegmentId": code,
                "name": draw(NAME),
                "equipmentId": draw(CODE),
                "duration": {"value": draw(AMOUNT), "unitCode": "MIN"},
                "sequence": number,
                "dependsOn": segments[: number - 1],
            }
            for number, code in enumerate(segments, 1)
        ],
    }
    more = {
        "priority": draw(st.integers(0, 100)),
        "startTime": draw(TIME),
        "endTime": draw(TIME),
        "origin": draw(NAME),
        "plant": draw(CODE),
    }
    return {**order, **{k: v for k, v in more.items() if draw(st.booleans())}}


def event(data, event_type=RELEASED):
    return {
        "specversion": "1.0",
        "id": "019a-1",
        "source": "urn:odoo:1",
        "type": event_type,
        "time": "2026-01-31T06:00:00.123456Z",
        "data": data,
    }


def words(text, name):
    return [e.text for e in etree.fromstring(text.encode()).iter(f"{{*}}{name}")]


@pytest.mark.parametrize("form", writing.FORMS)
@settings(max_examples=60)
@given(orders())
def test_every_order_is_valid(store, form, order):
    assert not store.errors(RELEASED, order)
    text = writing.write(event(order), form)
    b2mml_data.assert_valid(text, form)
    codes = [m["materialDefinitionId"] for m in order["materialRequirements"]]
    expected = sorted([order["material"]["materialDefinitionId"], *codes])
    assert sorted(words(text, "MaterialDefinitionID")) == expected
    assert words(text, "BODID") == ["019a-1"]


@pytest.mark.parametrize("form", writing.FORMS)
def test_a_changed_order(store, form):
    changed = "mfg.joborder.changed.v1"
    [example] = store.document(changed)["examples"]
    text = writing.write(event(example, changed), form)
    b2mml_data.assert_valid(text, form)
    assert "12" in words(text, "QuantityString")
    assert "2" in words(text, "Version") + words(text, "ValueString")


@pytest.mark.parametrize("form", writing.FORMS)
def test_a_cancelled_order(form):
    data = {"jobOrderId": "WH/MO/1", "version": 2, "reason": "Cancelled by Marc"}
    text = writing.write(event(data, CANCELLED), form)
    b2mml_data.assert_valid(text, form)
    assert "Cancelled" in text
    assert "WH/MO/1" in words(text, "ID")


@pytest.mark.parametrize("form", writing.FORMS)
def test_what_xml_cannot_hold_is_replaced(form, store):
    order = store.document(RELEASED)["examples"][0]
    order["material"]["name"] = "Table\x01 <b> & \ud800 \ufffe ]]>"
    text = writing.write(event(order), form)
    b2mml_data.assert_valid(text, form)
    assert "Table\ufffd <b> & \ufffd \ufffd ]]>" in words(text, "Description")


MASTERS = {"material": "MaterialDefinition", "lot": "MaterialLot"}
MASTERS["equipment"] = "Equipment"


@pytest.mark.parametrize("form", ["b2mml_0701", "b2mml_0701_jobs", "b2mml_0401"])
@pytest.mark.parametrize("kind", MASTERS)
def test_master_data(store, form, kind):
    event_type = f"mfg.master.{kind}.v1"
    xsd = "equipment" if kind == "equipment" else "material"
    told, gone = store.document(event_type)["examples"]
    for data in (told, gone, {"id": "1", "version": 1, "fields": {}}):
        text = writing.write(event(data, event_type), form)
        b2mml_data.assert_valid(text, f"{xsd}_{form.split('_')[1]}")
        root = etree.fromstring(text.encode())
        [found] = root.iter(f"{{*}}{MASTERS[kind]}")
        if data is gone:
            assert words(text, "ID") == [gone["id"]]
            [action] = root.iter("{*}ActionExpression")
            assert action.get("actionCode") == "Delete"
        elif data is told:
            code = data["fields"][next(n for n in data["fields"] if n.endswith("Id"))]
            assert found.findtext("{*}ID") == code
            assert data["id"] in words(text, "ValueString")
            for name in ("name", "unitCode", "expirationTime", "efficiency"):
                if name in data["fields"]:
                    assert data["fields"][name] in text


XSD = {"material": "material", "lot": "material", "equipment": "equipment"}


@pytest.mark.parametrize("form", writing.FORMS)
def test_every_version_of_a_type_is_written_by_one_that_knows_it(store, form):
    """Who adds a version is told here if its documents are not what they were."""
    known = writing.WRITERS[form]
    types = [t for t in store.types() if t.rpartition(".v")[0] in known]
    assert len(types) >= len(known)
    for event_type in types:
        kind = event_type.split(".")[2]
        xsd = f"{XSD[kind]}_{form.split('_')[1]}" if kind in XSD else form
        for data in store.document(event_type)["examples"]:
            b2mml_data.assert_valid(writing.write(event(data, event_type), form), xsd)
    order = event(store.document(RELEASED)["examples"][0])
    later = {**order, "type": RELEASED.replace(".v1", ".v12")}
    assert writing.write(later, form) == writing.write(order, form)


def test_other_types_have_no_document():
    assert writing.write(event({}, "mfg.event.posted.v1"), "b2mml_0701") is None
    assert writing.write(event({}), "cloudevents") is None


@pytest.mark.parametrize("form", ["b2mml_0701", "b2mml_0401"])
def test_a_plant_that_answers_with_the_names_it_was_given_is_understood(form, store):
    """Each segment requirement turned into a segment response, as a plant would."""
    order = store.document(RELEASED)["examples"][0]
    root = etree.fromstring(writing.write(event(order), form).encode())
    old = form.endswith("0401")
    text = etree.tostring(root, encoding="unicode")
    for was, becomes in (
        ("SegmentRequirementChild", "SegmentResponseChild"),
        ("SegmentRequirement", "SegmentResponse"),
        ("MaterialRequirement", "MaterialActual"),
        ("OperationsSchedule", "OperationsPerformance"),
        ("ProductionSchedule", "ProductionPerformance"),
        ("OperationsRequest", "OperationsResponse"),
        ("ProductionRequest", "ProductionResponse"),
    ):
        text = text.replace(f"<{was}>", f"<{becomes}>")
        text = text.replace(f"</{was}>", f"</{becomes}>")
    text = text.replace("RequestState", "IgnoredState")
    text = text.replace("SegmentState", "IgnoredState")
    facts = document.read(text.encode()).facts
    assert {fact.subject for fact in facts} == {order["jobOrderId"]}
    used = {
        (
            fact.data.get("operationsSegmentId"),
            material["materialDefinitionId"],
            material["quantity"]["value"],
        )
        for fact in facts
        for material in fact.data.get("materials", [])
    }
    required = {
        (
            part.get("operationsSegmentId"),
            part["materialDefinitionId"],
            part["quantity"]["value"],
        )
        for part in order["materialRequirements"]
        if part["materialUse"] == "Consumed"
    }
    assert used == required, old
    [made] = [f for f in facts if f.type == "mfg.production.reported.v1"]
    assert made.data["quantity"] == order["quantity"]
