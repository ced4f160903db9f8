# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The store and its words, on a schema made of everything the catalogue shares."""

import json
from copy import deepcopy
from decimal import Decimal

import pytest
from engine.failure import Failure
from engine.schemas import SchemaStore, compiled
from engine.strict_json import loads
from engine.times import is_time
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

TYPE = "mfg.sample.v1"


def common(name):
    return {"$ref": f"common.v1.json#/$defs/{name}"}


SAMPLE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Sample",
    "type": "object",
    "additionalProperties": False,
    "required": ["jobOrderId", "time"],
    "anyOf": [{"required": ["quantity"]}, {"required": ["startTime", "endTime"]}],
    "dependentRequired": {"endTime": ["startTime"]},
    "properties": {
        "jobOrderId": common("jobOrderId"),
        "quantity": common("quantity"),
        "duration": common("duration"),
        "time": common("dateTime"),
        "startTime": common("dateTime"),
        "endTime": common("dateTime"),
        "materials": common("materials"),
        "byProducts": common("byProducts"),
        "lots": common("lots"),
        "version": common("version"),
        "reason": common("text"),
        "backflush": {"enum": ["auto", "always", "never"]},
        "final": {"type": "boolean"},
        "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "names": {"type": "array", "uniqueItems": True, "items": common("personId")},
    },
}
QUANTITY = {"value": "5.000", "unitCode": "KGM"}
GOOD = {"jobOrderId": "WH/MO/00042", "time": "2026-01-31T06:00:00Z"}
GOOD["quantity"] = QUANTITY


@pytest.fixture(scope="session")
def sample(tmp_path_factory, schema_directories):
    folder = tmp_path_factory.mktemp("schemas")
    (folder / f"{TYPE}.json").write_text(json.dumps(SAMPLE))
    return SchemaStore([schema_directories[0], folder])


@pytest.fixture
def found(sample):
    """What the store finds wrong with the good sample after some changes."""

    def errors(**changes):
        data = {**deepcopy(GOOD), **changes}
        kept = {name: value for name, value in data.items() if value is not ...}
        return {e.pointer: e.detail for e in sample.errors(TYPE, kept)}

    return errors


def test_what_follows_the_schema_is_accepted(found):
    assert found() == {}
    lots = [{"materialLotId": "L1", "quantity": QUANTITY}, {"materialLotId": "L 2"}]
    used = {"materialDefinitionId": "BAR", "quantity": QUANTITY, "lots": lots}
    assert (
        found(
            materials=[{**used, "storageLocation": "WH/Stock/Shelf 1", "final": True}],
            byProducts=[used],
            duration={"value": Decimal("1.5"), "unitCode": "HUR"},
            reason="line 1\nline 2\tend",
            version=3,
            share=Decimal("0.5"),
            names=["a", "b"],
        )
        == {}
    )


@pytest.mark.parametrize(
    ("changes", "pointer", "detail"),
    [
        ({"jobOrderId": ...}, "/jobOrderId", "is required"),
        ({"jobOrderId": ""}, "/jobOrderId", "must not be empty"),
        ({"jobOrderId": 5}, "/jobOrderId", "must be a text, not a number"),
        ({"jobOrderId": None}, "/jobOrderId", "must be a text, not null"),
        ({"jobOrderId": "x" * 121}, "/jobOrderId", "must have at most 120 characters"),
        ({"joborderid": "x"}, "/joborderid", "did you mean jobOrderId?"),
        ({"a/b~": 1}, "/a~1b~0", "is not a known field"),
        ({"time": "2026-01-31T06:00:00"}, "/time", "with offset, such as 2026"),
        ({"time": "2026-02-30T06:00:00Z"}, "/time", "with offset, such as 2026"),
        ({"quantity": "5 kg"}, "/quantity", "must be an object, not a text"),
        ({"quantity": {"value": "5"}}, "/quantity/unitCode", "is required"),
        ({"materials": []}, "/materials", "must not be empty"),
        (
            {"materials": [{"quantity": QUANTITY}]},
            "/materials/0/materialDefinitionId",
            "is",
        ),
        ({"backflush": "yes"}, "/backflush", "must be one of: auto, always, never"),
        ({"final": "true"}, "/final", "must be true or false, not a text"),
        ({"final": 1}, "/final", "must be true or false, not a number"),
        ({"version": 0}, "/version", "must be at least 1"),
        ({"version": Decimal("1.5")}, "/version", "must be a whole number"),
        ({"share": 0}, "/share", "must be greater than 0"),
        ({"share": Decimal("1.0000000000000000000000001")}, "/share", "at most 1"),
        ({"share": True}, "/share", "must be a number, not true"),
        ({"names": ["a", "a"]}, "/names", "must not list the same item twice"),
        ({"quantity": ...}, "", "must have quantity or startTime and endTime"),
        ({"endTime": GOOD["time"]}, "/startTime", "is required together with endTime"),
        ({"reason": "a\x07b"}, "/reason", "does not have the required form: Free text"),
    ],
)
def test_a_refusal_names_the_field_and_the_rule(found, changes, pointer, detail):
    [(where, words)] = found(**changes).items()
    assert where == "/data" + pointer
    assert detail in words


@pytest.mark.parametrize(
    "value",
    ["0", "-5", "5.000", 0, -1, Decimal("0.001"), "9" * 34, Decimal("1E+33")],
)
def test_the_schema_fixes_only_the_form_of_a_quantity(found, value):
    """Whether it may be zero or negative is a business question."""
    assert found(quantity={"value": value, "unitCode": "KGM"}) == {}


@pytest.mark.parametrize(
    "value",
    ["", " 5", "5 ", "5\n", "5,0", "+5", "5e3", ".5", "5.", "NaN", "0x5", "٥", "9" * 35]
    + [True, None, [], {}],
)
def test_other_forms_of_a_quantity_are_refused(found, value):
    wrong = found(quantity={"value": value, "unitCode": "KGM"})
    assert list(wrong) == ["/data/quantity/value"]


@pytest.mark.parametrize("blank", " \t\n\u00a0\u2003\u2028\u3000\ufeff")
def test_identifiers_have_no_blanks_at_their_ends(found, blank):
    assert found(jobOrderId=f"a{blank}") and found(jobOrderId=f"{blank}a")
    assert found(jobOrderId=blank)


@pytest.mark.parametrize("char", "\x00\x01\n\r\t\x1f\x7f\x85\x9f")
def test_identifiers_have_no_control_characters(found, char):
    assert found(jobOrderId=f"a{char}b")


@pytest.mark.parametrize("value", ["x", "a b", "WH/MO/00042 (2)", "Ümlaut-№", "😀"])
def test_identifiers_may_have_any_other_character(found, value):
    assert found(jobOrderId=value) == {}


def test_every_field_has_one_error_and_all_are_listed(found):
    wrong = found(jobOrderId=" ", time=5, version="x", final=0, unknown=1)
    fields = ["final", "jobOrderId", "time", "unknown", "version"]
    assert sorted(wrong) == [f"/data/{name}" for name in fields]


def test_at_most_twenty_errors_are_listed(found):
    assert len(found(materials=[{}] * 500)) == 20


@pytest.mark.parametrize("data", [[], "x", 1, None, True])
def test_data_that_is_no_object_is_refused(sample, data):
    [error] = sample.errors(TYPE, data)
    assert error.pointer == "/data"
    assert error.detail.startswith("must be an object, not ")


def test_words_never_repeat_what_was_sent(found):
    secret = "S3CRET" * 40
    assert "S3CRET" not in str(found(jobOrderId=secret, backflush=secret).values())


def test_check_raises_the_failure_of_the_door(sample):
    sample.check(TYPE, GOOD)
    with pytest.raises(Failure) as caught:
        sample.check(TYPE, {**GOOD, "time": 1})
    assert caught.value.code == "schema"
    assert "Sample" in caught.value.detail
    assert caught.value.errors[0].pointer == "/data/time"


def test_unknown_types_are_key_errors(sample):
    assert "mfg.other.v1" not in sample
    for call in (sample.document, lambda name: sample.errors(name, {})):
        with pytest.raises(KeyError):
            call("mfg.other.v1")


def test_a_document_is_complete_and_a_copy(sample):
    document = sample.document(TYPE)
    assert document["$id"] == TYPE
    assert '"$ref": "common' not in json.dumps(document)
    needed = {"identifier", "decimal", "quantity", "material", "lots", "lot"}
    assert needed <= set(document["$defs"])
    document["properties"].clear()
    assert sample.document(TYPE)["properties"]


# -- the two validators agree ----------------------------------------------------------

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.decimals(-3, 3, places=2),
    st.text(max_size=4),
    st.sampled_from(["5.0", "-1", "KGM", "2026-01-31T06:00:00Z", "x" * 121, "a\n"]),
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "unitCode", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
MEMBERS = st.sampled_from([*SAMPLE["properties"], "unknown"])
LOT = {"materialLotId": "L1", "quantity": QUANTITY}
MATERIAL = {"materialDefinitionId": "BAR", "quantity": QUANTITY, "lots": [LOT]}
FULL = {**GOOD, "materials": [MATERIAL], "byProducts": [MATERIAL], "lots": [LOT]}


def places(value, path=()):
    yield path
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from places(value[key], (*path, key))


@st.composite
def broken(draw):
    """The full sample with one or two values replaced, added or taken away."""
    data = deepcopy(FULL)
    for _change in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from([*places(data)][1:] or [("time",)]))
        holder = data
        for key in path[:-1]:
            holder = holder[key]
        if draw(st.booleans()):
            holder[path[-1]] = draw(JSON)
        elif isinstance(holder, dict):
            holder.pop(path[-1])
        data[draw(MEMBERS)] = draw(JSON) if draw(st.booleans()) else FULL["time"]
    return data


@settings(max_examples=400)
@given(data=broken())
def test_the_wording_validator_agrees_with_the_deciding_one(sample, data):
    decides, worder = sample._compile(TYPE)
    assert decides.is_valid(data) == worder.is_valid(data)
    assert bool(worder.errors(data, "/data")) != decides.is_valid(data)


@settings(max_examples=300)
@given(data=broken())
def test_jsonschema_as_it_comes_agrees_too(sample, data):
    """The second oracle, without our own keywords; Decimals as floats."""
    checker = FormatChecker(formats=())
    checker.checks("date-time")(lambda text: not isinstance(text, str) or is_time(text))
    theirs = Draft202012Validator(sample.document(TYPE), format_checker=checker)
    plain = json.loads(json.dumps(data, default=float))
    if not any(str(leaf).endswith("\n") for leaf in leaves(plain)):  # Python's $
        assert compiled(sample.document(TYPE)).is_valid(plain) == theirs.is_valid(plain)


def leaves(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


@pytest.mark.parametrize("number", ["1.00", "1e0", "10E-1"])
def test_a_decimal_without_fraction_is_a_whole_number(found, number):
    assert found(version=loads(number.encode())) == {}


def test_when_the_words_fail_the_deciding_validator_still_refuses(sample, monkeypatch):
    _decides, worder = sample._compile(TYPE)
    monkeypatch.setattr(worder, "errors", lambda data, prefix: [])
    [error] = sample.errors(TYPE, {**GOOD, "version": 0})
    assert error.pointer == "/data/version"
    assert error.detail


# -- broken schema files ---------------------------------------------------------------


def store_of(tmp_path, **files):
    for name, document in files.items():
        text = document if isinstance(document, str) else json.dumps(document)
        (tmp_path / f"{name.replace('_', '.')}.json").write_text(text)
    return SchemaStore([tmp_path])


@pytest.mark.parametrize(
    "reference",
    ["https://example.com/x.json#/$defs/a", "other.json#/$defs/a", "#/$defs/no", "#/x"]
    + ["common.v1.json#/$defs/no", "common.v1.json", "../common.v1.json#/$defs/a"],
)
def test_a_reference_to_nowhere_shows_at_start_up(tmp_path, reference):
    shared = {"$defs": {"a": {"type": "string"}}}
    with pytest.raises(ValueError, match=r"mfg\.x\.v1.*there is no"):
        store_of(tmp_path, common_v1=shared, mfg_x_v1={"items": {"$ref": reference}})


def test_two_definitions_of_one_name_are_not_mixed_up(tmp_path):
    shared = {"$defs": {"a": {"type": "string"}}}
    mine = {"$defs": {"a": {"type": "number"}}, "$ref": "common.v1.json#/$defs/a"}
    with pytest.raises(ValueError, match="two definitions"):
        store_of(tmp_path, common_v1=shared, mfg_x_v1=mine)


def test_own_definitions_stand_beside_those_of_another_file(tmp_path):
    shared = {"$defs": {"name": {"$ref": "#/$defs/text"}, "text": {"type": "string"}}}
    mine = {
        "properties": {"who": {"$ref": "common.v1.json#/$defs/name"}},
        "additionalProperties": {"$ref": "#/$defs/pair"},
        "$defs": {
            "pair": {"items": {"$ref": "#/$defs/one"}},
            "one": {"$ref": "common.v1.json#/$defs/text"},
        },
    }
    store = store_of(tmp_path, common_v1=shared, mfg_x_v1=mine)
    assert store.errors("mfg.x.v1", {"who": "Ann", "both": ["a", "b"]}) == []
    wrong = store.errors("mfg.x.v1", {"who": 1, "both": ["a", 2]})
    assert {error.pointer for error in wrong} == {"/data/who", "/data/both/1"}
    assert set(store.document("mfg.x.v1")["$defs"]) == {"name", "text", "pair", "one"}


def test_definitions_may_refer_to_themselves_and_examples_to_anything(tmp_path):
    shared = {"$defs": {"tree": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}
    mine = {"$ref": "common.v1.json#/$defs/tree", "examples": [{"$ref": "x#/y"}]}
    store = store_of(tmp_path, common_v1=shared, mfg_x_v1=mine)
    assert store.errors("mfg.x.v1", [[], [[]]]) == []
    assert store.errors("mfg.x.v1", [[1]])[0].pointer == "/data/0/0"
    assert store.document("mfg.x.v1")["examples"] == [{"$ref": "x#/y"}]


def test_a_file_that_is_no_json_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"mfg\.x\.v1\.json"):
        store_of(tmp_path, mfg_x_v1="{")


def test_one_type_has_one_file(tmp_path):
    store_of(tmp_path, mfg_x_v1={})
    with pytest.raises(ValueError, match="another directory"):
        SchemaStore([tmp_path, tmp_path])


def test_patterns_run_in_linear_time():
    assert not compiled({"pattern": "^(a+)+$"}).is_valid("a" * 5000 + "!")
    with pytest.raises(ValueError):
        compiled({"pattern": "^(?!a)"})  # needs backtracking
