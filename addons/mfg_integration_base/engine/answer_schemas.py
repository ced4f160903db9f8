# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""JSON Schemas of the envelope and of the answers, as components of the OpenAPI."""

from . import catalogue

_TEXT = {"type": "string"}
_NULL_TEXT = {"type": ["string", "null"]}
_TIME = {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 0}
_CLOSED = {"additionalProperties": False}


def _object(properties, required=(), **more):
    members = {"type": "object", "properties": properties, **more}
    return {**members, "required": list(required)} if required else members


def _ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items, **limits):
    return {"type": "array", "items": items, **limits}


def _text(length, description):
    limits = {"minLength": 1, "maxLength": length}
    return {"type": "string", **limits, "description": description}


ENVELOPE = _object(
    {
        "specversion": {"type": "string", "const": "1.0"},
        "id": _text(255, "Unique with source; the same again is a duplicate."),
        "source": {
            **_text(255, "The sender, a URI reference."),
            "format": "uri-reference",
        },
        "type": _text(100, "The event type."),
        "subject": _text(255, "The job order id or another key."),
        "time": {**_TIME, "description": "When it happened, with offset."},
        "datacontenttype": {"type": "string", "examples": ["application/json"]},
        "partitionkey": _text(255, "What must stay in order; else the subject."),
        "sequence": {
            "type": ["string", "integer"],
            "pattern": "^[0-9]{1,18}$",
            "minimum": 0,
            "description": "Counts the events of one key; a gap is waited for.",
        },
        "correlationid": _text(255, "Comes back in the business answer."),
        "causationid": _text(255, "The id of the event that caused this one."),
        "traceparent": _text(255, "W3C Trace Context."),
        "expirytime": {**_TIME, "description": "Not posted after this time."},
        "data": {"type": "object", "description": "As the schema of the type says."},
    },
    ["specversion", "id", "source", "type", "data"],
    description="CloudEvents 1.0; further extension attributes are ignored.",
)

_RECORD = _object(
    {"model": _TEXT, "id": {"type": "integer"}, "name": _TEXT},
    ["model", "id", "name"],
    description="An Odoo record the event made or changed.",
)
_FIELD_ERROR = _object(
    {
        "pointer": {"type": "string", "description": "JSON Pointer (RFC 6901)."},
        "detail": _TEXT,
    },
    ["pointer", "detail"],
)
_STATES = {
    "enum": [
        "queued",
        "waiting",
        "retrying",
        "parked",
        "posted",
        "cancelled",
        "rejected",
    ]
}
_IDENTITY = {"id": _NULL_TEXT, "source": _NULL_TEXT}


def components():
    """Return the component schemas; the codes are those registered by now."""
    return {
        "Envelope": ENVELOPE,
        "EventData": {"type": "object", "description": "Binary mode: the data alone."},
        "EventBatch": _list(_ref("EventIn"), maxItems=1000),
        **_errors(),
        **_event_answers(),
        **_outbox(),
        **_records(),
        **_contract(),
    }


def _errors():
    code = {"enum": sorted(catalogue.CATALOGUE)}
    words = {"code": code, "title": _TEXT, "detail": _TEXT, "nextAction": _TEXT}
    errors = {"errors": _list(_ref("FieldError"))}
    return {
        "FieldError": _FIELD_ERROR,
        "Error": _object({**words, **errors}, words),
        "Problem": _object(
            {
                "type": {"type": "string", "format": "uri-reference"},
                "status": {
                    "type": ["integer", "string"],
                    "description": "The HTTP status; for a refused event the word "
                    "of the answer: rejected, conflict.",
                },
                **words,
                **errors,
                **_IDENTITY,
                "href": _TEXT,
                "error": _ref("Error"),
            },
            ["type", "title", "detail", "code"],
            description="Problem details (RFC 9457). A refused event has the members "
            "of its answer beside them.",
        ),
    }


def _event_answers():
    status = {"enum": ["accepted", "duplicate", "conflict", "rejected"]}
    answer = {**_IDENTITY, "status": status, "href": _TEXT}
    state = {**_IDENTITY, "type": _NULL_TEXT, "state": _STATES}
    facts = {"receivedAt": _TIME, "attempts": _COUNT, "records": _list(_ref("Record"))}
    return {
        "Record": _RECORD,
        "EventAnswer": _object(
            {
                **answer,
                "error": _ref("Error"),
                "result": {
                    "type": "object",
                    "description": "With Prefer: wait or dryRun: the outcome.",
                },
            },
            ["id", "source", "status"],
        ),
        "BatchAnswer": _object({"results": _list(_ref("EventAnswer"))}, ["results"]),
        "EventsAnswer": {"anyOf": [_ref("EventAnswer"), _ref("BatchAnswer")]},
        "EventState": _object(
            {
                **state,
                **facts,
                "postedAt": _TIME,
                "error": _ref("Error"),
                "reversedBy": _ref("EventReference"),
                "reverses": _ref("EventReference"),
            },
            [*state, *facts],
        ),
        "EventReference": _object(
            {**_IDENTITY, "href": _TEXT},
            ["id", "source", "href"],
            description="Another event of this endpoint.",
        ),
    }


def _outbox():
    delivery_id = _text(20, "From the delivery.")
    delivery = {"deliveryId": delivery_id, "event": _ref("EventDelivered")}
    refusal = {
        "deliveryId": delivery_id,
        "code": _text(60, "A code of the plant's or of this contract."),
        "detail": _text(2000, "A sentence for the planner."),
    }
    refusals = _list(_object(refusal, ["deliveryId", "code"], **_CLOSED))
    ids = _list(delivery_id)
    return {
        "EventDelivered": {"anyOf": [_ref("EventOut")]},  # an addon knows other forms
        "Deliveries": _object(
            {
                "deliveries": _list(_object(delivery, delivery)),
                "more": {"type": "boolean", "description": "There are more by now."},
            },
            ["deliveries", "more"],
        ),
        "Acknowledgement": _object(
            {
                "acknowledged": {**ids, "maxItems": 1000},
                "refused": {**refusals, "maxItems": 1000},
            },
            **_CLOSED,
        ),
        "AckAnswer": _object(
            {"acknowledged": ids, "refused": ids, "unknown": ids},
            ["acknowledged", "refused", "unknown"],
            description="unknown: ids this endpoint was never given.",
        ),
    }


def _records():
    item = {
        "id": _text(120, "What Odoo knows the record by; it never changes."),
        "version": {"type": "integer", "minimum": 1},
        "deleted": {"const": True, "description": "It ended; there are no fields."},
        "fields": {"type": "object", "description": "As in its event's schema."},
        "ownership": {"type": "object", "description": "Who may change what of it."},
    }
    amount = {"materialDefinitionId": _TEXT, "quantity": _ref("Amount")}
    return {
        "Amount": _object({"value": _TEXT, "unitCode": _TEXT}, ["value", "unitCode"]),
        "MaterialAmount": _object(amount, amount),
        "JobOrderPage": _page("JobOrder"),
        "JobOrder": _job_order(),
        "MasterPage": _page("MasterItem"),
        "MasterItem": _object(item, ["id", "version"], **_CLOSED),
        "Proof": _object(
            {"count": _COUNT, "fingerprint": _TEXT},
            ["count", "fingerprint"],
            description="SHA-256 (hex) of a line for each record there is: its id, a "
            "blank, its version (of orders: jobOrderId and revision). Sorted as bytes, "
            "joined by line feeds.",
        ),
    }


def _job_order():
    amounts = _list(_ref("MaterialAmount"))
    return _object(
        {
            "jobOrderId": _TEXT,
            "revision": {
                "type": "integer",
                "minimum": 1,
                "description": "Rises with whatever changes on the order; its version "
                "with what the plant has to know of.",
            },
            "deleted": {"const": True, "description": "Only its id is left."},
            "dispatchStatus": {
                "enum": ["Ready", "Running", "Completed", "Closed", "Cancelled"]
            },
            "produced": {**amounts, "description": "Goods and by-products made."},
            "consumed": {**amounts, "description": "Components posted so far."},
            "scrapped": {**amounts, "description": "Goods and components lost."},
        },
        ["jobOrderId", "revision"],
        description="Its other members are those of joborder.released.",
    )


def _page(item):
    members = {
        "items": _list(_ref(item)),
        "next": _text(200, "The cursor behind the last item."),
        "more": {"type": "boolean", "description": "There are more by now."},
    }
    return _object({**members, "proof": _ref("Proof")}, members)


def _contract():
    entry = _object(
        {
            "type": _TEXT,
            "title": _TEXT,
            "direction": {
                "enum": ["in", "out", "both"],
                "description": "Seen from Odoo.",
            },
            "version": _COUNT,
            "href": _TEXT,
            "deprecatedAt": {**_TIME, "description": "It is on its way out."},
            "sunsetAt": {**_TIME, "description": "Its events are refused from then."},
            "successor": {"type": "string", "description": "The type to change to."},
        },
        ["type", "title", "direction", "version", "href"],
    )
    return {
        "SchemaList": _object({"schemas": _list(entry)}, ["schemas"]),
        "JsonSchema": {"type": "object"},
        "OpenapiDocument": {"type": "object"},
        "AsyncapiDocument": {"type": "object"},
        "Health": _object({"status": _TEXT}, ["status"]),
    }
