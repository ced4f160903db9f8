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

from .texts import marker

_lt = marker(__name__)

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
    # Codes nobody mapped yet: parked, healed by the mapping.
    Entry(
        "unknown-order",
        _lt("The production order is not known"),
        VALUE,
        _lt(
            "Check the order number. Map it to the Odoo order, or skip the message if "
            "the order was never released to this plant."
        ),
    ),
    Entry(
        "unknown-segment",
        _lt("The order has no such operation"),
        VALUE,
        _lt(
            "Map the plant's operation to an operation of the order, or add the "
            "operation to the order."
        ),
    ),
    Entry(
        "unknown-material",
        _lt("The product is not known"),
        VALUE,
        _lt("Map the plant's material code to an Odoo product."),
    ),
    Entry(
        "unknown-unit",
        _lt("The unit of measure is not known"),
        VALUE,
        _lt("Add the unit code to the endpoint's unit crosswalk."),
    ),
    Entry(
        "unit-mismatch",
        _lt("The unit does not fit the product"),
        VALUE,
        _lt(
            "Correct the unit at the sender, or add a unit with the right factor to "
            "the endpoint's unit crosswalk."
        ),
    ),
    Entry(
        "unknown-equipment",
        _lt("The machine or work center is not known"),
        VALUE,
        _lt("Map the plant's equipment code to an Odoo work center."),
    ),
    Entry(
        "unknown-location",
        _lt("The stock location is not known"),
        VALUE,
        _lt("Map the plant's location code to an Odoo location."),
    ),
    Entry(
        "unknown-lot",
        _lt("The lot or serial number is not known"),
        VALUE,
        _lt(
            "Map the plant's lot number to an Odoo lot, or receive the lot in Odoo "
            "first."
        ),
    ),
    Entry(
        "unknown-person",
        _lt("The person is not known"),
        VALUE,
        _lt("Map the plant's person code to an employee."),
    ),
    Entry(
        "unknown-reason",
        _lt("The reason code is not known"),
        VALUE,
        _lt("Map the plant's reason code to an Odoo reason."),
    ),
    Entry(
        "original-missing",
        _lt("The event to reverse has not come yet"),
        VALUE,
        _lt(
            "Nothing, if the event is still to come: it will be reversed by itself. "
            "Else check the event's id and source at the sender, then cancel the "
            "message."
        ),
    ),
    # The quantities and lots named do not fit what Odoo knows.
    Entry(
        "lot-required",
        _lt("The product is tracked and the lot is missing"),
        RULE,
        _lt("Add the lot or serial number to the message and retry it."),
    ),
    Entry(
        "lot-mismatch",
        _lt("The lots do not fit the product or the quantity"),
        RULE,
        _lt(
            "Correct the lots so that they belong to the product and add up to the "
            "quantity, then retry the message."
        ),
    ),
    Entry(
        "serial-duplicate",
        _lt("The serial number is already used"),
        RULE,
        _lt(
            "Check where the serial number is in Odoo; correct the serial number or "
            "skip the message."
        ),
    ),
    Entry(
        "lot-expired",
        _lt("The lot is past its expiry date"),
        STOCK,
        _lt(
            "Use another lot, or correct the lot's expiry date, then retry the message."
        ),
    ),
    Entry(
        "lot-held",
        _lt("The lot is on hold"),
        STOCK,
        _lt(
            "Have quality release the lot, free it where it is reserved, or report "
            "another lot; then retry the message."
        ),
    ),
    Entry(
        "shortage",
        _lt("There is not enough stock"),
        STOCK,
        _lt(
            "Receive, move or count the missing goods in Odoo: the message goes on by "
            "itself when they arrive. Retry it when goods that were there get free."
        ),
    ),
    # Odoo's state or a business rule forbids it.
    Entry(
        "order-not-open",
        _lt("The production order is not open"),
        RULE,
        _lt(
            "Check the order: confirm it, or skip the message when the order is "
            "rightly done or cancelled."
        ),
    ),
    Entry(
        "over-tolerance",
        _lt("More is reported than the order allows"),
        RULE,
        _lt(
            "Check the quantity with the plant. If it is right, approve the message; "
            "else correct or cancel it."
        ),
        approvable=True,
    ),
    Entry(
        "under-tolerance",
        _lt("Less is reported than the order allows"),
        RULE,
        _lt(
            "Check whether reports are missing. If nothing more comes, approve the "
            "message; else correct or cancel it."
        ),
        approvable=True,
    ),
    Entry(
        "period-closed",
        _lt("The accounting or stock period is closed"),
        RULE,
        _lt("Ask accounting to open the period, or correct the time of the message."),
    ),
    Entry(
        "time-invalid",
        _lt("The times are not possible"),
        RULE,
        _lt(
            "Check the sender's clock; the end must not be before the start and no "
            "time more than a day ahead. Correct the message."
        ),
        422,
    ),
    Entry(
        "quantity-invalid",
        _lt("The quantity is not possible"),
        RULE,
        _lt("Correct the quantity at the sender: it must be a number above zero."),
        422,
    ),
    Entry(
        "sequence-gap",
        _lt("An earlier message of this order is missing"),
        RULE,
        _lt("Have the plant send the missing sequence number again, or skip the gap."),
    ),
    Entry(
        "overtaken",
        _lt("A later message has already taken effect"),
        RULE,
        _lt(
            "Check whether the message still matters; skip it when the later one "
            "replaces it."
        ),
    ),
    Entry(
        "version-stale",
        _lt("The message refers to an older version of the order"),
        RULE,
        _lt(
            "Let the plant fetch the order's present version, then retry or skip the "
            "message."
        ),
    ),
    Entry(
        "rehearsed",
        _lt("The message was rehearsed, nothing was posted"),
        RULE,
        _lt(
            "Nothing. When the version is approved, or Shadow is switched off on the "
            "interface, messages are posted from then on."
        ),
    ),
    Entry(
        "not-reversible",
        _lt("The effect cannot be taken back automatically"),
        RULE,
        _lt("Correct the records in Odoo by hand, then skip the message."),
    ),
    Entry(
        "already-reversed",
        _lt("The event was reversed before"),
        RULE,
        _lt(
            "Nothing to post: cancel the message. An event is reversed once; what "
            "happened after all is reported anew under a new id."
        ),
    ),
    Entry(
        "not-permitted",
        _lt("The endpoint may not do this"),
        RULE,
        _lt(
            "Ask an integration manager to allow this message type or these rights for "
            "the endpoint."
        ),
        422,
    ),
    Entry(
        "expired",
        _lt("The message came after its expiry time"),
        RULE,
        _lt(
            "Check whether it still matters; send it again with a later expiry time or "
            "skip it."
        ),
    ),
    # Nobody has to act: tried again.
    Entry(
        "locked",
        _lt("The record is being changed by someone else"),
        PASSING,
        _lt("Nothing to do: the message is tried again by itself."),
    ),
    Entry(
        "unavailable",
        _lt("Odoo or the other system cannot be reached just now"),
        PASSING,
        _lt(
            "Nothing to do in Odoo; the sender repeats the request after the time "
            "given in Retry-After."
        ),
        503,
    ),
    Entry(
        "server-stopped",
        _lt("The server stopped while it posted this message"),
        PASSING,
        _lt(
            "Nothing to do while it is tried again by itself. Once it is parked: pass "
            "its number to your Odoo administrator, and retry it when the server is "
            "well."
        ),
        longest_pause=30,  # work goes on within a minute after the last stop
    ),
    Entry(
        "internal",
        _lt("An unexpected error in Odoo"),
        BUG,
        _lt(
            "Pass the message's number to your Odoo administrator; retry it once the "
            "cause is removed."
        ),
        500,
    ),
)
