# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The request that Odoo makes of a plant, where it pushes: for both descriptions."""

from .event_components import REF
from .routes import STRUCTURED

OPERATION = "pushEvent"
SUMMARY = "Take an event that Odoo pushes"
DESCRIPTION = (
    "Where the endpoint's Delivery is “Odoo pushes”, each event comes as a request of "
    "its own, signed as Standard Webhooks say, and the outbox stays empty. Store it, "
    "then answer 2xx within ten seconds; it may come again under its webhook-id."
)
HEADERS = {
    "webhook-id": "The delivery; the same when it comes again.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "v1, and the base64 HMAC-SHA256 of id.timestamp.body.",
}
_REFUSED = "Refused for good; the planner reads the beginning of the body."
_AGAIN = "Tried again later; Retry-After is heeded."
_WRONG = (
    "The address or the secret is wrong: people are told at once. Tried again later."
)
ANSWERS = {  # as delivery.judge decides
    "2XX": "Taken.",
    "3XX": "Not followed. Tried again later.",
    **dict.fromkeys(("400", "409", "413", "422", "4XX"), _REFUSED),
    **dict.fromkeys(("401", "403", "404", "405", "407", "421"), _WRONG),
    "410": "Nothing more is delivered to this address until a person resumes it.",
    **dict.fromkeys(("408", "425", "429", "5XX"), _AGAIN),
}


def openapi_webhooks():
    """The `webhooks` of the OpenAPI document."""
    operation = {
        "operationId": OPERATION,
        "tags": ["Outbox"],
        "summary": SUMMARY,
        "description": DESCRIPTION,
        "security": [],
        "parameters": [_header(name, words) for name, words in HEADERS.items()],
        "requestBody": {
            "required": True,
            "content": {STRUCTURED: {"schema": {"$ref": f"{REF}EventDelivered"}}},
        },
        "responses": {
            status: {"description": words} for status, words in ANSWERS.items()
        },
    }
    return {"event": {"post": operation}}


def _header(name, words):
    place = {"name": name, "in": "header", "required": False}
    return {**place, "description": words, "schema": {"type": "string"}}
