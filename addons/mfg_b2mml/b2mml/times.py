# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Times and durations as vendors write them, brought to what the contract knows."""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,12}))?)?"
    r" ?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_DURATION = re.compile(
    r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)


def parse(text, zone="UTC"):
    """Return the aware UTC datetime of a date and time.

    :param zone: name of the time zone that a time without offset is of
    :raise ValueError: with the reason in plain words
    """
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError("must be a date and time such as 2026-01-31T06:00:00+01:00")
    moment = _moment(match)
    offset = _offset(match)
    if offset is not None:
        moment = (moment - offset).replace(tzinfo=timezone.utc)
    else:
        moment = _local(moment, ZoneInfo(zone))
    if not 1900 < moment.year < 9000:
        raise ValueError("is not a time of our days")
    return moment


def _moment(match):
    numbers = [int(part or 0) for part in match.groups()[:6]]
    day_end = numbers[3] == 24 and not any(numbers[4:])  # XML Schema's end of a day
    if day_end:
        numbers[3] = 0
    fraction = int((match[7] or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(*numbers, fraction)
    except ValueError as error:
        raise ValueError(f"is no possible time: {error}") from None
    return moment + timedelta(days=day_end)


def _offset(match):
    """Of the text; None where it gives none."""
    if match[8]:
        return timedelta(0)
    if not match[9]:
        return None
    hours, minutes = int(match[10]), int(match[11] or 0)
    if hours > 14 or minutes > 59:
        raise ValueError("has an offset that no place on earth has")
    return (-1 if match[9] == "-" else 1) * timedelta(hours=hours, minutes=minutes)


def _local(moment, zone):
    """An hour that a clock shows twice a year, or never, is not guessed."""
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError(f"needs an offset: {zone.key} changes its clocks then")
    return first.astimezone(timezone.utc)


def parse_day(text, zone="UTC"):
    """The same of a date alone too: the beginning of that day."""
    match = _DATE.fullmatch(text)
    if match:
        text = f"{match[1]}-{match[2]}-{match[3]}T00:00:00{match[4] or ''}"
    return parse(text, zone)


def seconds_of(text):
    """Return the seconds (Decimal) of a duration of XML Schema; None if it is none."""
    match = _DURATION.fullmatch(text)
    if not match or text.endswith(("P", "T")):
        return None
    days, hours, minutes, seconds = (Decimal(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def show(moment):
    """An aware datetime as the contract writes it (RFC 3339 in UTC)."""
    text = moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat()
    return f"{text}Z"
