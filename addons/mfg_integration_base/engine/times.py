# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""RFC 3339 date-times: the only form of time the contract knows."""

import re
from datetime import datetime, timedelta, timezone

# 60 is a leap second; RFC 3339 allows it and Python has no form for it.
_FORM = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,9}))?(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))"
)


def parse_time(text):
    """Return the aware UTC datetime of an RFC 3339 date-time *with offset*.

    Digits beyond the microsecond are cut. Raises ValueError for anything else, a
    time without offset first of all: a plant's local time is ambiguous twice a year.
    """
    match = isinstance(text, str) and _FORM.fullmatch(text)
    if not match:
        raise ValueError(f"not an RFC 3339 date-time with offset: {text!r}")
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    moment = datetime(
        year, month, day, hour, minute, min(second, 59), _microseconds(match[7])
    )
    try:
        moment -= _offset(match)
    except OverflowError as error:
        raise ValueError(f"out of range: {text}") from error
    return _leap(moment, second).replace(tzinfo=timezone.utc)


def format_time(moment):
    """Return an aware datetime as RFC 3339 in UTC, such as 2026-01-31T06:00:00Z."""
    text = moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat()
    return f"{text}Z"


def is_time(text):
    """Tell whether `parse_time` understands it; strings only, for `format` checks."""
    try:
        parse_time(text)
    except ValueError:
        return False
    return True


def _microseconds(fraction):
    return int((fraction or "0")[:6].ljust(6, "0"))


def _offset(match):
    if match[8]:
        return timedelta(0)
    hours, minutes = int(match[10]), int(match[11])
    if hours > 23 or minutes > 59:
        raise ValueError("offset out of range")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if match[9] == "-" else offset


def _leap(moment, second):
    if second < 60:
        return moment
    if second > 60 or (moment.hour, moment.minute) != (23, 59):
        raise ValueError("only the last second of a UTC day can be a leap second")
    return moment.replace(microsecond=0) + timedelta(seconds=1)
