# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a message looks like from outside (design.md section 3, GET <href>)."""

from ..models.mfg_inbox import HREF

ENDED = ("posted", "parked", "cancelled", "rejected")


def message_body(message):
    """The state of an event for its sender; `message` is in sudo: links are others'."""
    body = {
        "id": message.event_id or None,
        "source": message.source or None,
        "type": message.type or None,
        "state": message.state,
        "receivedAt": utc(message.received_at),
        "attempts": message.attempts,
        "records": message.link_ids._records(),
    }
    if message.posted_at:
        body["postedAt"] = utc(message.posted_at)
    if message.error_code and message.state != "posted":
        body["error"] = message._failure().as_dict()
    if message.reversed_by_id:
        body["reversedBy"] = _reference(message.reversed_by_id)
    if message.reverses_id:
        body["reverses"] = _reference(message.reverses_id)
    return body


def _reference(message):
    """Another event of the same sender: its identity and where its state is."""
    return {
        "id": message.event_id,
        "source": message.source,
        "href": HREF % message.id,
    }


def utc(moment):
    return moment.isoformat() + "Z" if moment else None
