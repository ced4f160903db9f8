# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta, timezone

import pytest
from engine.times import format_time, is_time, parse_time
from hypothesis import given
from hypothesis import strategies as st

ZONES = st.integers(-1439, 1439).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)


@given(MOMENTS)
def test_agrees_with_python_on_every_moment(moment):
    assert parse_time(moment.isoformat()) == moment
    assert parse_time(moment.isoformat()).utcoffset() == timedelta(0)


@given(MOMENTS)
def test_what_is_written_can_be_read(moment):
    assert format_time(moment).endswith("Z")
    assert parse_time(format_time(moment)) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-29T02:30:00+01:00", datetime(2026, 3, 29, 1, 30)),
        ("2026-01-31t06:00:00z", datetime(2026, 1, 31, 6)),
        ("2026-01-31T06:00:00.1234567Z", datetime(2026, 1, 31, 6, 0, 0, 123456)),
        ("2026-01-31T06:00:00.5Z", datetime(2026, 1, 31, 6, 0, 0, 500000)),
        ("2026-01-31T06:00:00-00:00", datetime(2026, 1, 31, 6)),
        ("2026-01-31T06:00:00+23:59", datetime(2026, 1, 30, 6, 1)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1)),
        ("2017-01-01T00:59:60.5+01:00", datetime(2017, 1, 1)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29)),
    ],
)
def test_the_forms_of_rfc_3339(text, moment):
    assert parse_time(text) == moment.replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T06:00:00",
        "2026-01-31 06:00:00Z",
        "2026-01-31",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T06:60:00Z",
        "2026-01-31T06:00:60Z",
        "2026-12-31T23:59:61Z",
        "2026-01-31T06:00:00+24:00",
        "2026-01-31T06:00:00+01:60",
        "2026-01-31T06:00:00+0100",
        "2026-01-31T06:00:00.Z",
        "2026-01-31T06:00:00.0123456789Z",
        "2026-01-31T06:00Z",
        "20260131T060000Z",
        "2026-01-31T06:00:00Z\n",
        "٢026-01-31T06:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:00:00-02:00",
        "",
        None,
        5,
    ],
)
def test_anything_else_is_no_time(text):
    assert not is_time(text)
    with pytest.raises(ValueError):
        parse_time(text)


@given(st.text(max_size=40))
def test_no_text_makes_it_crash(text):
    assert is_time(text) in (True, False)
