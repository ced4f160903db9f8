# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""From an HTTP request to events: CloudEvents HTTP binding, all three modes.

Decides between a request that is no event at all (400) and an event that is not
acceptable: the latter is answered and kept one by one.
"""

import json

from ..engine import envelope, strict_json
from ..engine.failure import Failure
from ..models.mfg_inbox import Received

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
BINARY = "application/json"


def single(body):
    """One event in structured mode."""
    return _read(_loads(body), _text(body))


def batch(body):
    """Events of a batch, each good or bad for itself.

    :raise Failure: the body as a whole is no batch
    """
    return [_read(value, _dumped(value)) for value in strict_json.loads_batch(body)]


def binary(headers, body):
    """One event in binary mode: attributes in ce-* headers, data in the body."""
    data = _loads(body)
    salvaged = envelope.salvage_binary(headers)
    if isinstance(data, Failure):
        return _refused(data, salvaged, _text(body))
    try:
        event = envelope.from_binary(headers, data)
    except Failure as failure:
        failure.value = {"data": data}  # its headers made it an event
        return _refused(failure, salvaged, _text(body))
    return _accepted(event, strict_json.dumps(event.to_dict()))


def unreadable(failure, body):
    """A body that is no event at all, to be kept for the record."""
    return _refused(failure, (None, None), _text(body))


def is_event(received):
    """Whether there is anything to answer as an event: some JSON object was read."""
    failure = received.failure
    return failure is None or isinstance(failure.value, dict)


def _loads(body):
    try:
        return strict_json.loads(body)
    except Failure as failure:
        return failure


def _read(value, text):
    if isinstance(value, Failure):
        return _refused(value, envelope.salvage(value.value), text)
    try:
        return _accepted(envelope.from_dict(value), text)
    except Failure as failure:
        failure.value = value
        return _refused(failure, envelope.salvage(value), text)


def _accepted(event, text):
    return Received(text, event=event, id=event.id, source=event.source)


def _refused(failure, salvaged, text):
    return Received(text, failure=failure, id=salvaged[0], source=salvaged[1])


def _text(body):
    return body.decode("utf-8", "replace")


def _dumped(value):
    """The event of a batch as text, as exactly as it can be shown."""
    if not isinstance(value, Failure):
        return strict_json.dumps(value)
    return json.dumps(value.value, default=_shown_flaw)


def _shown_flaw(value):
    """Decimals as they were written; what JSON may not hold as the reason."""
    return getattr(value, "detail", str(value))
