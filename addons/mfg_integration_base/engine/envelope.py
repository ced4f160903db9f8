# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""CloudEvents 1.0: the envelope of every event, in structured and binary mode.

Checks the CloudEvents core specification (section 3), its JSON format and HTTP
binding. Whether the event makes sense for the business is not decided here.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, unquote_to_bytes

from .failure import Failure, FieldError, pointer
from .times import format_time, parse_time

MAX_ERRORS = 20
REQUIRED = {"id": 255, "source": 255, "type": 100}
OPTIONAL = {
    "subject": 255,
    "partitionkey": 255,
    "correlationid": 255,
    "causationid": 255,
    "traceparent": 255,
}
TIMES = ("time", "expirytime")

_NAME = re.compile(r"[a-z0-9]{1,20}")
# CloudEvents section 3.1, String: no control characters, no noncharacters.
_NONCHARACTERS = "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_FORBIDDEN = re.compile(
    f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]"
)
# RFC 3986 section 4.1; a relative reference has no colon in its first segment.
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_NO_COLON = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})"
_AUTHORITY = rf"(?:{_PCHAR}|\[[0-9A-Fa-fv:.]+\])*"
_SEGMENTS = rf"(?:/{_PCHAR}*)*"
_ABSOLUTE = rf"//{_AUTHORITY}{_SEGMENTS}|/(?:{_PCHAR}+{_SEGMENTS})?"
_TAIL = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:\#(?:{_PCHAR}|[/?])*)?"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:{_ABSOLUTE}|{_PCHAR}+{_SEGMENTS})?{_TAIL}"
)
_REFERENCE = re.compile(rf"(?:{_ABSOLUTE}|{_NO_COLON}+{_SEGMENTS})?{_TAIL}")
_SEQUENCE = re.compile(r"[0-9]{1,18}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?")
_MEDIA_TYPE = re.compile(r"application/(?:[a-z0-9!#$&^_.+\-]+\+)?json", re.IGNORECASE)
# printable ASCII but for space, quotation mark and percent sign
_HEADER_SAFE = "".join(chr(n) for n in range(0x21, 0x7F) if chr(n) not in '"%')
_QUOTED_PAIR = re.compile(r"\\(.)")


@dataclass(slots=True)
class Event:
    """One checked event. Times are aware UTC; `sequence` is a number or absent."""

    id: str
    source: str
    type: str
    subject: str | None = None
    time: datetime | None = None
    sequence: int | None = None
    partitionkey: str | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    expirytime: datetime | None = None
    data: dict = field(default_factory=dict)

    @property
    def key(self):
        """What stays in order: the partition key, else the subject, else the event."""
        return self.partitionkey or self.subject or self.id

    def to_dict(self):
        """Return the event in the CloudEvents JSON format; absent attributes left out.

        `sequence` is a string: the CloudEvents sequence extension defines it so.
        """
        attributes = {
            "specversion": "1.0",
            **{name: getattr(self, name) for name in (*REQUIRED, *OPTIONAL)},
            **{name: _shown(getattr(self, name)) for name in TIMES},
            "sequence": None if self.sequence is None else str(self.sequence),
            "datacontenttype": "application/json",
            "data": self.data,
        }
        return {name: value for name, value in attributes.items() if value is not None}


def _shown(moment):
    return moment and format_time(moment)


def from_dict(obj):
    """Check a parsed JSON event and return it as `Event`.

    Unknown extension attributes are allowed and dropped. Raises `Failure("schema")`
    that lists every attribute in error.
    """
    return _Reader(obj).event()


def from_binary(headers, data):
    """Return the event of a binary-mode request (CloudEvents HTTP binding 3.1).

    `headers` is a mapping or a list of pairs; `data` the parsed body. The media type
    is that of Content-Type. Pointers name the attribute, as in structured mode.
    """
    attributes, errors = _attributes(headers)
    reader = _Reader({**attributes, "data": data})
    reader.errors.extend(errors)
    return reader.event()


def to_headers(event):
    """Return the attributes of an event (a dict) as pairs for its headers.

    CloudEvents HTTP binding 3.1.3: `data` is the body, its media type Content-Type;
    what a header may not hold is percent-encoded.
    """
    return [
        (f"ce-{name}", quote(str(value), safe=_HEADER_SAFE))
        for name, value in event.items()
        if name not in ("data", "datacontenttype")
    ]


def salvage(obj):
    """Return (id, source) of a refused event for the answer, None where unreadable.

    Cut to their maximal length, and safe to store and to print.
    """
    members = obj if isinstance(obj, dict) else {}
    return tuple(_salvaged(members.get(name)) for name in ("id", "source"))


def salvage_binary(headers):
    """The same for a binary-mode request whose body or headers were refused."""
    return salvage(_attributes(headers)[0])


def is_uri_reference(text):
    """Tell whether `text` is a non-empty URI reference (RFC 3986), no IRI."""
    return bool(text) and bool(_URI.fullmatch(text) or _REFERENCE.fullmatch(text))


def _salvaged(value):
    if not isinstance(value, str) or not value:
        return None
    return _FORBIDDEN.sub("\ufffd", value[:255])


def _attributes(headers):
    """Decode the ce-* headers; return them with what could not be decoded."""
    attributes, errors = {}, []
    for name, value in headers.items() if hasattr(headers, "items") else headers:
        name = name.lower()
        if name == "content-type":
            attributes["datacontenttype"] = value
        elif name in ("ce-data", "ce-datacontenttype"):
            errors.append(FieldError(pointer(name[3:]), f"must not be a {name} header"))
        elif name.startswith("ce-"):
            _decode(name[3:], value, attributes, errors)
    return attributes, errors


def _decode(name, value, attributes, errors):
    """Undo quoting, then percent-encoding, as section 3.1.3.2 of the binding says."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _QUOTED_PAIR.sub(r"\1", value[1:-1])
    try:
        value.encode("ascii")
        attributes[name] = unquote_to_bytes(value).decode("utf-8")
    except UnicodeError:
        detail = "must be percent-encoded UTF-8 in a header"
        errors.append(FieldError(pointer(name), detail))


class _Reader:
    """Reads one event's attributes and collects what is wrong with them."""

    def __init__(self, obj):
        self.obj = obj
        self.errors = []

    def event(self):
        if isinstance(self.obj, dict):
            values = self._values()
        else:
            self._error("", "must be a JSON object, one CloudEvent")
        if self.errors:
            text = "The envelope of the event is not valid CloudEvents 1.0."
            raise Failure("schema", text, self._distinct())
        return Event(**values)

    def _distinct(self):
        """One error per attribute, the first one: a header may have failed before."""
        first = {}
        for error in self.errors:
            first.setdefault(error.pointer, error)
        return list(first.values())[:MAX_ERRORS]

    def _values(self):
        self._names()
        self._specversion()
        self._media_type()
        values = {name: self._required(name) for name in REQUIRED}
        values.update((name, self._text(name, OPTIONAL[name])) for name in OPTIONAL)
        values.update((name, self._time(name)) for name in TIMES)
        self._source(values["source"])
        self._dataschema()
        values["traceparent"] = _traceparent(values["traceparent"])
        return {**values, "sequence": self._sequence(), "data": self._data()}

    def _error(self, name, detail):
        self.errors.append(FieldError(pointer(name) if name else "", detail))

    def _names(self):
        for name, value in self.obj.items():
            if name in ("data", "data_base64"):
                continue
            if not _NAME.fullmatch(name):
                self._name_error(name)
            elif isinstance(value, dict | list):
                self._error(name, "must be a string, a number or a boolean")

    def _name_error(self, name):
        detail = "attribute names have 1 to 20 lower-case letters or digits"
        shown = "" if _FORBIDDEN.search(name) else name[:40]
        self._error(shown, detail)

    def _specversion(self):
        if self.obj.get("specversion") != "1.0":
            self._error("specversion", 'must be "1.0"')

    def _media_type(self):
        value = self._text("datacontenttype", 255)
        if value and not _MEDIA_TYPE.fullmatch(value.partition(";")[0].strip()):
            self._error("datacontenttype", "must be application/json")

    def _required(self, name):
        if self.obj.get(name) is None:
            return self._error(name, "is required")
        return self._text(name, REQUIRED[name])

    def _text(self, name, length):
        """Return a checked string; null is the same as absent (JSON format 2.2)."""
        value = self.obj.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            return self._error(name, "must be a non-empty string")
        if len(value) > length:
            return self._error(name, f"must have at most {length} characters")
        if _FORBIDDEN.search(value):
            return self._error(name, "must not contain control characters")
        return value

    def _source(self, value):
        if value and not is_uri_reference(value):
            self._error("source", "must be a URI reference, such as /plant1/mes")

    def _dataschema(self):
        value = self._text("dataschema", 1000)
        if value and not _URI.fullmatch(value):
            self._error("dataschema", "must be a URI")

    def _time(self, name):
        value = self.obj.get(name)
        if value is None:
            return None
        try:
            return parse_time(value)
        except ValueError:
            example = "2026-01-31T06:00:00+01:00"
            detail = f"must be an RFC 3339 date-time with offset, such as {example}"
            return self._error(name, detail)

    def _sequence(self):
        value = self.obj.get("sequence")
        if value is None:
            return None
        if isinstance(value, int | str) and _SEQUENCE.fullmatch(str(value)):
            return int(value)
        return self._error("sequence", "must be a whole number of 1 to 18 digits")

    def _data(self):
        if "data_base64" in self.obj:
            self._error("data_base64", "is not supported: send JSON in data")
        elif "data" not in self.obj:
            self._error("data", "is required")
        elif not isinstance(self.obj["data"], dict):
            self._error("data", "must be a JSON object")
        return self.obj.get("data")


def _traceparent(value):
    """A trace that cannot be continued is dropped (W3C Trace Context 4.3)."""
    return value if value and _TRACEPARENT.fullmatch(value) else None
