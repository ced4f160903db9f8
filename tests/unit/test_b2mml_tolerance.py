# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What real vendors send is read as they mean it."""

import pytest

from tests.b2mml_written import actual, bod, facts, operations, quantity, read, refused


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
