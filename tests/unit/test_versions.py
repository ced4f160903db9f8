# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from engine import versions
from engine.schemas import SchemaStore

OLD, NEW = "mfg.a.v1", "mfg.a.v2"
WORD = {
    "deprecated": True,
    "x-deprecated-at": "2026-06-11T17:27:59+02:00",
    "x-sunset-at": "2026-12-01T00:00:00Z",
    "x-successor": NEW,
}


def store(folder, **word):
    (folder / f"{OLD}.json").write_text(json.dumps({"title": "A", **word}))
    (folder / f"{NEW}.json").write_text(json.dumps({"title": "A"}))
    return SchemaStore([folder])


def test_names_and_numbers():
    assert versions.split("mfg.production.reported.v12") == (
        "mfg.production.reported",
        12,
    )
    for text in ("mfg.a", "mfg.a.v", "mfg.a.vx", ""):
        assert versions.split(text) == (text, 0)


def test_the_latest_of_each_name():
    types = ["mfg.a.v1", "mfg.a.v10", "mfg.a.v9", "mfg.b.v1"]
    assert versions.latest(types) == {"mfg.a.v10", "mfg.b.v1"}
    assert versions.latest([]) == set()


def test_a_version_stays_until_its_file_says_otherwise(tmp_path):
    assert store(tmp_path).ending(OLD) is None
    assert store(tmp_path).ending("mfg.unknown.v1") is None


def test_the_file_is_believed(tmp_path):
    ending = store(tmp_path, **WORD).ending(OLD)
    assert ending.deprecated_at == datetime(2026, 6, 11, 15, 27, 59, tzinfo=UTC)
    assert ending.successor == NEW
    sunset = datetime(2026, 12, 1, tzinfo=UTC)
    assert ending.sunset_at == sunset
    assert ending.is_over(sunset)
    assert not ending.is_over(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))


def test_without_a_date_it_never_ends(tmp_path):
    word = {key: WORD[key] for key in ("deprecated", "x-deprecated-at")}
    ending = store(tmp_path, **word).ending(OLD)
    assert not ending.is_over(datetime(9999, 1, 1, tzinfo=UTC))
    assert [name for name, _value in versions.headers([ending], "/p")] == [
        "Deprecation",
        "Link",
    ]


@pytest.mark.parametrize(
    "word",
    [
        {**WORD, "deprecated": False},
        {"x-sunset-at": WORD["x-sunset-at"]},
        {"deprecated": True},
        {**WORD, "x-sunset-at": "2026-01-01T00:00:00Z"},
        {**WORD, "x-sunset-at": "2027-01-01"},
        {**WORD, "x-successor": "mfg.a.v3"},
        {**WORD, "x-successor": OLD},
    ],
)
def test_half_a_word_shows_at_start_up(tmp_path, word):
    with pytest.raises(ValueError):
        store(tmp_path, **word)


def test_a_word_on_its_end_changes_nothing_of_what_is_accepted(tmp_path):
    word = {**WORD, "type": "object", "required": ["text"]}
    ended = store(tmp_path, **word)
    assert ended.errors(OLD, {"text": "x"}) == []
    assert [error.pointer for error in ended.errors(OLD, {})] == ["/data/text"]


def test_headers_are_those_of_the_standards():
    since = datetime(2023, 6, 30, 23, 59, 59, tzinfo=UTC)
    first = versions.Ending(OLD, since, datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC), NEW)
    later = datetime(2028, 1, 1, tzinfo=UTC)
    second = versions.Ending("mfg.b.v1", datetime(2024, 1, 1, tzinfo=UTC), later)
    told = dict(versions.headers([second, first], "/mfg/v1"))
    assert told["Deprecation"] == "@1688169599"  # the example of RFC 9745
    assert told["Sunset"] == "Sat, 02 Jan 2027 03:04:05 GMT"
    assert parsedate_to_datetime(told["Sunset"]) == first.sunset_at
    links = told["Link"].split(", ")
    assert f'</mfg/v1/schemas/{NEW}>; rel="successor-version"' in links
    assert len(links) == 3
    assert versions.headers([], "/mfg/v1") == []


def test_the_list_of_types_tells_it(tmp_path):
    assert versions.facts(None) == {}
    assert versions.facts(store(tmp_path, **WORD).ending(OLD)) == {
        "deprecatedAt": "2026-06-11T15:27:59Z",
        "sunsetAt": "2026-12-01T00:00:00Z",
        "successor": NEW,
    }
