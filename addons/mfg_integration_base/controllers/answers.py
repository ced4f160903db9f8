# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a message looks like from outside (design.md section 3, GET <href>)."""

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
    return body


def utc(moment):
    return moment.isoformat() + "Z" if moment else None
