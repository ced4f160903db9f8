# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""When a version of a type ends, what follows it, and how senders are told.

What a released schema accepts is never edited. That it is on its way out is said in
the file itself, and nowhere else:

    "deprecated": true,
    "x-deprecated-at": "2027-01-01T00:00:00Z",
    "x-sunset-at": "2027-07-01T00:00:00Z",
    "x-successor": "mfg.connection.tested.v2"

Without ``x-sunset-at`` it stays as long as there is no date. Senders read it in the
headers Deprecation (RFC 9745), Sunset (RFC 8594) and Link (RFC 8288) of every answer
that has to do with the version.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from .times import format_time, parse_time

KEYS = ("x-deprecated-at", "x-sunset-at", "x-successor")


@dataclass(frozen=True)
class Ending:
    """A version on its way out; moments are aware, the successor is a type or None."""

    event_type: str
    deprecated_at: datetime
    sunset_at: datetime | None = None
    successor: str | None = None

    def is_over(self, now):
        """Whether events of the version are refused by now."""
        return self.sunset_at is not None and now >= self.sunset_at


def split(event_type):
    """Name and version: ("mfg.connection.tested", 1); 0 where there is none."""
    name, _dot, number = (event_type or "").rpartition(".v")
    return (name, int(number)) if name and number.isdigit() else (event_type, 0)


def latest(event_types):
    """Those of the types that no later version follows, as a set."""
    last = {}
    for event_type in event_types:
        name, number = split(event_type)
        last[name] = max(last.get(name, (number, event_type)), (number, event_type))
    return {event_type for _number, event_type in last.values()}


def ending(event_type, document, known):
    """Read a schema file's own word on its end; None while there is none.

    :param known: the types there are, for the successor to be one of them
    :raise ValueError: half a word, which would mislead senders
    """
    said = [key for key in KEYS if key in document]
    if not document.get("deprecated"):
        if said:
            raise ValueError(f"{event_type}: {said[0]}, but it is not deprecated")
        return None
    if "x-deprecated-at" not in document:
        raise ValueError(f"{event_type}: deprecated since when? x-deprecated-at")
    moments = [parse_time(document[key]) for key in KEYS[:2] if key in document]
    if moments != sorted(moments):
        raise ValueError(f"{event_type}: x-sunset-at is before x-deprecated-at")
    successor = document.get("x-successor")
    if successor not in (None, *known) or successor == event_type:
        raise ValueError(f"{event_type}: there is no successor {successor}")
    return Ending(event_type, moments[0], *(moments[1:] or [None]), successor)


def in_words(ending):
    """What a reader of the contract should know of a version's end, as sentences."""
    text = f"On its way out since {ending.deprecated_at:%Y-%m-%d}."
    if ending.sunset_at:
        text += f" Its events are refused from {ending.sunset_at:%Y-%m-%d %H:%M} UTC."
    if ending.successor:
        text += f" Change over to {ending.successor}."
    return text


def facts(ending):
    """The members that tell it in the list of types."""
    found = (
        {}
        if ending is None
        else {
            "deprecatedAt": format_time(ending.deprecated_at),
            "sunsetAt": ending.sunset_at and format_time(ending.sunset_at),
            "successor": ending.successor,
        }
    )
    return {name: value for name, value in found.items() if value}


def headers(endings, prefix):
    """The header fields of an answer about these versions: the earliest end counts."""
    endings = sorted(endings, key=lambda one: one.event_type)
    if not endings:
        return []
    since = min(one.deprecated_at for one in endings)
    sunsets = [one.sunset_at for one in endings if one.sunset_at]
    found = [("Deprecation", f"@{int(since.timestamp())}")]
    if sunsets:
        found.append(("Sunset", format_datetime(min(sunsets), usegmt=True)))
    links = [link for one in endings for link in _links(one, prefix)]
    return [*found, ("Link", ", ".join(links))]


def _links(one, prefix):
    yield f'<{prefix}/docs#in-{one.event_type}>; rel="deprecation"; type="text/html"'
    if one.successor:
        yield f'<{prefix}/schemas/{one.successor}>; rel="successor-version"'
