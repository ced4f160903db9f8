# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""B2MML documents become events: every version, what vendors really send, refusals."""

from datetime import datetime, timezone

import pytest
from b2mml import document, master_in, material
from b2mml.refusal import Refusal
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests import b2mml_data

V7 = "http://www.mesa.org/xml/B2MML"
V4 = "http://www.wbf.org/xml/B2MML-V0401"
SPACES = {
    "V0401": V4,
    "V0500": "http://www.mesa.org/xml/B2MML-V0500",
    "V0600": "http://www.mesa.org/xml/B2MML-V0600",
    "V7": V7,
}


def quantity(value, unit="C62"):
    unit = f"<UnitOfMeasure>{unit}</UnitOfMeasure>" if unit is not None else ""
    return (
        f"<Quantity><QuantityString>{value}</QuantityString>"
        f"<DataType>decimal</DataType>{unit}</Quantity>"
    )


def actual(use="Consumed", code="BOARD", amount=None, more="", lot=None, before=""):
    amount = quantity(5) if amount is None else amount
    lot = f"<MaterialLotID>{lot}</MaterialLotID>" if lot else ""
    code = f"<MaterialDefinitionID>{code}</MaterialDefinitionID>" if code else ""
    use = use if use.startswith("<") or not use else f"<MaterialUse>{use}</MaterialUse>"
    return (
        f"<MaterialActual>{before}<ID>a</ID>{code}{lot}{use}{amount}{more}"
        "</MaterialActual>"
    )


def bod(noun, space=V7, bodid="B-1", created="2026-01-31T14:00:00Z", verb="Sync"):
    bodid = f"<BODID>{bodid}</BODID>" if bodid else ""
    return (
        f'<{verb}Thing xmlns="{space}" releaseID=""><ApplicationArea><Sender>'
        f"<LogicalID>MES</LogicalID></Sender><CreationDateTime>{created}"
        f"</CreationDateTime>{bodid}</ApplicationArea><DataArea><{verb}/>{noun}"
        f"</DataArea></{verb}Thing>"
    )


def operations(inside, order="WH/MO/1", more="", segment="Cut", times=""):
    return (
        "<OperationsPerformance><ID>P</ID><OperationsResponse><ID>R</ID>"
        f"<OperationsRequestID>{order}</OperationsRequestID>{more}"
        f"<SegmentResponse><ID>S</ID>{times}"
        f"<OperationsSegmentID>{segment}</OperationsSegmentID>{inside}"
        "</SegmentResponse></OperationsResponse></OperationsPerformance>"
    )


def job(inside, order="WH/MO/1", state=""):
    order = f"<JobOrderID>{order}</JobOrderID>" if order else ""
    state = f"<JobState>{state}</JobState>" if state else ""
    return f"<JobResponse><ID>J</ID>{order}{state}{inside}</JobResponse>"


def read(text, **options):
    text = text if isinstance(text, bytes) else text.encode()
    return document.read(text, **options)


def facts(text, **options):
    return [(f.type[4:-3], f.data) for f in read(text, **options).facts]


def refused(text, code, path=None, **options):
    with pytest.raises(Refusal) as caught:
        read(text, **options)
    refusal = caught.value
    assert refusal.code == code, refusal
    if path:
        assert refusal.path.endswith(path), refusal.path
        assert refusal.line
    return refusal


# -- a real vendor's documents -------------------------------------------------------


def test_the_vendors_performance():
    found = read(b2mml_data.vendor("PES"))
    assert (found.root, found.version) == ("SyncProductionPerformance", "V0401")
    [fact] = found.facts
    assert fact.type == "mfg.material.consumed.v1"
    assert fact.subject == "53107"
    assert fact.data == {
        "jobOrderId": "53107",
        "operationsSegmentId": "Weighing",
        "materials": [
            {
                "materialDefinitionId": "CRBN0001",
                "quantity": {"value": "0.41", "unitCode": "KG"},
                "lots": [{"materialLotId": "CRBN0001_LOT01"}],
            }
        ],
    }
    created = datetime(2012, 11, 29, 10, 58, 25, 314955, timezone.utc)
    assert (fact.time, found.created) == (created, created)
    assert fact.place("/data/materials/0/quantity").line == 13
    assert found.ignored == []


def lots_of(body):
    found = []

    def reader(_reader, node):
        found.extend(material.lots(node))

    read(body, readers={"materialinformation": reader})
    return [{k: v for k, v in lot.items() if k != "node"} for lot in found]


def test_the_vendors_lot():
    assert lots_of(b2mml_data.vendor("LOT")) == [
        {
            "materialDefinitionId": "CRBN0001",
            "materialLotId": "CRBN0001_LOT01",
            "status": "Valid",
            "expirationTime": "2013-12-08T00:00:00Z",
            "properties": {"expirydate": "2013-12-08T00:00:00.0Z"},
        }
    ]


def test_the_vendors_stock():
    assert lots_of(b2mml_data.vendor("INV"))[1] == {
        "materialDefinitionId": "CRBN0001",
        "materialLotId": "CRBN0001_LOT01",
        "materialSubLotId": "CRBN0001_LOT01_01",
        "status": "NotValid",
        "quantity": {"value": "24.910", "unitCode": "KG"},
    }


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        ("MAT", "/SyncMaterialDefinition/DataArea/MaterialDefinition"),
        ("PRO", "/SyncProductionSchedule/DataArea/ProductionSchedule"),
        ("LOT", "/SyncMaterialInformation/DataArea/MaterialInformation"),
        ("INV", "/SyncMaterialInformation/DataArea/MaterialInformation"),
    ],
)
def test_what_has_no_event_is_refused_by_its_name(prefix, path):
    refusal = refused(b2mml_data.vendor(prefix), "not-supported", path)
    assert refusal.document.identity.startswith("sha256-")
    assert refusal.document.version == "V0401"


MASTER = {
    **document.READERS,
    **{n: r for found in master_in.READERS.values() for n, r in found.items()},
}


def test_master_data_where_its_events_are_taken(store):
    [lot] = read(b2mml_data.vendor("LOT"), readers=MASTER).facts
    assert (lot.type, lot.subject) == ("mfg.master.lot.v1", "CRBN0001_LOT01")
    assert lot.data == {
        "id": "CRBN0001_LOT01",
        "version": 1355159238,
        "fields": {
            "materialLotId": "CRBN0001_LOT01",
            "materialDefinitionId": "CRBN0001",
            "expirationTime": "2013-12-08T00:00:00Z",
        },
    }
    [definition] = read(b2mml_data.vendor("MAT"), readers=MASTER).facts
    assert definition.type == "mfg.master.material.v1"
    assert definition.data["fields"] == {
        "materialDefinitionId": "CRBN0001",
        "name": "Product Courbon0001",
        "unitCode": "KG",
    }
    for fact in (lot, definition):
        assert store.errors(fact.type, fact.data) == []
    stock = b2mml_data.vendor("INV")
    refused(stock, "not-supported", "/MaterialSubLot/Quantity", readers=MASTER)


def lot_document(inside, created="2026-01-31T14:00:00Z"):
    return bod(f"<MaterialLot><ID>L</ID>{inside}</MaterialLot>", created=created)


def test_lots_of_v7():
    inside = (
        "<Version>3</Version><Description>From B</Description>"
        "<MaterialDefinitionID>M</MaterialDefinitionID><Status>Held</Status>"
        "<Disposition>Restricted</Disposition><MaterialLotProperty><ID>Outer</ID>"
        "<MaterialLotPropertyChild><ID>ExpirationDate</ID><Value><ValueString>2026-08-01"
        "</ValueString></Value></MaterialLotPropertyChild></MaterialLotProperty>"
        "<MaterialSubLot><ID>S</ID></MaterialSubLot>"
    )
    text = lot_document(inside).replace("SyncThing", "SyncMaterialLot")
    b2mml_data.assert_valid(text, "material_0701")
    found = read(text, readers=MASTER, zone="Europe/Berlin")
    [fact] = found.facts
    assert fact.data["version"] == 3
    assert fact.data["fields"]["description"] == "From B"
    assert fact.data["fields"]["expirationTime"] == "2026-07-31T22:00:00Z"
    names = [node.label for node, _why in found.ignored]
    assert names == ["Status", "Disposition", "MaterialSubLot"]


def test_lots_that_are_refused():
    created = "<CreationDateTime>2026-01-31T14:00:00Z</CreationDateTime>"
    text = lot_document("").replace(created, "")
    refused(text, "schema", "/MaterialLot", readers=MASTER)
    text = lot_document("").replace("<ID>L</ID>", "")
    refused(text, "schema", "/MaterialLot", readers=MASTER)
    text = lot_document(quantity("1"))
    refused(text, "not-supported", "/MaterialLot/Quantity", readers=MASTER)
    expiry = (
        "<MaterialLotProperty><ID>ExpiryDate</ID><Value><ValueString>soon"
        "</ValueString></Value></MaterialLotProperty>"
    )
    refused(lot_document(expiry), "time-invalid", "/MaterialLot", readers=MASTER)


# -- the versions ----------------------------------------------------------------------


def test_operations_performance_valid_by_the_schema():
    made = "<MaterialUse>{}</MaterialUse>"
    text = bod(
        operations(
            "<SegmentState>Completed</SegmentState>"
            "<PersonnelActual><ID>p</ID><PersonID>A1</PersonID>"
            f"{quantity('1.5', 'h')}</PersonnelActual>"
            "<EquipmentActual><ID>e</ID><EquipmentID>SAW</EquipmentID>"
            "</EquipmentActual>"
            + actual(lot="L1")
            + actual(made.format("Material Produced"), "TABLE", quantity(4), lot="T1")
            + actual(made.format("By-product Produced"), "DUST", quantity(2, "KGM"))
            + actual(made.format("Destructive Sample"), "TABLE", quantity(1)),
            times="<ActualStartTime>2026-01-31T06:00:00Z</ActualStartTime>"
            "<ActualEndTime>2026-01-31T07:00:00Z</ActualEndTime>",
        )
    ).replace("SyncThing", "SyncOperationsPerformance")
    b2mml_data.assert_valid(text, "performance_0701")
    end = {"time": "2026-01-31T07:00:00Z"}
    whose = {"jobOrderId": "WH/MO/1", "operationsSegmentId": "Cut"}
    five, four, one = ({"value": n, "unitCode": "C62"} for n in "541")
    assert facts(text) == [
        (
            "material.consumed",
            {
                **whose,
                "materials": [
                    {
                        "materialDefinitionId": "BOARD",
                        "quantity": five,
                        "lots": [{"materialLotId": "L1"}],
                    }
                ],
                **end,
            },
        ),
        (
            "production.reported",
            {
                **whose,
                "materialDefinitionId": "TABLE",
                "quantity": four,
                "lots": [{"materialLotId": "T1"}],
                "byProducts": [
                    {
                        "materialDefinitionId": "DUST",
                        "quantity": {"value": "2", "unitCode": "KGM"},
                    }
                ],
                **end,
            },
        ),
        (
            "production.scrapped",
            {
                "jobOrderId": "WH/MO/1",
                "materialDefinitionId": "TABLE",
                "quantity": one,
                "reasonCode": "destructive sample",
                **end,
            },
        ),
        (
            "labor.reported",
            {
                **whose,
                "personId": "A1",
                "equipmentId": "SAW",
                "duration": {"value": "1.5", "unitCode": "HUR"},
                **end,
            },
        ),
        ("jobresponse.completed", {**whose, "equipmentId": "SAW", **end}),
    ]


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_the_versions_differ_in_their_name_space_alone(space):
    text = bod(operations(actual()), space)
    assert facts(text) == facts(bod(operations(actual())))
    assert read(text).version == next(v for v, s in SPACES.items() if s == space)


def prefixed(text):
    text = text.replace("<", "<b:").replace("<b:/", "</b:")
    return text.replace(" xmlns=", " xmlns:b=")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(f' xmlns="{V7}" releaseID=""', ""),
        prefixed,
        lambda text: text.replace("><", ">\n\t<!-- x --><"),
        lambda text: text.replace("MaterialUse", "materialUse").replace("ID>", "Id>"),
        lambda text: text.replace("><", "> <"),
        lambda text: "\n\n" + text,
    ],
    ids=["no name space", "prefix", "comments", "case", "blanks", "lines"],
)
def test_the_way_it_is_written_does_not_matter(change):
    text = bod(operations(actual(lot="L1")))
    assert facts(change(text)) == facts(text)
    names = [f.name for f in read(text).facts]
    assert [f.name for f in read(change(text)).facts] == names


def test_job_responses():
    text = bod(
        "<JobResponseList><ID>L</ID>"
        + job("<StartTime>2026-01-31T06:00:00Z</StartTime>", state="Running")
        + job("<WorkMasterID>Cut</WorkMasterID>" + actual(), state="Held")
        + job("", order="WH/MO/2", state="Completed")
        + "</JobResponseList>"
    )
    created = "2026-01-31T14:00:00Z"
    cut = {"jobOrderId": "WH/MO/1", "operationsSegmentId": "Cut"}
    found = facts(text)
    assert found[0] == (
        "jobresponse.started",
        {"jobOrderId": "WH/MO/1", "time": "2026-01-31T06:00:00Z"},
    )
    assert [name for name, _data in found[1:]] == [
        "material.consumed",
        "jobresponse.paused",
        "jobresponse.completed",
    ]
    assert found[2][1] == {**cut, "time": created}
    assert found[3][1] == {"jobOrderId": "WH/MO/2", "time": created}


def test_a_job_response_alone_is_valid_by_the_schema_and_read():
    text = (
        f'<JobResponse xmlns="{V7}"><ID>J-1</ID><JobOrderID>O</JobOrderID>'
        f"<JobState>Ready</JobState>{actual('Material Consumed')}</JobResponse>"
    )
    b2mml_data.assert_valid(text, "jobs_0701")
    found = read(text)
    assert found.identity == "JobResponse/J-1"
    assert [f.type for f in found.facts] == ["mfg.material.consumed.v1"]
    assert found.facts[0].time is None


def test_work_performance():
    text = (
        "<WorkPerformance><ID>W</ID><WorkScheduleID>s</WorkScheduleID>"
        "<EndTime>2026-01-31T06:00:00Z</EndTime><WorkResponse><ID>1</ID>"
        f"{job(actual())}</WorkResponse><WorkResponse><ID>2</ID><WorkResponseChild>"
        f"{job(actual(), 'WH/MO/2')}</WorkResponseChild></WorkResponse>"
        "</WorkPerformance>"
    )
    found = read(text).facts
    assert [f.subject for f in found] == ["WH/MO/1", "WH/MO/2"]
    assert {f.data["time"] for f in found} == {"2026-01-31T06:00:00Z"}


def test_v0401_with_its_own_elements():
    part = "<MaterialDefinitionID>{}</MaterialDefinitionID>" + quantity(1)
    text = (
        f'<ProductionPerformance xmlns="{V4}"><ProductionResponse>'
        "<ProductionRequestID>WH/MO/1</ProductionRequestID><SegmentResponse>"
        "<ProcessSegmentID>Cut</ProcessSegmentID><MaterialActual>"
        "<MaterialDefinitionID>BOARD</MaterialDefinitionID><Location>"
        "<EquipmentID>Shelf</EquipmentID><EquipmentElementLevel>StorageUnit"
        "</EquipmentElementLevel></Location><MaterialUse>Consumed</MaterialUse>"
        f"{quantity(2)}</MaterialActual><MaterialProducedActual>{part.format('TABLE')}"
        f"</MaterialProducedActual><MaterialConsumedActual>{part.format('GLUE')}"
        f"</MaterialConsumedActual><ConsumableActual>{part.format('PAPER')}"
        "</ConsumableActual><SegmentResponse><ProcessSegmentID>Glue"
        "</ProcessSegmentID><SegmentState>Holding</SegmentState></SegmentResponse>"
        "</SegmentResponse><ResponseState>Completed</ResponseState>"
        "</ProductionResponse></ProductionPerformance>"
    )
    b2mml_data.assert_valid(text, "performance_0401")
    text = text.replace("</EndTime>", "")
    refused(text, "time-invalid", "/SegmentState")  # nowhere a time
    time = "<StartTime>2026-01-31T06:00:00Z</StartTime>"
    text = text.replace("<SegmentResponse>", f"{time}<SegmentResponse>", 1)
    used, made, held, over = facts(text)
    assert [m["materialDefinitionId"] for m in used[1]["materials"]] == [
        "BOARD",
        "GLUE",
        "PAPER",
    ]
    assert used[1]["materials"][0]["storageLocation"] == "Shelf"
    assert made[1]["materialDefinitionId"] == "TABLE"
    assert (held[0], held[1]["operationsSegmentId"]) == ("jobresponse.paused", "Glue")
    assert over[0] == "jobresponse.completed"
    assert "operationsSegmentId" not in over[1]


def test_a_segment_named_as_its_order_is_the_order_and_ends_once():
    state = "<SegmentState>Completed</SegmentState>"
    over = "<ResponseState>Completed</ResponseState>"
    text = bod(operations(state, segment="WH/MO/1", more=over))
    assert [name for name, _data in facts(text)] == ["jobresponse.completed"]
    assert "operationsSegmentId" not in facts(text)[0][1]


# -- tolerance -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("Consumed", "material.consumed"),
        ("consumable", "material.consumed"),
        (" Material  Consumed ", "material.consumed"),
        ("Produced", "production.reported"),
        ("Yield Produced", "production.reported"),
        ("Retained Sample", "production.scrapped"),
        ('<MaterialUse OtherValue="Scrap">Other</MaterialUse>', "production.scrapped"),
    ],
)
def test_material_use(use, name):
    assert [n for n, _data in facts(bod(operations(actual(use))))] == [name]


@pytest.mark.parametrize("use", ["Returned Sample", "Resurned Sample"])
def test_a_returned_sample_has_no_effect_and_is_named(use):
    found = read(bod(operations(actual(use))))
    assert found.facts == []
    [(node, why)] = found.ignored
    assert node.path.endswith("/MaterialActual")
    assert "returned" in why


def test_scrap_takes_the_reason_that_is_given():
    reason = (
        "<MaterialActualProperty><ID>ReasonCode</ID><Value><ValueString>CRACK"
        "</ValueString></Value></MaterialActualProperty>"
    )
    use = '<MaterialUse OtherValue="Scrapped">Other</MaterialUse>'
    text = bod(operations(actual(use, code=None, more=reason)))
    [(_name, data)] = facts(text)
    assert data["reasonCode"] == "CRACK"
    assert "materialDefinitionId" not in data


@pytest.mark.parametrize(
    ("written", "value"),
    [(" 24.910 ", "24.910"), ("+5", "5"), ("5.", "5"), (".5", "0.5"), ("007", "7")],
)
def test_numbers(written, value):
    [(_name, data)] = facts(bod(operations(actual(amount=quantity(written, "KG")))))
    assert data["materials"][0]["quantity"] == {"value": value, "unitCode": "KG"}


def test_nothing_used_is_no_event_but_named():
    found = read(bod(operations(actual(amount=quantity("0.000", None)))))
    assert (found.facts, found.ignored[0][1]) == ([], "the quantity is 0")


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2026-01-31T06:00:00.1234567+01:00", "2026-01-31T05:00:00.123456Z"),
        ("2026-01-31T06:00:00+0100", "2026-01-31T05:00:00Z"),
        ("2026-01-31 06:00:00Z", "2026-01-31T06:00:00Z"),
        ("2026-01-31T06:00", "2026-01-31T05:00:00Z"),
        ("20260131T060000", "2026-01-31T05:00:00Z"),
        ("2026-07-31T06:00:00,5", "2026-07-31T04:00:00.500000Z"),
        ("2026-01-31T24:00:00Z", "2026-02-01T00:00:00Z"),
    ],
)
def test_times(written, time):
    times = f"<ActualEndTime>{written}</ActualEndTime>"
    text = bod(operations(actual(), times=times))
    [(_name, data)] = facts(text, zone="Europe/Berlin")
    assert data["time"] == time


@pytest.mark.parametrize(
    "written",
    [
        "31.01.2026 06:00",
        "2026-13-01T00:00:00Z",
        "2026-01-31T25:00:00Z",
        "2026-01-31",
        "yesterday",
        "0001-01-01T00:00:00Z",
        "2026-10-25T02:30:00",  # twice in Berlin
        "2026-03-29T02:30:00",  # never there
        "2026-01-31T06:00:00+25:00",
    ],
)
def test_times_that_are_refused(written):
    times = f"<ActualEndTime>{written}</ActualEndTime>"
    text = bod(operations(actual(), times=times))
    refused(text, "time-invalid", "/ActualEndTime", zone="Europe/Berlin")


def test_labour():
    def person(inside, times=""):
        actual = f"<PersonnelActual><ID>p</ID><PersonID>A1</PersonID>{inside}"
        text = bod(operations(f"{actual}</PersonnelActual>", times=times))
        return read(text)

    [fact] = person(quantity("PT1H30M", None)).facts
    assert fact.data["duration"] == {"value": "5400", "unitCode": "SEC"}
    assert "time" not in fact.data
    times = (
        "<ActualStartTime>2026-01-31T06:00:00Z</ActualStartTime>"
        "<ActualEndTime>2026-01-31T07:00:00Z</ActualEndTime>"
    )
    [fact] = person(quantity(1, "EA"), times).facts  # one person, not one hour
    assert fact.data["startTime"] == "2026-01-31T06:00:00Z"
    assert fact.data["endTime"] == "2026-01-31T07:00:00Z"
    found = person("")
    assert (found.facts, len(found.ignored)) == ([], 1)


# -- refusals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "path"),
    [
        (quantity("many"), "/Quantity/QuantityString"),
        (quantity("-5"), "/Quantity/QuantityString"),
        (quantity("1E3"), "/Quantity/QuantityString"),
        (quantity("NaN"), "/Quantity/QuantityString"),
        (quantity("1,5"), "/Quantity/QuantityString"),
        (quantity("1 000"), "/Quantity/QuantityString"),
        (quantity("٣"), "/Quantity/QuantityString"),
        (quantity("9" * 35), "/Quantity/QuantityString"),
        (quantity("", "KGM"), "/QuantityString"),
        (quantity("5", ""), "/Quantity"),
        ("", "/MaterialActual[2]"),
        (quantity(5) + quantity(6), "/Quantity[2]"),
    ],
)
def test_quantities_that_are_refused(amount, path):
    text = bod(operations(actual() + "\n" + actual(amount=amount)))
    refusal = refused(text, "quantity-invalid", path)
    assert "/MaterialActual[2]" in refusal.path
    assert refusal.line == 2
    assert "(line 2)" in refusal.rule


def test_an_end_before_the_start():
    times = (
        "<ActualStartTime>2026-01-31T07:00:00Z</ActualStartTime>"
        "<ActualEndTime>2026-01-31T07:30:00+01:00</ActualEndTime>"
    )
    text = bod(operations(actual(), times=times))
    refused(text, "time-invalid", "/SegmentResponse/ActualEndTime")
    more = times.replace("Actual", "")
    refused(bod(operations("", more=more)), "time-invalid", "Response/EndTime")


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (job(actual(), order=None), "schema", "/JobResponse"),
        (bod(operations(actual(use=""))), "schema", "/MaterialActual"),
        (bod(operations(actual(code=""))), "schema", "/MaterialActual"),
        (
            bod(operations(actual(before="<MaterialDefinitionID>X</MaterialDefinitionID>"))),
            "schema",
            "/MaterialDefinitionID[1]",
        ),
        (bod(operations(actual("Inventoried"))), "not-supported", "/MaterialUse"),
        (bod(operations(actual("By-product Produced"))), "not-supported", "Actual"),
        (bod(job("", state="Aborted")), "not-supported", "/JobState"),
        (bod("<OperationsPerformance><OperationsType>Maintenance</OperationsType>"
             "</OperationsPerformance>"), "not-supported", "/OperationsType"),
        (bod(""), "schema", "/SyncThing"),
        (bod(job(""), verb="Get"), "not-supported", "/GetThing"),
        (bod(job(""), verb="Change"), "not-supported", "/ChangeThing"),
        ("<html/>", "not-supported", "/html"),
        (bod(job("")).replace("<Sync/>", '<Sync><ActionCriteria><ActionExpression '
         'actionCode="Delete"/></ActionCriteria></Sync>'),
         "not-supported", "/ActionExpression"),
        (bod(job(""), created="soon"), "time-invalid", "/CreationDateTime"),
    ],
)  # fmt: skip
def test_documents_that_are_refused(text, code, path):
    refused(text, code, path)


# -- identity --------------------------------------------------------------------------


def test_a_document_is_known_by_its_id():
    assert read(bod(operations(actual()))).identity == "MES/B-1"
    assert read(bod(operations(actual()), bodid=None)).identity == (
        "MES/OperationsPerformance/P"
    )
    long = read(bod(operations(actual()), bodid="x" * 400)).identity
    assert long.startswith("sha256-")


def test_without_an_id_it_is_known_by_all_it_says():
    body = b2mml_data.vendor("PES")
    known = read(body).identity
    assert read(body.replace(b"  ", b"\t")).identity == known
    text = body.decode("utf-8-sig").replace("utf-8", "utf-16")
    assert read(text.encode("utf-16")).identity == known
    assert read(body.replace(b"0.41", b"0.42")).identity != known
    assert read(body.replace(b"11:58:25", b"11:58:26")).identity != known


def test_every_event_of_a_document_has_an_id_of_its_own():
    inside = actual() + actual("Produced") + actual("Produced")
    found = read(bod(operations(inside + "<SegmentState>Completed</SegmentState>")))
    names = [fact.name for fact in found.facts]
    assert len(set(names)) == len(names) == 4


TEXT = st.text(max_size=20)
PART = st.builds(
    actual,
    st.sampled_from(["Consumed", "Produced", "", "Scrap", "Returned Sample"]),
    st.sampled_from(["BOARD", "", "x" * 200]),
    st.sampled_from([quantity(5), quantity("x"), "", quantity(0), quantity(1, "")]),
)
ESCAPED = st.sampled_from(
    ["a", "&lt;", "&#9;", "2026-01-31T06:00:00Z", "", "<X/>", "<ID>1</ID>"]
)


@given(st.lists(PART, max_size=3), ESCAPED, ESCAPED, st.sampled_from(["", "Running"]))
def test_whatever_comes_follows_the_schemas_or_is_refused(
    store, parts, order, time, state
):
    """What reads well is an event that the inbox takes, but for lengths of codes."""
    state = f"<SegmentState>{state}</SegmentState>" if state else ""
    times = f"<ActualStartTime>{time}</ActualStartTime>" if time else ""
    text = bod(operations("".join(parts) + state, order, times=times))
    try:
        found = read(text)
    except Refusal as refusal:
        assert refusal.path.startswith("/SyncThing")
        return
    for fact in found.facts:
        errors = store.errors(fact.type, fact.data)
        too_long = all("120 characters" in error.detail for error in errors)
        assert too_long, errors
        for error in errors:
            assert fact.place(error.pointer).line


def test_elements_keep_their_case_in_paths():
    root = etree.fromstring(b"<a><B/><b/><B/></a>")
    node = document.Node(root)
    assert [child.path for child in node.nodes] == ["/a/B[1]", "/a/b[2]", "/a/B[3]"]
