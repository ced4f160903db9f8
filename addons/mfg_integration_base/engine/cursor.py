# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How far a plant has read a feed, as the opaque text it brings along.

A position of the feed and never a time: positions are given one after another and
become visible in their order, so that whoever goes on behind one misses nothing.
"""

import base64
import binascii
from dataclasses import dataclass

from .failure import Failure, FieldError

LONGEST = 200
_FURTHEST = 2**63 - 1


@dataclass(frozen=True)
class Cursor:
    """Read up to `position`; what ended up to `since` was never told and need not be.

    `since` is the feed's last position when the full load began: of records that were
    gone by then the plant has nothing to delete.
    """

    feed: str
    position: int = 0
    since: int = 0

    def text(self):
        """Return the cursor as it is handed out."""
        plain = f"{self.feed}/{self.position}/{self.since}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    def at(self, position):
        """Return the cursor behind a position."""
        return Cursor(self.feed, position, self.since)


def read(text, feed, last):
    """Return the cursor that was handed out as `text`.

    :param feed: what is read; a cursor is good for its own feed only
    :param last: the feed's last position; a later one is of another database, or of
        this one before it was restored
    :raise Failure: bad-request
    """
    words = "This cursor was not given out for this feed."
    try:
        name, position, since = _plain(text).split("/")
        found = Cursor(name, _number(position), _number(since))
    except (ValueError, binascii.Error) as error:
        raise _refused(words) from error
    if name != feed:
        raise _refused(words)
    if max(found.position, found.since) > last:
        raise _refused("This cursor is ahead of the feed.")
    return found


def _plain(text):
    if not text.isascii() or len(text) > LONGEST:
        raise ValueError("no cursor")
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")


def _number(text):
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise ValueError("no position")
    if int(text) > _FURTHEST:
        raise ValueError("no position")
    return int(text)


def _refused(words):
    detail = f"{words} Begin anew without a cursor."
    return Failure("bad-request", detail, [FieldError("/cursor", detail)])
