# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import re
import subprocess
from html.parser import HTMLParser

import pytest
from engine import catalogue, delivery, docs_page, openapi
from engine.docs_fields import fields
from engine.envelope import from_dict
from engine.routes import PREFIX, TAGS, routes
from engine.schemas import SchemaStore, compiled
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

# design.md section 3
DESIGN = {
    ("POST", "/events"),
    ("GET", "/events/{ref}"),
    ("GET", "/outbox"),
    ("POST", "/outbox/ack"),
    ("GET", "/master/{kind}"),
    ("GET", "/joborders"),
    ("GET", "/joborders/{id}"),
    ("GET", "/schemas"),
    ("GET", "/schemas/{type}"),
    ("GET", "/openapi.json"),
    ("GET", "/asyncapi.json"),
    ("GET", "/docs"),
    ("GET", "/health"),
    ("GET", "/metrics"),
}
DIRECTIONS = {"mfg.event.posted.v1": "out", "mfg.event.parked.v1": "out"}
INCOMING = "mfg.connection.tested.v1"


@pytest.fixture(scope="module")
def document(store):
    return openapi.build(store, {**DIRECTIONS, INCOMING: "in"}, "https://odoo.example")


@pytest.fixture(scope="module")
def page(document, store):
    return docs_page.render(document, store, catalogue.CATALOGUE)


def test_the_routes_are_those_of_the_design():
    assert {(route.method, route.path) for route in routes()} == DESIGN
    assert len({route.operation for route in routes()}) == len(DESIGN)
    assert {route.tag for route in routes()} == set(TAGS)


def test_the_document_is_valid_openapi(document):
    errors = OpenAPIV31SpecValidator(json.loads(json.dumps(document))).iter_errors()
    assert [error.message for error in errors] == []


def test_every_route_is_in_the_document(document):
    paths = {
        (method.upper(), path.removeprefix(PREFIX))
        for path, item in document["paths"].items()
        for method in item
    }
    assert paths == DESIGN
    assert document["servers"] == [{"url": "https://odoo.example"}]


def test_only_health_is_open(document):
    for path, item in document["paths"].items():
        for operation in item.values():
            assert (operation.get("security") == []) == (path == "/mfg/v1/health")


def test_the_answers_to_an_event_are_those_of_the_contract(document):
    responses = document["paths"]["/mfg/v1/events"]["post"]["responses"]
    statuses = "200 202 207 400 401 403 409 413 415 422 429 503".split()
    assert set(statuses) <= set(responses)
    for status in ("429", "503"):
        assert "Retry-After" in responses[status]["headers"]
    for status in statuses[3:]:
        assert list(responses[status]["content"]) == ["application/problem+json"]


def test_what_is_said_of_an_answer_to_a_push_is_what_becomes_of_it(document):
    told = document["webhooks"]["event"]["post"]["responses"]
    words = {
        "acknowledged": "Taken",
        "gone": "Nothing more",
        "refused": "Refused for good",
        "retrying": "Tried again",
    }
    for status in range(200, 600):
        verdict = delivery.judge(delivery.Answer(status), 0)
        said = told.get(str(status)) or told[f"{status // 100}XX"]
        assert words[verdict.outcome] in said["description"], status
        misdirected = verdict.code == delivery.codes.MISDIRECTED
        assert ("address or" in said["description"]) == misdirected, status


def component(document, name):
    reference = {"$ref": f"#/components/schemas/{name}"}
    return Draft202012Validator({**reference, "components": document["components"]})


def test_events_in_and_out_are_told_apart(document):
    event = {"specversion": "1.0", "id": "1", "source": "/mes", "type": INCOMING}
    event["data"] = {"text": "hello"}
    assert component(document, "EventIn").is_valid(event)
    assert not component(document, "EventOut").is_valid(event)
    assert not component(document, "EventIn").is_valid({**event, "data": {"x": 1}})
    assert not component(document, "EventIn").is_valid({**event, "type": "mfg.other"})


def test_a_type_without_direction_goes_both_ways(store):
    assert set(openapi.types(store, "in")) == set(openapi.types(store, "out"))
    assert "mfg.event.posted.v1" not in openapi.types(store, "in", DIRECTIONS)


def test_a_type_that_goes_both_ways_is_in_and_out_everywhere(store):
    document = openapi.build(store, {**DIRECTIONS, INCOMING: "both"})
    event = {"specversion": "1.0", "id": "1", "source": "/mes", "type": INCOMING}
    event["data"] = {"text": "hello"}
    assert component(document, "EventIn").is_valid(event)
    assert component(document, "EventOut").is_valid(event)
    page = docs_page.render(document, store, catalogue.CATALOGUE)
    assert f'id="in-{INCOMING}"' in page
    assert f'id="out-{INCOMING}"' in page


def test_the_examples_of_the_document_are_events_it_accepts(document):
    content = document["paths"]["/mfg/v1/events"]["post"]["requestBody"]["content"]
    examples = content["application/cloudevents+json"]["examples"]
    assert INCOMING in examples
    for name, example in examples.items():
        assert from_dict(example["value"]).type == name
        assert component(document, "EventIn").is_valid(example["value"])


def test_every_component_decides_as_the_published_schema(document, store):
    """Moving the definitions must not change what a schema means."""
    for event_type in store.types():
        published = compiled(store.document(event_type))
        moved = component(document, event_type)
        for data in (*store.document(event_type)["examples"], {}, {"x": 1}, []):
            assert moved.is_valid(data) == published.is_valid(data)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        (
            "EventAnswer",
            {"id": "a", "source": None, "status": "accepted", "href": "/x"},
        ),
        ("BatchAnswer", {"results": []}),
        ("Deliveries", {"deliveries": [], "more": False}),
        ("AckAnswer", {"acknowledged": ["1"], "refused": [], "unknown": []}),
        ("Acknowledgement", {"acknowledged": ["1"]}),
        ("Acknowledgement", {"refused": [{"deliveryId": "1", "code": "x"}]}),
        ("Health", {"status": "ok"}),
    ],
)
def test_the_answers_of_the_contract_fit_their_components(document, name, answer):
    assert component(document, name).is_valid(answer)
    assert not component(document, name).is_valid([])


def test_two_definitions_of_one_name_both_survive(tmp_path):
    for name, kind in (("mfg.a.v1", "string"), ("mfg.b.v1", "number")):
        schema = {"$defs": {"code": {"type": kind}}, "items": {"$ref": "#/$defs/code"}}
        (tmp_path / f"{name}.json").write_text(json.dumps(schema))
    document = openapi.build(SchemaStore([tmp_path]))
    assert component(document, "mfg.a.v1").is_valid(["x"])
    assert not component(document, "mfg.b.v1").is_valid(["x"])


def test_a_definition_never_hides_an_answer(tmp_path):
    schema = {"$defs": {"Problem": {"const": 1}}, "items": {"$ref": "#/$defs/Problem"}}
    (tmp_path / "mfg.a.v1.json").write_text(json.dumps(schema))
    schemas = openapi.build(SchemaStore([tmp_path]))["components"]["schemas"]
    assert "properties" in schemas["Problem"]


def test_without_schemas_the_document_is_still_valid(tmp_path):
    document = openapi.build(SchemaStore([tmp_path]))
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())


# -- the page --------------------------------------------------------------------------


class Page(HTMLParser):
    """Collects what a browser would see and load; complains about unclosed tags."""

    VOID = ("meta", "br")

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.open, self.text = [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if "href" in attributes else []
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_the_page_is_well_formed_and_loads_nothing(page):
    seen = Page(page)
    loading = {"script", "link", "img", "iframe", "object", "embed", "base", "form"}
    assert not loading & {tag for tag, _attributes in seen.tags}
    assert not {name for _tag, names in seen.tags for name in names if name[:2] == "on"}
    assert not re.search(r"url\(|@import|src=", page)
    assert all(link.startswith("#") for link in seen.links)


def test_every_link_leads_somewhere_and_every_anchor_is_unique(page):
    seen = Page(page)
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))


def test_the_page_tells_everything(page, store):
    seen = Page(page)
    for code, entry in catalogue.CATALOGUE.items():
        assert f"error-{code}" in seen.ids  # problem types point there
        assert entry.next_action in seen.text
    for event_type in store.types():
        assert f"in-{event_type}" in seen.ids or f"out-{event_type}" in seen.ids
    for route in routes():
        assert f"route-{route.operation}" in seen.ids
    assert "Authorization: Bearer $KEY" in page.replace("&#34;", '"')


def test_what_all_routes_share_is_said_once(page):
    assert page.count("<code>too-many-requests</code>: Too many requests") == 1
    assert page.count("<code>unavailable</code>: ") == 2  # and where no key is needed
    assert "`" not in page


HOSTILE = "<script>alert('1')</script>\"&"


def test_everything_is_escaped(tmp_path):
    schema = {
        "title": HOSTILE,
        "description": HOSTILE,
        "properties": {HOSTILE: {"enum": [HOSTILE], "description": HOSTILE}},
        "examples": [{HOSTILE: HOSTILE}],
    }
    (tmp_path / "mfg.a.v1.json").write_text(json.dumps(schema))
    store = SchemaStore([tmp_path])
    document = openapi.build(store)
    hostile = catalogue.Entry("x", HOSTILE, "rule", HOSTILE)
    text = docs_page.render(document, store, {"x": hostile})
    assert "<script" not in text
    assert HOSTILE in Page(text).text


def test_curl_survives_the_shell():
    event = {"data": {"text": 'it\'s $HOME `x` "y" \\ é'}}
    command = docs_page.curl(event).replace("curl ", "printf '%s\\0' ", 1)
    words = subprocess.run(
        ["sh", "-c", command], capture_output=True, check=True, env={"KEY": "k"}
    ).stdout.decode()
    body = words.split("\0")[-2]
    assert json.loads(body) == event


def test_fields_are_listed_with_their_rules():
    schema = {
        "$defs": {
            "id": {"type": "string", "maxLength": 9, "description": "A code"},
            "lot": {"properties": {"id": {"$ref": "#/$defs/id"}}, "type": "object"},
            "loop": {"type": "object", "properties": {"l": {"$ref": "#/$defs/loop"}}},
        },
        "required": ["lots"],
        "properties": {
            "lots": {"type": "array", "items": {"$ref": "#/$defs/lot"}, "maxItems": 5},
            "order": {"$ref": "#/$defs/id", "description": "The order"},
            "value": {"type": ["string", "number"], "minimum": 0},
            "loop": {"$ref": "#/$defs/loop"},
        },
    }
    rows = {row.path: row for row in fields(schema)}
    assert (rows["lots"].kind, rows["lots"].required) == ("list of objects", True)
    assert rows["lots"].rules == ("at most 5 items",)
    assert rows["lots[].id"].description == "A code"
    assert (rows["lots[].id"].name, rows["lots[].id"].depth) == ("id", 1)
    assert rows["order"].description == "The order"
    assert rows["order"].rules == ("at most 9 characters",)
    assert rows["value"].kind == "text or number"
    assert sum(path.startswith("loop") for path in rows) < 12
