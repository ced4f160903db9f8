# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from datetime import datetime, timedelta, timezone

import pytest
from cloudevents.v1.conversion import to_binary
from cloudevents.v1.conversion import to_dict as as_dict
from cloudevents.v1.http import CloudEvent
from engine.envelope import (
    Event,
    from_binary,
    from_dict,
    is_uri_reference,
    salvage,
    salvage_binary,
    to_headers,
)
from engine.failure import Failure
from hypothesis import given
from hypothesis import strategies as st

GOOD = {
    "specversion": "1.0",
    "id": "7b1c-42",
    "source": "urn:plant:mes",
    "type": "mfg.production.reported.v1",
    "data": {"jobOrderId": "WH/MO/00042"},
}


def errors(event=None, **changes):
    with pytest.raises(Failure) as caught:
        from_dict({**GOOD, **changes} if event is None else event)
    assert caught.value.code == "schema"
    return {error.pointer: error.detail for error in caught.value.errors}


def test_the_least_event_is_read():
    event = from_dict(GOOD)
    assert event == Event(GOOD["id"], GOOD["source"], GOOD["type"], data=GOOD["data"])
    assert event.time is event.sequence is event.subject is None


def test_every_known_attribute_is_kept():
    event = from_dict(
        {
            **GOOD,
            "subject": "WH/MO/00042",
            "time": "2026-01-31T06:00:00.250+01:00",
            "expirytime": "2026-02-01T00:00:00Z",
            "datacontenttype": "application/json; charset=utf-8",
            "dataschema": "https://example.com/schema",
            "partitionkey": "line 1",
            "sequence": "0042",
            "correlationid": "c",
            "causationid": "d",
            "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
        }
    )
    assert event.time == datetime(2026, 1, 31, 5, 0, 0, 250000, timezone.utc)
    assert event.time.utcoffset() == timedelta(0)
    assert event.expirytime == datetime(2026, 2, 1, tzinfo=timezone.utc)
    assert (event.sequence, event.partitionkey) == (42, "line 1")
    assert (event.correlationid, event.causationid) == ("c", "d")
    assert event.traceparent.endswith("-01")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "7b1c-42"),
        ({"subject": "MO1"}, "MO1"),
        ({"subject": "MO1", "partitionkey": "P"}, "P"),
    ],
)
def test_the_key_is_the_partition_key_else_the_subject_else_the_id(changes, key):
    assert from_dict({**GOOD, **changes}).key == key


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_what_is_no_object_is_no_event(value):
    assert list(errors(event=value if value is not None else "")) == [""]


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "data"])
@pytest.mark.parametrize("how", ["absent", None, "", 1, True, [], "x\ny"])
def test_required_attributes_are_required(name, how):
    event = {**GOOD, name: how}
    if how == "absent":
        del event[name]
    assert list(errors(event)) == [f"/{name}"]


def test_all_errors_are_listed_at_once():
    found = errors({"specversion": "0.3", "time": "now", "sequence": -1, "Up": 1})
    names = ["Up", "data", "id", "sequence", "source", "specversion", "time", "type"]
    assert sorted(found) == [f"/{name}" for name in names]


@pytest.mark.parametrize(
    ("name", "length"),
    [("id", 255), ("source", 255), ("type", 100), ("subject", 255)]
    + [("partitionkey", 255), ("correlationid", 255), ("causationid", 255)],
)
def test_lengths_are_limited(name, length):
    assert getattr(from_dict({**GOOD, name: "x" * length}), name) == "x" * length
    assert list(errors(**{name: "x" * (length + 1)})) == [f"/{name}"]


@pytest.mark.parametrize("char", "\x00\n\x1f\x7f\x85\u009f\ufdd0\ufffe\U0010ffff\ud800")
@pytest.mark.parametrize("name", ["id", "type", "subject", "partitionkey"])
def test_control_and_noncharacters_are_refused(name, char):
    assert list(errors(**{name: f"a{char}b"})) == [f"/{name}"]


@pytest.mark.parametrize(
    "value",
    ["/plant1/mes", "mes", "urn:plant:mes", "https://user@h.example:8/a;b?c=d#e"]
    + [
        "mailto:a@b.c",
        "//h/x",
        "?q",
        "#f",
        "./a:b",
        "a%20b",
        "http://[::1]:80/x",
        "1-555",
    ],
)
def test_uri_references_are_sources(value):
    assert from_dict({**GOOD, "source": value}).source == value


@pytest.mark.parametrize(
    "value",
    [
        "a b",
        "1a:b",
        ":x",
        "ä",
        "a%zz",
        "a%2",
        "x#y#z",
        "<x>",
        "a\\b",
        "http://[::1/",
        "{x}",
    ],
)
def test_other_texts_are_no_sources(value):
    assert not is_uri_reference(value)
    assert list(errors(source=value)) == ["/source"]


@pytest.mark.parametrize("value", [0, 7, "0", "007", 10**18 - 1, "9" * 18])
def test_sequences_count_from_zero(value):
    assert from_dict({**GOOD, "sequence": value}).sequence == int(value)


@pytest.mark.parametrize(
    "value",
    [-1, "-1", "", "1.0", 1.5, True, False, 10**18, "9" * 19, "١", "1 ", "0x1", []],
)
def test_other_sequences_are_refused(value):
    assert list(errors(sequence=value)) == ["/sequence"]


@pytest.mark.parametrize("name", ["time", "expirytime"])
@pytest.mark.parametrize("value", ["2026-01-31T06:00:00", "yesterday", 5, "", []])
def test_times_need_their_offset(name, value):
    assert list(errors(**{name: value})) == [f"/{name}"]


def test_a_far_future_time_is_for_the_business_to_judge():
    assert from_dict({**GOOD, "time": "2999-01-01T00:00:00Z"}).time.year == 2999


@pytest.mark.parametrize(
    "value", ["application/json", "Application/JSON", "application/vnd.x+json;a=b"]
)
def test_json_media_types_are_taken(value):
    assert from_dict({**GOOD, "datacontenttype": value})


@pytest.mark.parametrize(
    "value", ["text/plain", "application/xml", "json", 1, "", "a/b"]
)
def test_other_media_types_are_refused(value):
    assert list(errors(datacontenttype=value)) == ["/datacontenttype"]


def test_binary_data_is_refused():
    event = {name: GOOD[name] for name in GOOD if name != "data"}
    assert list(errors({**event, "data_base64": "e30="})) == ["/data_base64"]
    assert list(errors(data_base64="e30=")) == ["/data_base64"]


@pytest.mark.parametrize("value", [[], "x", 1, None, True])
def test_data_is_an_object(value):
    assert list(errors(data=value)) == ["/data"]


@pytest.mark.parametrize("value", ["x", 1, 1.5, True, None, "x" * 5000])
def test_unknown_extensions_are_dropped(value):
    event = from_dict({**GOOD, "myextension1": value})
    assert event == from_dict(GOOD)
    assert "myextension1" not in event.to_dict()


@pytest.mark.parametrize("value", [{}, [1]])
def test_an_extension_is_no_structure(value):
    assert list(errors(myextension=value)) == ["/myextension"]


@pytest.mark.parametrize("name", ["Id", "my_ext", "x" * 21, "é", "a-b", "a.b"])
def test_attribute_names_are_lower_case_and_short(name):
    assert list(errors(**{name: 1})) == [f"/{name[:40]}"]


@pytest.mark.parametrize("name", ["", "\x00", "a\ud800"])
def test_an_attribute_name_that_cannot_be_shown_is_not_shown(name):
    assert [pointer for pointer in errors(**{name: 1})] == [""]


def test_null_is_absent():
    optional = (
        "subject",
        "time",
        "sequence",
        "partitionkey",
        "dataschema",
        "traceparent",
    )
    assert from_dict({**GOOD, **dict.fromkeys(optional)}) == from_dict(GOOD)


@pytest.mark.parametrize("value", ["x", f"00-{'A' * 32}-{'b' * 16}-01", "00-1-2-3"])
def test_a_trace_that_cannot_be_continued_is_dropped(value):
    assert from_dict({**GOOD, "traceparent": value}).traceparent is None


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]), min_size=1
).filter(lambda text: len(text) < 100)
EVENTS = st.fixed_dictionaries(
    {**{name: st.just(GOOD[name]) for name in GOOD}, "id": NAMES, "type": NAMES},
    optional={
        "subject": NAMES,
        "partitionkey": NAMES,
        "correlationid": NAMES,
        "sequence": st.integers(0, 10**18 - 1).map(str),
        "time": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    },
)


@given(EVENTS)
def test_reading_what_was_written_gives_the_same_event(attributes):
    event = from_dict(attributes)
    assert from_dict(event.to_dict()) == event


@given(EVENTS)
def test_structured_mode_agrees_with_the_cloudevents_library(attributes):
    data = attributes.pop("data")
    theirs = as_dict(CloudEvent(attributes, data))
    theirs["time"] = attributes.get("time")
    assert from_dict(theirs) == from_dict({**attributes, "data": data})


def test_binary_mode_agrees_with_the_cloudevents_library():
    attributes = {name: GOOD[name] for name in GOOD if name != "data"}
    attributes.update(subject="WH/MO/00042", sequence="7", time="2026-01-31T06:00:00Z")
    attributes["datacontenttype"] = "application/json"
    headers, _body = to_binary(CloudEvent(attributes, GOOD["data"]))
    assert from_binary(headers, GOOD["data"]) == from_dict({**attributes, **GOOD})


def binary(**headers):
    names = {name: str(GOOD[name]) for name in GOOD if name != "data"}
    return {f"CE-{name.title()}": text for name, text in {**names, **headers}.items()}


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("Caf%C3%A9", "Café"),
        ("a%20b", "a b"),
        ("100%25", "100%"),
        ('"a b"', "a b"),
        (r'"a\"b\\c"', r'a"b\c'),
        ("%F0%9F%98%80", "\U0001f600"),
        ('"', '"'),
    ],
)
def test_headers_are_unquoted_then_percent_decoded(header, subject):
    assert from_binary(binary(subject=header), {}).subject == subject


@pytest.mark.parametrize(
    "subject", ["Café", "a b", "100%", 'a"b\\c', "\U0001f600", '"']
)
def test_headers_we_write_are_read_back(subject):
    event = {**GOOD, "subject": subject, "datacontenttype": "application/xml"}
    headers = to_headers(event)
    assert {name for name, _text in headers} == {
        f"ce-{name}" for name in ("specversion", "id", "source", "type", "subject")
    }
    assert all(text.isascii() and text.isprintable() for _name, text in headers)
    assert from_binary(headers, GOOD["data"]) == from_dict({**GOOD, "subject": subject})


@pytest.mark.parametrize("header", ["Caf\xe9", "%FF", "%ED%A0%80", "é"])
def test_headers_that_are_no_encoded_utf8_are_refused(header):
    with pytest.raises(Failure) as caught:
        from_binary(binary(id=header), {})
    [error] = caught.value.errors
    assert (error.pointer, "percent-encoded" in error.detail) == ("/id", True)


def test_decoded_headers_obey_the_rules_of_attributes():
    with pytest.raises(Failure) as caught:
        from_binary(binary(id="a%00b", sequence="x"), [])
    assert {e.pointer for e in caught.value.errors} == {"/id", "/sequence", "/data"}


def test_the_media_type_is_that_of_the_content_type_header():
    headers = {**binary(), "Content-Type": "text/plain"}
    with pytest.raises(Failure) as caught:
        from_binary(headers, {})
    assert caught.value.errors[0].pointer == "/datacontenttype"
    assert from_binary({**binary(), "content-type": "application/json"}, {})


@pytest.mark.parametrize("name", ["data", "datacontenttype"])
def test_data_and_its_type_are_no_ce_headers(name):
    with pytest.raises(Failure) as caught:
        from_binary(binary(**{name: "application/json"}), {})
    assert [error.pointer for error in caught.value.errors] == [f"/{name}"]


def test_headers_may_be_pairs_and_foreign_ones_do_not_matter():
    pairs = [*binary().items(), ("Host", "x"), ("Accept", "*/*")]
    assert from_binary(pairs, {}).id == GOOD["id"]


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        (GOOD, ("7b1c-42", "urn:plant:mes")),
        ({"id": "a"}, ("a", None)),
        ({"id": 5, "source": ["x"]}, (None, None)),
        ({"id": "", "source": "a\x00b\ud800"}, (None, "a\ufffdb\ufffd")),
        ({"id": "x" * 300}, ("x" * 255, None)),
        ([], (None, None)),
        (None, (None, None)),
        ("id", (None, None)),
    ],
)
def test_what_names_a_refused_event_is_salvaged(value, identity):
    assert salvage(value) == identity


def test_salvaging_from_headers_survives_broken_ones():
    assert salvage_binary({"ce-id": "a%20b", "ce-source": "%FF"}) == ("a b", None)
