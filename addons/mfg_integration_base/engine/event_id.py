# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Ids of the events that Odoo sends."""

import secrets
import time
import uuid

_VERSION, _VARIANT = 0x7 << 76, 0b10 << 62


def new_event_id():
    """A UUID of version 7 (RFC 9562 section 5.7): random, and rising with time.

    Rising ids stand together in the index of the log. Random ones are spread over all
    of it, and a log of millions would write a page of the index for every message.
    """
    milliseconds = time.time_ns() // 1_000_000
    below, lowest = secrets.randbits(12) << 64, secrets.randbits(62)
    return str(uuid.UUID(int=milliseconds << 80 | _VERSION | below | _VARIANT | lowest))
