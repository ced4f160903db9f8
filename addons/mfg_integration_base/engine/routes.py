# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The routes of the contract, version 1, as data (design.md section 3).

OpenAPI, AsyncAPI and the docs page are made from this table, and a test holds it
against the routes Odoo really serves.
"""

from dataclasses import dataclass

from . import door_codes

PREFIX = "/mfg/v1"
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Parameter:
    """A query, path or header parameter; `schema` is its JSON Schema."""

    name: str
    place: str
    description: str
    schema: dict
    required: bool = False


@dataclass(frozen=True)
class Answer:
    """A good answer: HTTP status, what it means, media type and component schema.

    `tells_end`: it has the headers that say when a version ends.
    """

    status: int
    description: str
    schema: str | None = None
    media_type: str = JSON
    tells_end: bool = False


@dataclass(frozen=True)
class Route:
    """One route; `bodies` maps media type to component schema, `problems` are codes.

    `carries`: it takes events of plants ("in"), or hands events out to them ("out").
    """

    method: str
    path: str
    operation: str
    summary: str
    answers: tuple
    description: str = ""
    tag: str = "Events"
    parameters: tuple = ()
    bodies: tuple = ()
    problems: tuple = ()
    carries: str = ""
    with_key: bool = True


TAGS = {
    "Events": "What the plant tells Odoo, and what became of it.",
    "Outbox": "What Odoo tells the plant, fetched by the plant.",
    "Records": "What Odoo knows, read page by page: everything, then what changed.",
    "Contract": "This contract, for programs and for people.",
    "Operation": "Liveness and figures, for those who keep it running.",
}
_TEXT = {"type": "string"}
_ALWAYS = (*door_codes.OF_A_KEY, "internal", "unavailable")
_BINARY = "Binary mode only: "


def _whole(lowest, highest, default):
    limits = {"minimum": lowest, "maximum": highest, "default": default}
    return {"type": "integer", **limits}


def _ce_header(name, description, **schema):
    return Parameter(f"ce-{name}", "header", _BINARY + description, {**_TEXT, **schema})


DRY_RUN = Parameter(
    "dryRun",
    "query",
    "1: answer 200 with what posting would do; nothing is kept.",
    {"type": "string", "enum": ["0", "1"]},
)
EVENT_PARAMETERS = (
    DRY_RUN,
    Parameter(
        "Prefer",
        "header",
        "wait=N (at most 10 s): the answer carries the posting result if it is there "
        "in time (RFC 7240). Preference-Applied is missing where too many wait "
        "already. A batch is never waited for: ask for its events by their href.",
        {**_TEXT, "examples": ["wait=5"]},
    ),
    _ce_header("specversion", "1.0", const="1.0"),
    _ce_header("id", "the event's id", maxLength=255),
    _ce_header("source", "the sender, a URI reference", maxLength=255),
    _ce_header("type", "the event type", maxLength=100),
    _ce_header("subject", "the job order or another key", maxLength=255),
    _ce_header("time", "RFC 3339 date-time with offset"),
    _ce_header("partitionkey", "what must stay in order", maxLength=255),
    _ce_header("sequence", "counts the events of one key", pattern="^[0-9]{1,18}$"),
    _ce_header("correlationid", "returned in the business answer", maxLength=255),
    _ce_header("causationid", "the event that caused this one", maxLength=255),
    _ce_header("traceparent", "W3C Trace Context", maxLength=255),
    _ce_header("expirytime", "RFC 3339; later it is not posted any more"),
)

FEED_PARAMETERS = (
    Parameter(
        "cursor",
        "query",
        "From next of an earlier answer: what changed since. Without it: everything.",
        {**_TEXT, "maxLength": 200},
    ),
    Parameter("limit", "query", "Most records wanted.", _whole(1, 500, 100)),
    Parameter(
        "deleted",
        "query",
        "1: a full load, too, tells of records that ended before it.",
        {"type": "string", "enum": ["0", "1"]},
    ),
    Parameter(
        "proof",
        "query",
        "1: the answer carries count and fingerprint of all records there are.",
        {"type": "string", "enum": ["0", "1"]},
    ),
)
FEED = (
    "Without a cursor: every record there is, a page at a time. Go on with the cursor "
    "in next while more is true; keep the last one and come back with it for what "
    "changed since. A record that changes during the walk comes again, later, with a "
    "higher version; one that ends comes as deleted."
)

ROUTES = (
    Route(
        "POST",
        "/events",
        "postEvents",
        "Send one event or a batch",
        description="202 is said only after the event is stored durably. Sending the "
        "same event again is safe: it is answered with 200 and takes no second "
        "effect. In a batch every event is judged by itself; the results are in the "
        "order sent.",
        carries="in",
        parameters=EVENT_PARAMETERS,
        bodies=((STRUCTURED, "EventIn"), (BATCH, "EventBatch"), (JSON, "EventData")),
        answers=(
            Answer(
                200,
                "Received before (duplicate), or a dry run.",
                "EventsAnswer",
                tells_end=True,
            ),
            Answer(
                202,
                "Stored; it will be posted in its turn.",
                "EventsAnswer",
                tells_end=True,
            ),
            Answer(
                207,
                "A batch of which some events were refused.",
                "BatchAnswer",
                tells_end=True,
            ),
        ),
        problems=(
            "bad-request",
            "conflict",
            "payload-too-large",
            "unsupported-media-type",
            "schema",
            "version-ended",
            "not-permitted",
            *_ALWAYS,
        ),
    ),
    Route(
        "GET",
        "/events/{ref}",
        "getEvent",
        "See what became of an event",
        description="The address is the href of the answer to the event.",
        parameters=(
            Parameter("ref", "path", "From the answer's href.", _TEXT, required=True),
        ),
        answers=(
            Answer(200, "State, records and error.", "EventState", tells_end=True),
        ),
        problems=("not-found", *_ALWAYS),
    ),
    Route(
        "GET",
        "/outbox",
        "pullOutbox",
        "Fetch events for the plant",
        tag="Outbox",
        description="For plants that may only dial out. An event is delivered again "
        "until it is acknowledged or refused.",
        carries="out",
        parameters=(
            Parameter("limit", "query", "Most events wanted.", _whole(1, 500, 50)),
            Parameter(
                "wait",
                "query",
                "Seconds to wait when there is none (long poll).",
                _whole(0, 30, 0),
            ),
        ),
        answers=(
            Answer(
                200, "The oldest unacknowledged events.", "Deliveries", tells_end=True
            ),
        ),
        problems=("bad-request", *_ALWAYS),
    ),
    Route(
        "POST",
        "/outbox/ack",
        "acknowledgeOutbox",
        "Acknowledge or refuse deliveries",
        tag="Outbox",
        bodies=((JSON, "Acknowledgement"),),
        answers=(Answer(200, "Taken note of; repeating it is safe.", "AckAnswer"),),
        problems=(
            "bad-request",
            "payload-too-large",
            "unsupported-media-type",
            "schema",
            *_ALWAYS,
        ),
    ),
    Route(
        "GET",
        "/master/{kind}",
        "getMaster",
        "Read master data",
        tag="Records",
        description=FEED + " Items are the data of the events of the kind.",
        parameters=(
            Parameter(
                "kind",
                "path",
                "Such as material, unit, location or lot.",
                _TEXT,
                required=True,
            ),
            *FEED_PARAMETERS,
        ),
        answers=(Answer(200, "A page of records.", "MasterPage", tells_end=True),),
        problems=("bad-request", "not-found", *_ALWAYS),
    ),
    Route(
        "GET",
        "/joborders",
        "getJoborders",
        "Read the released orders",
        tag="Records",
        description=FEED + " An item is the data of joborder.released as of now, with "
        "how far the order is and what was made, used and scrapped on it.",
        parameters=(
            *FEED_PARAMETERS,
            Parameter(
                "updatedSince",
                "query",
                "Orders that changed at this time or later. A cursor is safer: it "
                "misses nothing.",
                {**_TEXT, "format": "date-time"},
            ),
            Parameter(
                "state",
                "query",
                "Only orders with this dispatchStatus; several with commas between.",
                {**_TEXT, "examples": ["Ready,Running"]},
            ),
        ),
        answers=(Answer(200, "A page of orders.", "JobOrderPage", tells_end=True),),
        problems=("bad-request", "not-found", *_ALWAYS),
    ),
    Route(
        "GET",
        "/joborders/{id}",
        "getJoborder",
        "Read one released order",
        tag="Records",
        parameters=(
            Parameter("id", "path", "The job order id.", _TEXT, required=True),
        ),
        answers=(Answer(200, "The order as of now.", "JobOrder", tells_end=True),),
        problems=("not-found", *_ALWAYS),
    ),
    Route(
        "GET",
        "/schemas",
        "listSchemas",
        "List the event types",
        tag="Contract",
        answers=(Answer(200, "Every type with its title and address.", "SchemaList"),),
        problems=_ALWAYS,
    ),
    Route(
        "GET",
        "/schemas/{type}",
        "getSchema",
        "Get the JSON Schema of an event type's data",
        tag="Contract",
        parameters=(
            Parameter("type", "path", "The event type.", _TEXT, required=True),
        ),
        answers=(
            Answer(
                200,
                "A self-contained JSON Schema 2020-12.",
                "JsonSchema",
                "application/schema+json",
                tells_end=True,
            ),
        ),
        problems=("not-found", *_ALWAYS),
    ),
    Route(
        "GET",
        "/openapi.json",
        "getOpenapi",
        "Get this description as OpenAPI 3.1",
        tag="Contract",
        answers=(Answer(200, "OpenAPI 3.1.", "OpenapiDocument"),),
        problems=_ALWAYS,
    ),
    Route(
        "GET",
        "/asyncapi.json",
        "getAsyncapi",
        "Get the events of this contract as AsyncAPI 3",
        tag="Contract",
        answers=(Answer(200, "AsyncAPI 3.", "AsyncapiDocument"),),
        problems=_ALWAYS,
    ),
    Route(
        "GET",
        "/docs",
        "getDocs",
        "Read the contract as a page",
        tag="Contract",
        answers=(Answer(200, "A page that needs no internet.", None, "text/html"),),
        problems=_ALWAYS,
    ),
    Route(
        "GET",
        "/health",
        "getHealth",
        "See whether events can be stored",
        tag="Operation",
        answers=(Answer(200, "Events can be stored.", "Health"),),
        problems=("unavailable",),
        with_key=False,
    ),
    Route(
        "GET",
        "/metrics",
        "getMetrics",
        "Get figures for Prometheus",
        tag="Operation",
        answers=(Answer(200, "Text format 0.0.4.", None, "text/plain"),),
        problems=_ALWAYS,
    ),
)


def routes():
    """Return the table; paths are relative to `PREFIX`, parameters in {braces}."""
    return ROUTES
