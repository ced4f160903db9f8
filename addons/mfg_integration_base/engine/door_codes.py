# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The codes of the door: refused before anything was stored as an event (RFC 9457)."""

from .catalogue import DOOR, Entry, register
from .texts import marker

_lt = marker(__name__)

# what any request with a key may be answered with
OF_A_KEY = ("unauthorized", "forbidden", "too-many-requests")

register(
    Entry(
        "schema",
        _lt("The event does not follow its schema"),
        DOOR,
        _lt(
            "Correct the fields named in the errors at the sender and send the event "
            "again."
        ),
        422,
    ),
    Entry(
        "version-ended",
        _lt("This version of the event type has ended"),
        DOOR,
        _lt(
            "Have the sender changed over to the version that the detail names. A "
            "manager can grant it more time on the interface."
        ),
        410,
    ),
    Entry(
        "conflict",
        _lt("Another event was already received under this id"),
        DOOR,
        _lt("The first event stays valid. Send changed content under a new id."),
        409,
    ),
    Entry(
        "bad-request",
        _lt("The request is not an event or not a valid request"),
        DOOR,
        _lt("Correct the request; see /mfg/v1/docs for the form it must have."),
        400,
    ),
    Entry(
        "unauthorized",
        _lt("The key or the signature is missing or not valid"),
        DOOR,
        _lt(
            "Send the endpoint's key as 'Authorization: Bearer <key>'. An integration "
            "manager can issue a new key."
        ),
        401,
    ),
    Entry(
        "forbidden",
        _lt("The key does not open this route"),
        DOOR,
        _lt("Use the key of an active endpoint; ask an integration manager."),
        403,
    ),
    Entry(
        "not-found",
        _lt("There is nothing at this address"),
        DOOR,
        _lt("Use the href of an earlier answer or the routes of /mfg/v1/docs."),
        404,
    ),
    Entry(
        "method-not-allowed",
        _lt("The route does not know this method"),
        DOOR,
        _lt("Use one of the methods of the Allow header."),
        405,
    ),
    Entry(
        "payload-too-large",
        _lt("The request is too large"),
        DOOR,
        _lt("Send at most 1 MiB per event, and 8 MiB or 1,000 events per batch."),
        413,
    ),
    Entry(
        "unsupported-media-type",
        _lt("The content type is not supported"),
        DOOR,
        _lt(
            "Use application/cloudevents+json, application/cloudevents-batch+json or "
            "binary mode with application/json."
        ),
        415,
    ),
    Entry(
        "too-many-requests",
        _lt("Too many requests"),
        DOOR,
        _lt("Wait for the time given in Retry-After, then send again."),
        429,
    ),
)
