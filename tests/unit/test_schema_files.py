# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Rules that every published schema keeps, whichever addon it comes from."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from engine.envelope import from_dict
from engine.openapi import example_event
from engine.schemas import SchemaStore
from engine.strict_json import dumps, loads
from jsonschema import Draft202012Validator

ADDONS = Path(__file__).resolve().parents[2] / "addons"
FILES = sorted(ADDONS.glob("*/schemas/*.json"))
MESSAGES = [path for path in FILES if path.name.startswith("mfg.")]
TYPES = [path.name.removesuffix(".json") for path in MESSAGES]
STORE = SchemaStore(sorted(ADDONS.glob("*/schemas")))


def named(paths):
    return [pytest.param(path, id=path.name) for path in paths]


def subschemas(node):
    if isinstance(node, dict):
        yield node
        for keyword, inner in node.items():
            if keyword not in ("examples", "enum", "const", "default"):
                yield from subschemas(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from subschemas(inner)


def test_there_are_schemas():
    assert len(MESSAGES) >= 3


@pytest.mark.parametrize("path", named(FILES))
def test_a_file_is_draft_2020_12_for_both_validators(path):
    document = json.loads(path.read_text())
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(document)
    assert jsonschema_rs.meta.is_valid(document)


@pytest.mark.parametrize("path", named(MESSAGES))
def test_a_message_is_named_as_its_file(path):
    document = json.loads(path.read_text())
    assert document.get("$id", path.stem) == path.stem
    assert document["title"] and document["description"]
    assert document["type"] == "object"


@pytest.mark.parametrize("event_type", TYPES)
def test_objects_are_closed_and_everything_has_a_limit(event_type):
    for schema in subschemas(STORE.document(event_type)):
        kinds = schema.get("type", ())
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "object" in kinds and "properties" in schema:
            assert schema.get("additionalProperties") is False, schema
        if "array" in kinds:
            assert schema.get("maxItems", 1001) <= 1000, schema
        if "string" in kinds and not schema.keys() & {"enum", "const"}:
            assert schema.get("maxLength", 4001) <= 4000, schema


@pytest.mark.parametrize("event_type", TYPES)
def test_the_examples_are_valid_and_complete_events(event_type):
    document = STORE.document(event_type)
    assert document["examples"]
    for number, data in enumerate(document["examples"]):
        exact = loads(dumps(data).encode())
        assert STORE.errors(event_type, exact) == []
        event = from_dict(example_event(STORE, event_type, number))
        assert (event.type, event.data) == (event_type, data)


@pytest.mark.parametrize("event_type", TYPES)
def test_a_field_nobody_knows_is_refused(event_type):
    data = {**STORE.document(event_type)["examples"][0], "company_id": 1}
    assert [e.pointer for e in STORE.errors(event_type, data)] == ["/data/company_id"]


@pytest.mark.parametrize("event_type", TYPES)
def test_every_required_field_is_missed(event_type):
    document = STORE.document(event_type)
    for name in document.get("required", ()):
        data = {key: document["examples"][0][key] for key in document["examples"][0]}
        del data[name]
        assert f"/data/{name}" in [e.pointer for e in STORE.errors(event_type, data)]
