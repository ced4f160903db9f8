# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""B2MML of every version becomes the same events."""

import pytest

from tests import b2mml_data
from tests.b2mml_written import (
    SPACES,
    V4,
    V7,
    actual,
    bod,
    facts,
    job,
    operations,
    quantity,
    read,
    refused,
)


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
    ended = {"jobOrderId": "WH/MO/2", "time": created, "final": True}
    assert found[3][1] == ended


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
    assert facts(text)[0][1]["final"] is True  # also of an order with one operation
