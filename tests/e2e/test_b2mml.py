# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant that speaks B2MML alone: fetches orders, reports, repeats itself, errs.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA
International.
"""

import pytest
import requests
from factory import RELEASED, REPORTED, ago
from lxml import etree
from settings import ROOT
from test_contract import blocks, run
from world import at_once, problem

from tests import b2mml_data

CANCELLED = "mfg.joborder.cancelled.v1"
V4 = "http://www.wbf.org/xml/B2MML-V0401"
V7 = "http://www.mesa.org/xml/B2MML"


def send(endpoint, text, content_type="application/xml", **headers):
    """Send a document once; the response, whatever it is."""
    return requests.post(
        f"{endpoint.world.url}/mfg/v1/b2mml",
        data=text if isinstance(text, bytes) else text.encode(),
        headers={**endpoint.bearer, "Content-Type": content_type, **headers},
        timeout=60,
    )


def taken(endpoint, text):
    """What was accepted of a document; waits until it is posted."""
    answer = send(endpoint, text)
    assert answer.status_code == 202, answer.text
    endpoint.world.wait_quiet(60)
    return answer.json()["results"]


def speak(endpoint, form):
    values = {"message_format": form}
    endpoint.world.odoo.call("mfg.endpoint", "write", [endpoint.id], values)


def orders(endpoint, form, type_=RELEASED):
    """The plant's own reading of the job orders it fetches, valid by the schema."""
    found = []
    for event in endpoint.drain_outbox():
        if event["type"] != type_:
            continue
        assert event["datacontenttype"] == "application/xml"
        b2mml_data.assert_valid(event["data"], form)
        found.append(etree.fromstring(event["data"].encode()))
    return found


def actual(code, value, unit, use, lot="", space=V7):
    ids = "<ID>m</ID>" if space == V7 else ""
    lot = f"<MaterialLotID>{lot}</MaterialLotID>" if lot else ""
    return (
        f"<MaterialActual>{ids}<MaterialDefinitionID>{code}</MaterialDefinitionID>{lot}"
        f"<MaterialUse>{use}</MaterialUse><Quantity><QuantityString>{value}"
        f"</QuantityString><DataType>decimal</DataType><UnitOfMeasure>{unit}"
        "</UnitOfMeasure></Quantity></MaterialActual>"
    )


def performance_v4(order, segments, bodid, state="Completed"):
    """SyncProductionPerformance: name of an operation -> its actuals."""
    inside = "".join(
        f"<SegmentResponse><ProcessSegmentID>{name}</ProcessSegmentID>"
        f"<ActualEndTime>{ago(5)}</ActualEndTime>{actuals}</SegmentResponse>"
        for name, actuals in segments.items()
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<SyncProductionPerformance '
        f'xmlns="{V4}" releaseID=""><ApplicationArea><CreationDateTime>{ago(1)}'
        f"</CreationDateTime><BODID>{bodid}</BODID></ApplicationArea><DataArea><Sync/>"
        f"<ProductionPerformance><ProductionResponse><ProductionRequestID>{order}"
        f"</ProductionRequestID>{inside}<ResponseState>{state}</ResponseState>"
        "</ProductionResponse></ProductionPerformance></DataArea>"
        "</SyncProductionPerformance>"
    )


def job_response(order, inside, number, state=""):
    state = f"<JobState>{state}</JobState>" if state else ""
    return (
        f'<JobResponse xmlns="{V7}"><ID>{number}</ID><StartTime>{ago(30)}</StartTime>'
        f"<EndTime>{ago(10)}</EndTime><JobOrderID>{order}</JobOrderID>{state}{inside}"
        "</JobResponse>"
    )


def test_an_order_from_release_to_done_in_v0401(world, endpoint, factory):
    """Fetched, made with what it says, reported, resent by many at once."""
    speak(endpoint, "b2mml_0401")
    order, name = factory.order(10)
    [root] = [o for o in orders(endpoint, "b2mml_0401") if name in
              [e.text for e in o.iter("{*}ID")]]  # fmt: skip
    needs = {
        part.findtext("{*}MaterialDefinitionID"): (
            part.findtext("{*}Quantity/{*}QuantityString"),
            part.findtext("{*}Quantity/{*}UnitOfMeasure"),
            part.findtext("{*}MaterialUse"),
        )
        for part in root.iter("{*}MaterialRequirement")
    }
    table, plank, glue = map(factory.code, ("TABLE", "PLANK", "GLUE"))
    assert needs[table] == ("10", "C62", "Produced")
    assert needs[plank] == ("40", "C62", "Consumed")
    assert needs[glue] == ("1", "KGM", "Consumed")
    names = [e.text for e in root.iter("{*}ProcessSegmentID")]
    assert names == ["Cut", "Pack"]
    before = {code: factory.on_hand(product(factory, code)) for code in needs}
    lot = f"L-{factory.tag}"
    segments = {
        "Cut": actual(plank, 40, "C62", "Consumed", space=V4)
        + actual(glue, 1000, "GRM", "Consumed", lot, space=V4),
        "Pack": actual(table, 10, "C62", "Produced", space=V4),
    }
    text = performance_v4(name, segments, f"BOD-{factory.tag}")
    b2mml_data.assert_valid_bytes(text.encode(), "performance_0401")
    answers = at_once(lambda _n: send(endpoint, text), range(8))
    statuses = [[r["status"] for r in a.json()["results"]] for a in answers]
    assert sorted(map(tuple, statuses)).count(("accepted",) * 3) == 1, statuses
    assert sorted(map(tuple, statuses)).count(("duplicate",) * 3) == 7
    assert {a.status_code for a in answers} == {202}
    world.wait_quiet(60)
    assert factory.state(order) == "done"
    moved = {c: factory.on_hand(product(factory, c)) - before[c] for c in needs}
    assert moved == pytest.approx({table: 10, plank: -40, glue: -1})
    ids = [result["id"] for result in answers[0].json()["results"]]
    assert world.invariants(endpoint, ids) == 3
    # the same document with other content contradicts itself, and takes no effect
    other = text.replace(">10<", ">11<")
    body = problem(send(endpoint, other))
    assert (body["status"], body["code"]) == (409, "conflict")
    assert body["errors"][0]["pointer"].endswith("/ApplicationArea/BODID")
    world.wait_quiet(30)
    assert factory.on_hand(product(factory, table)) - before[table] == 10
    kept = world.rows(
        "SELECT state, times FROM mfg_b2mml_document WHERE endpoint_id = %s"
        " ORDER BY id",
        endpoint.id,
    )
    assert kept == [("accepted", 8), ("refused", 1)]


def product(factory, code):
    """Id of a product by its whole code."""
    return factory.odoo.ids("product.product", "default_code", [code])[code]


def test_job_responses_in_v7(world, endpoint, factory):
    """Job orders as a JobList; work begins, goods are made in parts, the job ends."""
    speak(endpoint, "b2mml_0701_jobs")
    order, name = factory.order(4)
    [root] = orders(endpoint, "b2mml_0701_jobs")[-1:]
    assert root.findtext(".//{*}JobOrder/{*}ID") == name
    steps = [e.text for e in root.iter("{*}SegmentRequirementID")]
    table = factory.code("TABLE")
    lot = f"L-{factory.tag}"
    node = f"<WorkflowSpecificationNodeID>{steps[-1]}</WorkflowSpecificationNodeID>"
    glue = actual(factory.code("GLUE"), "0.2", "KGM", "Material Consumed", lot)
    part = node + glue + actual(table, 2, "C62", "Material Produced")
    for number in ("1", "2"):
        text = job_response(name, part, f"{factory.tag}-{number}")
        b2mml_data.assert_valid(text, "jobs_0701")
        results = taken(endpoint, text)
        outcomes = [endpoint.outcome(result) for result in results]
        assert outcomes == ["posted", "posted"], results
    results = taken(endpoint, job_response(name, "", f"{factory.tag}-3", "Completed"))
    assert [endpoint.outcome(result) for result in results] == ["posted"]
    assert factory.state(order) == "done"
    made = factory.moved(order, "production_id", factory.recipe.product)
    assert made == 4
    answers = endpoint.drain_outbox()
    posted = [e for e in answers if e["type"] == "mfg.event.posted.v1"]
    assert len(posted) == 5, "answers to events are JSON whatever the format"
    assert {e["correlationid"] for e in posted} == {
        f"JobResponse/{factory.tag}-{number}" for number in "123"
    }


def test_a_vendors_performance(world, endpoint, factory):
    """As it is, but for what the planner maps; read from where it is."""
    odoo = world.odoo
    carbon = factory.product("CARBON", factory.kilo, tracking="lot")
    lot = factory.lay_in_lot(carbon, f"C-{factory.tag}", 10)
    recipe = factory.bill(
        factory.product("MIX", factory.piece), {carbon: 1}, [("Weigh", factory.saw, 5)]
    )
    order, _name = factory.order(5, recipe=recipe)
    operation = odoo.call(
        "mrp.routing.workcenter", "search", [("bom_id", "=", recipe.bom)]
    )
    for kind, code, model, id_ in (
        ("order", "53107", "mrp.production", order),
        ("operation", "Weighing", "mrp.routing.workcenter", operation[0]),
        ("material", "CRBN0001", "product.product", carbon),
        ("lot", "CRBN0001_LOT01", "stock.lot", lot),
    ):
        endpoint.map(kind, code, model, id_)
    [result] = taken(endpoint, b2mml_data.vendor("PES"))
    assert endpoint.outcome(result) == "unknown-unit"
    unit = {"endpoint_id": endpoint.id, "code": "KG", "uom_id": factory.kilo}
    odoo.call("mfg.uom.crosswalk", "create", [unit])
    world.wait_quiet(60)
    assert endpoint.outcome(result) == "posted"
    assert factory.on_hand(carbon) == pytest.approx(9.59)
    assert [r["status"] for r in taken(endpoint, b2mml_data.vendor("PES"))] == [
        "duplicate"
    ]
    assert factory.on_hand(carbon) == pytest.approx(9.59)


def test_refused_documents_are_kept_for_the_operator(world, endpoint, factory):
    _order, name = factory.order(1)
    part = actual(factory.code("TABLE"), "ten", "C62", "Produced", space=V4)
    text = performance_v4(name, {"Pack": part}, "BAD-1")
    body = problem(send(endpoint, text))
    assert (body["status"], body["code"]) == (422, "quantity-invalid")
    [error] = body["errors"]
    assert error["pointer"].endswith("/MaterialActual/Quantity/QuantityString")
    assert "(line 2)" in error["detail"]
    operator = world.user("clerk", "mfg_integration_base.group_mfg_operator")
    [document] = operator.read(
        "mfg.b2mml.document",
        [("endpoint_id", "=", endpoint.id)],
        "text", "state", "error_code", "error_path", "identity", "next_action",
    )  # fmt: skip
    assert document["text"] == text
    assert (document["state"], document["identity"]) == ("refused", "BAD-1")
    assert document["error_path"] == error["pointer"]
    assert document["next_action"]
    rejected = endpoint.get(body["href"]).json()
    assert rejected["state"] == "rejected"
    assert send(endpoint, text.replace("ten", "1")).status_code == 202
    world.wait_quiet(60)
    for attack, status, code in (
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 400, "bad-request"),
        (b"<a>" * 1_000_000, 400, "bad-request"),
        (b"<a>" + b"<b/>" * 1_500_000 + b"</a>", 413, "payload-too-large"),
        (b"x" * 10_485_760, 413, "payload-too-large"),
        (b"", 400, "bad-request"),
    ):
        answer = send(endpoint, attack)
        assert (answer.status_code, problem(answer)["code"]) == (status, code)
    assert send(endpoint, text, "application/json").status_code == 415
    assert endpoint.get("/mfg/v1/health").json() == {"status": "ok"}


def test_a_cancelled_order_is_called_off_in_b2mml(world, endpoint, factory):
    speak(endpoint, "b2mml_0701")
    order, name = factory.order(3)
    world.odoo.call("mrp.production", "action_cancel", [order])
    [root] = orders(endpoint, "b2mml_0701", CANCELLED)
    request = root.find(".//{*}OperationsRequest")
    assert request.findtext("{*}ID") == name
    assert request.findtext("{*}RequestState") == "Cancelled"


def test_reports_in_json_stand_beside_those_in_b2mml(world, endpoint, factory):
    """What a plant sends is its own choice, message by message; so is its undoing."""
    order, name = factory.order(2)
    glue = actual(factory.code("GLUE"), "0.1", "KGM", "Consumed", f"L-{factory.tag}")
    part = glue + actual(factory.code("TABLE"), 1, "C62", "Produced")
    used, made = taken(endpoint, job_response(name, part, f"{factory.tag}-j"))
    assert [endpoint.outcome(used), endpoint.outcome(made)] == ["posted", "posted"]
    reversal = endpoint.event(
        {"eventId": made["id"], "source": made["source"], "reason": "not made"},
        "mfg.event.reversed.v1",
        subject=name,
    )
    quantity = {"value": "2", "unitCode": "C62"}
    data = {"jobOrderId": name, "quantity": quantity, "time": ago(5)}
    report = endpoint.event(data, REPORTED, subject=name)
    assert endpoint.deliver(reversal, report) == ["posted", "posted"]
    assert factory.moved(order, "production_id", factory.recipe.product) == 2


def test_the_example_of_the_guide_runs_as_written(world, endpoint):
    [block] = blocks((ROOT / "docs" / "b2mml.md").read_text())
    status, body = run(block, URL=world.url, KEY=endpoint.key)
    assert status == 202
    [result] = body["results"]
    assert result["id"].startswith("report-4711/")
    world.wait_quiet(60)
    assert endpoint.row(result["id"], "type, subject") == (REPORTED, "WH/MO/00012")
