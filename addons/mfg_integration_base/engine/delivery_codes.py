# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The codes of a plant that does not take what Odoo pushes to it."""

from .catalogue import BUG, PASSING, RULE, Entry, register
from .texts import marker

_lt = marker(__name__)

UNREACHABLE = "push-unreachable"
ADDRESS = "push-address"
FAILED = "push-failed"
BUSY = "push-busy"
REDIRECTED = "push-redirected"
GONE = "push-gone"
MISDIRECTED = "push-misdirected"
REFUSED = "push-refused"
NOT_WRITABLE = "not-writable"

register(
    Entry(
        UNREACHABLE,
        _lt("The plant's address cannot be reached"),
        PASSING,
        _lt(
            "Nothing to do while it is tried again by itself. If it lasts: check the "
            "address on the endpoint, the network and the plant's system."
        ),
    ),
    Entry(
        ADDRESS,
        _lt("The plant's address may not be used"),
        PASSING,
        _lt(
            "Ask an administrator to add the plant's network to the endpoint's allowed "
            "networks, or enter a public https address."
        ),
    ),
    Entry(
        FAILED,
        _lt("The plant's system failed"),
        PASSING,
        _lt(
            "Nothing to do while it is tried again by itself. If it lasts: have the "
            "plant's system looked at; the attempts show what it answered."
        ),
    ),
    Entry(
        BUSY,
        _lt("The plant's system asks to be left alone for a while"),
        PASSING,
        _lt(
            "Nothing to do: it is sent again by itself. If it lasts: lower the "
            "endpoint's rate of deliveries."
        ),
    ),
    Entry(
        REDIRECTED,
        _lt("The plant's address points somewhere else"),
        PASSING,
        _lt(
            "Enter the address it points to on the endpoint: redirects are not "
            "followed."
        ),
    ),
    Entry(
        GONE,
        _lt("The plant has ended the delivery"),
        RULE,
        _lt(
            "Ask the plant whether it still wants these messages. If so, correct the "
            "address and resume the delivery; else switch the delivery to fetching or "
            "archive the endpoint."
        ),
    ),
    Entry(
        MISDIRECTED,
        _lt("The plant's system does not know the address or the signature"),
        PASSING,
        _lt(
            "Check the address, the signature profile and the secret on the endpoint "
            "with the plant. It is tried again by itself; once it is parked, retry the "
            "message."
        ),
    ),
    Entry(
        REFUSED,
        _lt("The plant's system refuses the message"),
        RULE,
        _lt(
            "Put right what the plant names, here or there, then retry the message; or "
            "cancel it. If it refuses everything: check the secret, the signature "
            "profile and both clocks."
        ),
    ),
    Entry(
        NOT_WRITABLE,
        _lt("The message cannot be written in the plant's format"),
        BUG,
        _lt(
            "Choose another message format on the endpoint, or put right what is "
            "named, then retry the message. If that says nothing to you, pass the "
            "message's number to your Odoo administrator: the attempt holds the trace."
        ),
    ),
)
