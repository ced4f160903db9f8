# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Prometheus text exposition format, version 0.0.4."""

import math
import re
from dataclasses import dataclass, field

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
KINDS = ("counter", "gauge", "histogram", "summary", "untyped")
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_HELP_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n"})


@dataclass(frozen=True)
class Sample:
    """One value; `suffix` is _bucket, _sum or _count of a histogram or summary."""

    value: float
    labels: dict = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True)
class Family:
    """All samples of one metric. Names end in their unit: _seconds, _total."""

    name: str
    kind: str
    help: str
    samples: tuple = ()


def render(families):
    """Return the exposition text; ValueError for a name Prometheus would refuse."""
    return "".join(line + "\n" for family in families for line in _lines(family))


def _lines(family):
    if family.kind not in KINDS or not _METRIC.fullmatch(family.name):
        raise ValueError(f"not a metric: {family.name} {family.kind}")
    yield f"# HELP {family.name} {family.help.translate(_HELP_ESCAPES)}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        yield f"{family.name}{sample.suffix}{_labels(sample)} {_value(sample.value)}"


def _labels(sample):
    if not sample.labels:
        return ""
    return "{" + ",".join(_label(*item) for item in sample.labels.items()) + "}"


def _label(name, value):
    if not _LABEL.fullmatch(name):
        raise ValueError(f"not a label name: {name}")
    return f'{name}="{str(value).translate(_ESCAPES)}"'


def _value(value):
    number = float(value)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    return str(int(number)) if number.is_integer() else repr(number)
