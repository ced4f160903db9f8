# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The AsyncAPI document; its own parser reads it in tests/e2e, over a server."""

import json
import re

from engine import asyncapi, openapi
from engine.envelope import from_dict
from engine.routes import PREFIX
from engine.schemas import SchemaStore

DIRECTIONS = {"mfg.event.posted.v1": "out", "mfg.event.parked.v1": "out"}
INCOMING = "mfg.connection.tested.v1"


def test_each_type_goes_its_way(store):
    directions = {one: "in" for one in store.types()} | DIRECTIONS
    document = asyncapi.build(store, directions)
    channels = document["channels"]
    door, outbox = channels["postEvents"], channels["pullOutbox"]
    assert door["address"] == f"{PREFIX}/events"
    assert set(outbox["messages"]) == set(DIRECTIONS)
    assert set(door["messages"]) == set(store.types()) - set(DIRECTIONS)
    reply = document["operations"][f"receive.{INCOMING}"]["reply"]
    assert reply["channel"] == {"$ref": "#/channels/pullOutbox"}
    assert len(reply["messages"]) == len(DIRECTIONS)


def test_what_is_fetched_can_be_pushed_as_well(store):
    document = asyncapi.build(store, DIRECTIONS)
    pushed, outbox = (document["channels"][n] for n in ("pushEvent", "pullOutbox"))
    assert pushed["address"] is None  # the plant's own
    assert pushed["messages"] == outbox["messages"]
    hook = openapi.build(store, DIRECTIONS)["webhooks"]["event"]["post"]
    assert hook["operationId"] == "pushEvent"
    assert {"2XX", "410", "422", "5XX"} <= set(hook["responses"])


def test_it_refers_to_what_is_there_and_holds_nothing_else(store):
    document = asyncapi.build(store, DIRECTIONS)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        node = document
        for part in reference.split("/"):
            node = node[part]
    text = json.dumps(document)
    for name in document["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text, name


def test_the_schemas_are_those_of_the_openapi(store):
    ours = asyncapi.build(store, DIRECTIONS)["components"]["schemas"]
    theirs = openapi.build(store, DIRECTIONS)["components"]["schemas"]
    assert ours == {name: theirs[name] for name in ours}


def test_the_examples_are_events(store):
    for name, message in asyncapi.build(store)["components"]["messages"].items():
        assert [from_dict(one["payload"]).type for one in message["examples"]] == [name]


def test_a_server_that_is_known_is_named(store):
    server = asyncapi.build(store, server_url="https://odoo.example:8443")["servers"]
    assert server["odoo"]["host"] == "odoo.example:8443"
    assert server["odoo"]["protocol"] == "https"


def test_without_schemas_there_is_nothing_to_say(tmp_path):
    document = asyncapi.build(SchemaStore([tmp_path]))
    assert document["operations"] == {}
    assert document["components"]["messages"] == {}
