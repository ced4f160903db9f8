# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""How the plant writes its events down: envelope, ids, times, quantities."""

import uuid

SPACE = uuid.UUID("6f0f3f1e-6c0e-4d55-9a3c-0d7f3c7c2b11")
PIECE = "C62"  # UN/ECE Recommendation 20


def event_id(*parts):
    """The same id for the same fact in every run: a resend is then a duplicate."""
    return str(uuid.uuid5(SPACE, "/".join(str(part) for part in parts)))


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def quantity(value, unit=PIECE):
    return {"value": format(value.normalize(), "f"), "unitCode": unit}


def envelope(source, subject, name, identity, time, data, **more):
    """One CloudEvent of the plant."""
    return {
        "specversion": "1.0",
        "id": identity,
        "source": source,
        "type": f"mfg.{name}.v1",
        "subject": subject,
        "time": stamp(time),
        "datacontenttype": "application/json",
        **more,
        "data": data,
    }
