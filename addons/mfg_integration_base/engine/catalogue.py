# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Every code the suite answers with: the one source for API, docs and screens.

A code's class decides what the engine does with the failure (design.md section 4.4):

* passing: nobody has to act, it is tried again with backoff
* value: a code nobody mapped; parked, healed by the mapping
* stock: goods are short or blocked; the interface says what then
* rule: Odoo's state or a business rule forbids it; parked for a decision
* moot: what it says is out of date; ended without effect, nobody has to act
* bug: our fault; parked with its trace
* door: refused before it was stored as an event
"""

import math
from dataclasses import dataclass

PASSING, VALUE, STOCK, RULE, MOOT, BUG, DOOR = CLASSES = (
    "passing",
    "value",
    "stock",
    "rule",
    "moot",
    "bug",
    "door",
)


@dataclass(frozen=True)
class Entry:
    """What a code means, what a planner does next, its HTTP status at the door.

    ``approvable``: a limit that a person may lift for one message.
    ``longest_pause``: between two tries (s), however long the interface allows.
    """

    code: str
    title: str
    failure_class: str
    next_action: str
    http_status: int | None = None
    approvable: bool = False
    longest_pause: float = math.inf


CATALOGUE: dict[str, Entry] = {}


def register(*entries):
    """Add a connector's codes. A code never changes its meaning: ValueError if so."""
    for new in entries:
        if new.failure_class not in CLASSES:
            raise ValueError(f"{new.code}: unknown class {new.failure_class}")
        if CATALOGUE.setdefault(new.code, new) != new:
            raise ValueError(f"{new.code} is registered with another meaning")


def entry(code):
    """Return the entry of `code`; KeyError when nobody registered it."""
    return CATALOGUE[code]


def entry_or_internal(code):
    """Return the entry of `code`, at run time never an error: `internal` instead."""
    return CATALOGUE.get(code) or CATALOGUE["internal"]


register(
    # What the sender must put right: refused at the door.
    Entry(
        "schema",
        "The event does not follow its schema",
        DOOR,
        "Correct the fields named in the errors at the sender and send the event "
        "again.",
        422,
    ),
    Entry(
        "version-ended",
        "This version of the event type has ended",
        DOOR,
        "Have the sender changed over to the version that the detail names. A manager "
        "can grant it more time on the interface.",
        410,
    ),
    Entry(
        "conflict",
        "Another event was already received under this id",
        DOOR,
        "The first event stays valid. Send changed content under a new id.",
        409,
    ),
    # Codes nobody mapped yet: parked, healed by the mapping.
    Entry(
        "unknown-order",
        "The production order is not known",
        VALUE,
        "Check the order number. Map it to the Odoo order, or skip the message if "
        "the order was never released to this plant.",
    ),
    Entry(
        "unknown-segment",
        "The order has no such operation",
        VALUE,
        "Map the plant's operation to an operation of the order, or add the "
        "operation to the order.",
    ),
    Entry(
        "unknown-material",
        "The product is not known",
        VALUE,
        "Map the plant's material code to an Odoo product.",
    ),
    Entry(
        "unknown-unit",
        "The unit of measure is not known",
        VALUE,
        "Add the unit code to the endpoint's unit crosswalk.",
    ),
    Entry(
        "unit-mismatch",
        "The unit does not fit the product",
        VALUE,
        "Correct the unit at the sender, or add a unit with the right factor to the "
        "endpoint's unit crosswalk.",
    ),
    Entry(
        "unknown-equipment",
        "The machine or work centre is not known",
        VALUE,
        "Map the plant's equipment code to an Odoo work centre.",
    ),
    Entry(
        "unknown-location",
        "The stock location is not known",
        VALUE,
        "Map the plant's location code to an Odoo location.",
    ),
    Entry(
        "unknown-lot",
        "The lot or serial number is not known",
        VALUE,
        "Map the plant's lot number to an Odoo lot, or receive the lot in Odoo first.",
    ),
    Entry(
        "unknown-person",
        "The person is not known",
        VALUE,
        "Map the plant's person code to an employee.",
    ),
    Entry(
        "unknown-reason",
        "The reason code is not known",
        VALUE,
        "Map the plant's reason code to an Odoo reason.",
    ),
    Entry(
        "original-missing",
        "The event to reverse has not come yet",
        VALUE,
        "Nothing, if the event is still to come: it will be reversed by itself. Else "
        "check the event's id and source at the sender, then cancel the message.",
    ),
    # The quantities and lots named do not fit what Odoo knows.
    Entry(
        "lot-required",
        "The product is tracked and the lot is missing",
        RULE,
        "Add the lot or serial number to the message and retry it.",
    ),
    Entry(
        "lot-mismatch",
        "The lots do not fit the product or the quantity",
        RULE,
        "Correct the lots so that they belong to the product and add up to the "
        "quantity, then retry the message.",
    ),
    Entry(
        "serial-duplicate",
        "The serial number is already used",
        RULE,
        "Check where the serial number is in Odoo; correct the serial number or "
        "skip the message.",
    ),
    Entry(
        "lot-expired",
        "The lot is past its expiry date",
        STOCK,
        "Use another lot, or correct the lot's expiry date, then retry the message.",
    ),
    Entry(
        "lot-held",
        "The lot is on hold",
        STOCK,
        "Have quality release the lot, free it where it is reserved, or report another "
        "lot; then retry the message.",
    ),
    Entry(
        "shortage",
        "There is not enough stock",
        STOCK,
        "Receive, move or count the missing goods in Odoo: the message goes on by "
        "itself when they arrive. Retry it when goods that were there get free.",
    ),
    # Odoo's state or a business rule forbids it.
    Entry(
        "order-not-open",
        "The production order is not open",
        RULE,
        "Check the order: confirm it, or skip the message when the order is rightly "
        "done or cancelled.",
    ),
    Entry(
        "over-tolerance",
        "More is reported than the order allows",
        RULE,
        "Check the quantity with the plant. If it is right, approve the message; "
        "else correct or cancel it.",
        approvable=True,
    ),
    Entry(
        "under-tolerance",
        "Less is reported than the order allows",
        RULE,
        "Check whether reports are missing. If nothing more comes, approve the "
        "message; else correct or cancel it.",
        approvable=True,
    ),
    Entry(
        "period-closed",
        "The accounting or stock period is closed",
        RULE,
        "Ask accounting to open the period, or correct the time of the message.",
    ),
    Entry(
        "time-invalid",
        "The times are not possible",
        RULE,
        "Check the sender's clock; the end must not be before the start and no time "
        "in the future. Correct the message.",
        422,
    ),
    Entry(
        "quantity-invalid",
        "The quantity is not possible",
        RULE,
        "Correct the quantity at the sender: it must be a number above zero.",
        422,
    ),
    Entry(
        "sequence-gap",
        "An earlier message of this order is missing",
        RULE,
        "Have the plant send the missing sequence number again, or skip the gap.",
    ),
    Entry(
        "overtaken",
        "A later message has already taken effect",
        RULE,
        "Check whether the message still matters; skip it when the later one "
        "replaces it.",
    ),
    Entry(
        "version-stale",
        "The message refers to an older version of the order",
        RULE,
        "Let the plant fetch the order's present version, then retry or skip the "
        "message.",
    ),
    Entry(
        "rehearsed",
        "The message was rehearsed, nothing was posted",
        RULE,
        "Nothing. When the version is approved, or Shadow is switched off on the "
        "interface, messages are posted from then on.",
    ),
    Entry(
        "not-reversible",
        "The effect cannot be taken back automatically",
        RULE,
        "Correct the records in Odoo by hand, then skip the message.",
    ),
    Entry(
        "already-reversed",
        "The event was reversed before",
        RULE,
        "Nothing to post: cancel the message. An event is reversed once; what "
        "happened after all is reported anew under a new id.",
    ),
    Entry(
        "not-permitted",
        "The endpoint may not do this",
        RULE,
        "Ask an integration manager to allow this message type or these rights for "
        "the endpoint.",
        422,
    ),
    Entry(
        "expired",
        "The message came after its expiry time",
        RULE,
        "Check whether it still matters; send it again with a later expiry time or "
        "skip it.",
    ),
    # Nobody has to act: tried again.
    Entry(
        "locked",
        "The record is being changed by someone else",
        PASSING,
        "Nothing to do: the message is tried again by itself.",
    ),
    Entry(
        "unavailable",
        "Odoo or the other system cannot be reached just now",
        PASSING,
        "Nothing to do in Odoo; the sender repeats the request after the time given "
        "in Retry-After.",
        503,
    ),
    Entry(
        "server-stopped",
        "The server stopped while it posted this message",
        PASSING,
        "Nothing to do while it is tried again by itself. Once it is parked: pass its "
        "number to your Odoo administrator, and retry it when the server is well.",
        longest_pause=30,  # work goes on within a minute after the last stop
    ),
    Entry(
        "internal",
        "An unexpected error in Odoo",
        BUG,
        "Pass the message's number to your Odoo administrator; retry it once the "
        "cause is removed.",
        500,
    ),
    # Problem types of the door alone (RFC 9457).
    Entry(
        "bad-request",
        "The request is not an event or not a valid request",
        DOOR,
        "Correct the request; see /mfg/v1/docs for the form it must have.",
        400,
    ),
    Entry(
        "unauthorized",
        "The key or the signature is missing or not valid",
        DOOR,
        "Send the endpoint's key as 'Authorization: Bearer <key>'. An integration "
        "manager can issue a new key.",
        401,
    ),
    Entry(
        "forbidden",
        "The key does not open this route",
        DOOR,
        "Use the key of an active endpoint; ask an integration manager.",
        403,
    ),
    Entry(
        "not-found",
        "There is nothing at this address",
        DOOR,
        "Use the href of an earlier answer or the routes of /mfg/v1/docs.",
        404,
    ),
    Entry(
        "method-not-allowed",
        "The route does not know this method",
        DOOR,
        "Use one of the methods of the Allow header.",
        405,
    ),
    Entry(
        "payload-too-large",
        "The request is too large",
        DOOR,
        "Send at most 1 MiB per event, and 8 MiB or 1,000 events per batch.",
        413,
    ),
    Entry(
        "unsupported-media-type",
        "The content type is not supported",
        DOOR,
        "Use application/cloudevents+json, application/cloudevents-batch+json or "
        "binary mode with application/json.",
        415,
    ),
    Entry(
        "too-many-requests",
        "Too many requests",
        DOOR,
        "Wait for the time given in Retry-After, then send again.",
        429,
    ),
)
