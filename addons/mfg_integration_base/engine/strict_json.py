# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Strict JSON (RFC 8259 without its loopholes): what is ambiguous is refused.

Two readers of one body must see the same event, so duplicate names, NaN, lone
surrogates and numbers beyond decimal128 are errors. The C scanner of `json` does the
parsing; its hooks mark what is wrong, and one walk over the result names the places.
"""

import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from .failure import Failure, FieldError, pointer

MIB = 1024 * 1024
MAX_ERRORS = 20
# Deeper than this nothing is parsed at all: the C scanner recurses per level.
_PARSE_DEPTH = 100
# A string ends at its quote or at the end of the body: it always matches, so that
# no broken body makes the search start over at every quote.
_STRING = re.compile(rb'"(?:[^"\\]+|\\.)*(?:"|\\?\Z)', re.DOTALL)
_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,6}))?")
_TO_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("]"): -1}
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Limits:
    """How much one event may hold; `digits` counts a number written out in full."""

    size: int = MIB
    depth: int = 32
    nodes: int = 10_000
    items: int = 1_000
    digits: int = 34
    name_length: int = 255


BATCH = Limits(size=8 * MIB)
# What is stored was let in or written by us, as long as it may be: a recipe of 2,000
# lines is no attack.
STORED = Limits(math.inf, 100, math.inf, math.inf, name_length=math.inf)


class _Flaw:
    """Stands in the parsed tree for a value that JSON has but we refuse."""

    def __init__(self, detail):
        self.detail = detail


class _Doubled(dict):
    """An object with a member named twice; `names` are those members."""

    names = ()


def loads(body, limits=None):
    """Parse one event; numbers come back as int or Decimal, never float.

    Raises `Failure("schema")` with a pointer per flaw (the first 20), or
    `Failure("payload-too-large")`. `failure.value` is what could be read.
    """
    limits = limits or Limits()
    value = _parse(body, limits)
    return _checked(value, limits, _suspect(body))


def loads_batch(body, limits=BATCH):
    """Parse a JSON array of events; return its values and, for bad ones, Failures.

    A flaw inside one event refuses that event only. What breaks the body as a whole
    (not JSON, not an array, too large) raises `Failure`.
    """
    value = _parse(body, limits)
    if not isinstance(value, list):
        raise _refusal("a batch must be a JSON array of events")
    if len(value) > limits.items:
        raise Failure("payload-too-large", f"More than {limits.items} events.")
    suspect = _suspect(body)
    return [_outcome(item, limits, suspect) for item in value]


def _outcome(item, limits, suspect):
    try:
        return _checked(item, limits, suspect)
    except Failure as failure:
        return failure


def _suspect(body):
    """Only an escape can bring a NUL or a lone surrogate into a decoded string."""
    return b"\\u" in body


def _checked(value, limits, suspect):
    walk = _Walk(limits, suspect)
    walk.visit(value)
    if not walk.errors:
        return value
    failure = Failure("schema", "The JSON is not acceptable.", walk.errors)
    failure.value = value
    raise failure


def _refusal(detail):
    return Failure("schema", f"Not acceptable JSON: {detail}", [FieldError("", detail)])


def _parse(body, limits):
    if len(body) > limits.size:
        raise Failure("payload-too-large", f"More than {limits.size} bytes.")
    if _deeper_than(body, max(limits.depth, _PARSE_DEPTH)):
        raise _refusal(f"nested deeper than {limits.depth} levels")
    text = _decode(body)
    digits = limits.digits
    try:
        return json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=lambda literal: _integer(literal, digits),
            parse_float=lambda literal: _decimal(literal, digits),
            parse_constant=lambda name: _Flaw(f"must be a number, {name} is none"),
        )
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")
        place = f"at line {error.lineno}, column {error.colno}"
        raise _refusal(f"not JSON: {what} {place}") from None


def _decode(body):
    if body.startswith(b"\xef\xbb\xbf"):
        raise _refusal("must not start with a byte order mark")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(f"not UTF-8 at byte {error.start}") from None


def _deeper_than(body, depth):
    """Tell without parsing, in one pass over the brackets outside strings."""
    brackets = _STRING.sub(b"", body).translate(_TO_BRACKETS, _NOT_BRACKETS)
    steps = map(_STEP.__getitem__, brackets)
    return any(level > depth for level in accumulate(steps))


def _members(pairs):
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen, doubled = set(), _Doubled(pairs)
    doubled.names = [name for name, _value in pairs if name in seen or seen.add(name)]
    return doubled


def _integer(literal, digits):
    if len(literal.lstrip("-")) > digits:
        return _Flaw(f"must be a number of at most {digits} digits")
    return int(literal)


def _decimal(literal, digits):
    if not _written_out(literal, digits):
        return _Flaw(f"must be a number of at most {digits} digits when written out")
    return Decimal(literal)


def _written_out(literal, digits):
    """True when the number without its exponent has at most `digits` digits."""
    match = _NUMBER.fullmatch(literal)
    if not match:
        return False
    whole, fraction, exponent = match[1], match[2] or "", int(match[3] or 0)
    before = max(len(whole) + exponent, 1)
    after = max(len(fraction) - exponent, 0)
    return before + after <= digits


class _Walk:
    """One pass over the parsed tree that counts, measures and collects flaws."""

    def __init__(self, limits, suspect):
        self.limits = limits
        self.suspect = suspect
        self.path = []
        self.nodes = 0
        self.errors = []

    def visit(self, node):
        self.nodes += 1
        if self.nodes > self.limits.nodes or len(self.errors) >= MAX_ERRORS:
            return self._stop()
        if isinstance(node, dict):
            return self._container(node, node.items())
        if isinstance(node, list):
            return self._container(node, enumerate(node))
        if isinstance(node, str):
            return self.suspect and self._text(node)
        if isinstance(node, _Flaw):
            return self._report(node.detail)
        return None

    def _stop(self):
        if self.nodes == self.limits.nodes + 1:
            detail = f"must hold at most {self.limits.nodes} values"
            self.errors.append(FieldError("", detail))

    def _container(self, node, children):
        if len(self.path) >= self.limits.depth:
            return self._report(f"nested deeper than {self.limits.depth} levels")
        if isinstance(node, list) and len(node) > self.limits.items:
            return self._report(f"must have at most {self.limits.items} items")
        for name in getattr(node, "names", ()):
            self._report("is given more than once", name)
        for name, child in children:
            if self._fit(name):
                self.path.append(name)
                self.visit(child)
                self.path.pop()
        return None

    def _fit(self, name):
        """Names that cannot be shown are reported at their object."""
        if isinstance(name, int):
            return True
        if len(name) > self.limits.name_length:
            length = self.limits.name_length
            self._report(f"has a member name longer than {length} characters")
            return False
        return not (self.suspect and self._text(name, "has a member name that"))

    def _text(self, text, subject="the text"):
        if "\x00" in text:
            return self._report(f"{subject} contains a NUL character")
        if _SURROGATE.search(text):
            return self._report(f"{subject} contains half of a surrogate pair")
        return False

    def _report(self, detail, *name):
        self.errors.append(FieldError(pointer(*self.path, *name), detail))
        return True


def dumps(value):
    """Return compact JSON text that keeps every digit of a Decimal.

    Raises ValueError for NaN and infinities, TypeError for what JSON has no form for.
    """
    try:
        return json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
    except TypeError:
        return _encode(value)


def _encode(value):
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, dict):
        return "{" + ",".join(_member(*item) for item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_encode, value)) + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _member(name, value):
    if not isinstance(name, str):
        raise TypeError(f"a member name must be a string, not {type(name).__name__}")
    return json.dumps(name, ensure_ascii=False) + ":" + _encode(value)


def _digits(value):
    if not value.is_finite():
        raise ValueError(f"{value} has no JSON form")
    return str(value)
