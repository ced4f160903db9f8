# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""OpenAPI 3.1 of the contract, made from the routes, the schemas and the catalogue."""

from . import catalogue
from .answer_schemas import components
from .event_components import REF, add_events, event_name
from .routes import PREFIX, PROBLEM, TAGS, routes
from .webhooks import openapi_webhooks

__all__ = ["build", "example_event", "routes"]

VERSION = "1.0.0"
_ENDING = {
    "Deprecation": (
        "Since when a version that is spoken of is on its way out (RFC 9745): "
        "@ and seconds since 1970. Of several the earliest.",
        {"type": "string", "pattern": "^@[0-9]+$"},
    ),
    "Sunset": (
        "From when on its events are refused (RFC 8594). Of several the earliest.",
        {"type": "string"},
    ),
    "Link": (
        "What follows it (successor-version), and where to read on (deprecation).",
        {"type": "string"},
    ),
}
_RETRY_AFTER = {
    "description": "Seconds to wait before sending again.",
    "schema": {"type": "integer", "minimum": 0},
}


def build(store, directions=None, server_url="/", table=None, more=None):
    """Return the OpenAPI document as a dict.

    `store` is the SchemaStore, `directions` maps a type to "in", "out" or "both"; a
    type that is not named there goes both ways. `table` are the routes (default:
    those of the base), `more` component schemas that they need besides.
    """
    table = routes() if table is None else table
    return {
        "openapi": "3.1.0",
        "info": about(),
        "servers": [{"url": server_url}],
        "security": [{"bearer": []}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "paths": _paths(table, store, directions),
        "webhooks": openapi_webhooks(),
        "components": {
            "securitySchemes": {"bearer": bearer()},
            "schemas": {**_schemas(store, directions), **(more or {})},
        },
    }


def types(store, direction, directions=None):
    """Return the store's types that go `direction` ("in" or "out")."""
    directions = directions or {}
    ways = (direction, "both")
    return [one for one in store.types() if directions.get(one, "both") in ways]


def example_event(store, event_type, number=0):
    """Return a whole example event of a type, None when its schema has no example."""
    examples = store.document(event_type).get("examples", [])
    if number >= len(examples):
        return None
    data = examples[number]
    subject = data.get("jobOrderId") if isinstance(data, dict) else None
    return {
        "specversion": "1.0",
        "id": "9b2f6a10-5d4e-4c1b-8f53-1a7d3c20e001",
        "source": "urn:plant:mes",
        "type": event_type,
        **({"subject": subject} if subject else {}),
        "time": "2026-01-31T06:00:00+01:00",
        "datacontenttype": "application/json",
        "data": data,
    }


def about():
    """What the contract calls itself, in every description of it."""
    return {
        "title": "Plant integration for Odoo",
        "version": VERSION,
        "summary": "Production orders out, plant events in.",
        "description": "Events follow CloudEvents 1.0, words follow ISA-95 / B2MML, "
        "errors follow RFC 9457 with the codes of one catalogue.",
        "license": {"name": "LGPL-3.0-or-later", "identifier": "LGPL-3.0-or-later"},
    }


def bearer():
    """How a request shows who sends it."""
    return {
        "type": "http",
        "scheme": "bearer",
        "description": "The endpoint's key. It opens these routes and nothing else.",
    }


# -- paths -------------------------------------------------------------------------


def _paths(table, store, directions):
    paths = {}
    for route in table:
        item = paths.setdefault(PREFIX + route.path, {})
        item[route.method.lower()] = _operation(route, store, directions)
    return paths


def _operation(route, store, directions):
    operation = {
        "operationId": route.operation,
        "tags": [route.tag],
        "summary": route.summary,
        "description": route.description,
        "parameters": [_parameter(parameter) for parameter in route.parameters],
        "requestBody": _body(route, store, directions),
        "responses": {**_answers(route), **_problems(route)},
        "security": None if route.with_key else [],
    }
    empty = ("", None)
    return {key: value for key, value in operation.items() if value not in empty}


def _parameter(parameter):
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.required,
        "schema": parameter.schema,
    }


def _body(route, store, directions):
    if not route.bodies:
        return None
    content = {media: {"schema": {"$ref": REF + name}} for media, name in route.bodies}
    if route.operation == "postEvents":
        content[route.bodies[0][0]]["examples"] = _examples(store, directions)
    return {"required": True, "content": content}


def _examples(store, directions):
    events = {one: example_event(store, one) for one in types(store, "in", directions)}
    return {one: {"value": event} for one, event in events.items() if event}


def _answers(route):
    return {str(answer.status): _answer(answer) for answer in route.answers}


def _answer(answer):
    schema = {"$ref": REF + answer.schema} if answer.schema else {"type": "string"}
    content = {answer.media_type: {"schema": schema}}
    response = {"description": answer.description, "content": content}
    if answer.tells_end:
        response["headers"] = {
            name: {"description": words, "schema": schema}
            for name, (words, schema) in _ENDING.items()
        }
    return response


def _problems(route):
    """One response per status; several codes may share it."""
    by_status = {}
    for code in route.problems:
        entry = catalogue.entry(code)
        by_status.setdefault(str(entry.http_status), []).append(entry)
    return {status: _problem(entries) for status, entries in by_status.items()}


def _problem(entries):
    words = "; ".join(f"`{entry.code}`: {entry.title}" for entry in entries)
    content = {PROBLEM: {"schema": {"$ref": REF + "Problem"}}}
    response = {"description": words, "content": content}
    if entries[0].http_status in (429, 503):
        response["headers"] = {"Retry-After": _RETRY_AFTER}
    return response


# -- schemas -----------------------------------------------------------------------


def _schemas(store, directions):
    """The answers, every type's data and event, and what goes in and out."""
    schemas = components()
    add_events(store, schemas)
    for name, direction in (("EventIn", "in"), ("EventOut", "out")):
        schemas[name] = _choice(types(store, direction, directions))
    return schemas


def _choice(event_types):
    if not event_types:
        return {"$ref": REF + "Envelope"}
    names = {event_type: REF + event_name(event_type) for event_type in event_types}
    return {
        "anyOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "type", "mapping": names},
    }
