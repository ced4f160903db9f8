# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The codes of master data from plants: whose it is, and which version counts."""

from .catalogue import MOOT, RULE, VALUE, Entry, register
from .texts import marker

_lt = marker(__name__)

OVERTAKEN = "version-overtaken"
CONFLICT = "version-conflict"
NOT_OWNER = "not-owner"
CODE_TAKEN = "code-taken"

register(
    Entry(
        OVERTAKEN,
        _lt("A newer version has already taken effect"),
        MOOT,
        _lt("Nothing to do: the newer version holds."),
    ),
    Entry(
        CONFLICT,
        _lt("Another content came under this version"),
        RULE,
        _lt("Have it sent under a new, higher version; then cancel the message."),
    ),
    Entry(
        NOT_OWNER,
        _lt("The plant does not own this master data"),
        RULE,
        _lt(
            "Change it in Odoo and cancel the message; or have an integration manager "
            "give the plant the right (Master Data, Ownership), then retry the "
            "message."
        ),
    ),
    Entry(
        CODE_TAKEN,
        _lt("The code stands for another record"),
        VALUE,
        _lt(
            "Let the plant's code lead to the right record (Mappings): the message "
            "goes on by itself then. If the plant means two things by it, have it send "
            "another code and cancel the message."
        ),
    ),
)
