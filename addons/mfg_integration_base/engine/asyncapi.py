# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""AsyncAPI 3 of the contract: the same events as OpenAPI shows, seen as messages.

Made from the routes, the schemas and the directions of the handlers; for tools that
generate clients, or keep a catalogue of who sends what. Seen from Odoo: it receives
what plants send to the door, and sends what they fetch from the outbox.
"""

import json
import re
from urllib.parse import urlsplit

from . import webhooks
from .answer_schemas import components
from .event_components import REF, add_events, event_name
from .openapi import about, bearer, example_event, types
from .routes import PREFIX, STRUCTURED, routes

VERSION = "3.0.0"
BINDING = "0.3.0"  # of the HTTP bindings
ACTIONS = {"in": "receive", "out": "send"}
ANSWERS = ("mfg.event.posted.v1", "mfg.event.parked.v1")
SOMEWHERE = "odoo.example.com"


def build(store, directions=None, server_url="/", table=None):
    """Return the AsyncAPI document as a dict; the arguments are those of OpenAPI."""
    table = [route for route in table or routes() if route.carries]
    channels = {
        route.operation: _channel(route, types(store, route.carries, directions))
        for route in table
    }
    channels[webhooks.OPERATION] = _pushed(types(store, "out", directions))
    event_types = {one for channel in channels.values() for one in channel["messages"]}
    return {
        "asyncapi": VERSION,
        "info": _info(),
        "defaultContentType": STRUCTURED,
        "servers": {"odoo": _server(server_url), "plant": _plant()},
        "channels": channels,
        "operations": {**_operations(table, channels), **_pushes(channels)},
        "components": {
            "messages": {one: _message(store, one) for one in sorted(event_types)},
            "schemas": _schemas(store, event_types),
            "securitySchemes": {"bearer": bearer()},
        },
    }


def _info():
    info = about()
    info["description"] = f"{info.pop('summary')} {info['description']}"
    info["license"] = {"name": info["license"]["name"]}
    return info


def _server(url):
    parts = urlsplit(url)
    server = {
        "protocol": parts.scheme or "https",
        "description": "The Odoo that plans for the plant.",
        "security": [{"$ref": "#/components/securitySchemes/bearer"}],
    }
    if parts.netloc:
        return {"host": parts.netloc, **server}
    host = {"default": SOMEWHERE, "description": "Where your Odoo is."}
    return {"host": "{host}", **server, "variables": {"host": host}}


def _plant():
    host = {"default": "mes.example.com", "description": "Where your receiver is."}
    return {
        "host": "{host}",
        "protocol": "https",
        "description": "The plant's receiver, where Odoo pushes.",
        "variables": {"host": host},
    }


def _channel(route, event_types):
    return {
        "address": PREFIX + route.path,
        "title": route.summary,
        "description": route.description,
        "servers": [{"$ref": "#/servers/odoo"}],
        "messages": _messages(event_types),
    }


def _pushed(event_types):
    """The plant's own address: nobody but its administrator knows it."""
    return {
        "address": None,
        "title": webhooks.SUMMARY,
        "description": webhooks.DESCRIPTION,
        "servers": [{"$ref": "#/servers/plant"}],
        "messages": _messages(event_types),
    }


def _messages(event_types):
    return {one: {"$ref": f"#/components/messages/{one}"} for one in event_types}


def _operations(table, channels):
    """One per type: what a generator makes a function of."""
    return {
        f"{ACTIONS[route.carries]}.{event_type}": _operation(
            route, event_type, channels
        )
        for route in table
        for event_type in channels[route.operation]["messages"]
    }


def _operation(route, event_type, channels):
    operation = {
        "action": ACTIONS[route.carries],
        "channel": {"$ref": f"#/channels/{route.operation}"},
        "messages": [_of_channel(route.operation, event_type)],
        "bindings": {"http": {"method": route.method, "bindingVersion": BINDING}},
    }
    if route.carries == "in" and (reply := _reply(channels)):
        operation["reply"] = reply
    return operation


def _pushes(channels):
    name = webhooks.OPERATION
    return {
        f"push.{event_type}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [_of_channel(name, event_type)],
            "bindings": {"http": {"method": "POST", "bindingVersion": BINDING}},
        }
        for event_type in channels[name]["messages"]
    }


def _reply(channels):
    """The business answer: told later, by way of the outbox."""
    for operation, channel in channels.items():
        answers = [one for one in ANSWERS if one in channel["messages"]]
        if answers:
            return {
                "channel": {"$ref": f"#/channels/{operation}"},
                "messages": [_of_channel(operation, one) for one in answers],
            }
    return None


def _of_channel(operation, event_type):
    return {"$ref": f"#/channels/{operation}/messages/{event_type}"}


def _message(store, event_type):
    """A version on its way out says so: AsyncAPI has no word for it on a message."""
    document = store.document(event_type)
    example = example_event(store, event_type)
    ending = {key: document[key] for key in document if key.startswith("x-")}
    message = {
        "name": event_type,
        "title": document.get("title", event_type),
        "summary": document.get("description", ""),
        "contentType": STRUCTURED,
        "payload": {"$ref": REF + event_name(event_type)},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "examples": [{"name": "example", "payload": example}] if example else [],
        "tags": [{"name": "deprecated"}] if document.get("deprecated") else [],
        **ending,
    }
    return {key: value for key, value in message.items() if value != []}


def _schemas(store, event_types):
    """What the messages refer to, and what that refers to; nothing else."""
    everything = components()
    add_events(store, everything)
    names, wanted = set(), {event_name(one) for one in event_types}
    while wanted:
        names |= wanted
        text = json.dumps([everything[name] for name in sorted(wanted)])
        wanted = set(re.findall(rf'"{REF}([^"]+)"', text)) - names
    return {name: everything[name] for name in sorted(names)}
