# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Words for what a schema refuses: the field and the rule, for a person at a plant."""

import re
from decimal import Decimal
from difflib import get_close_matches
from numbers import Number

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError, relevance

from .failure import FieldError, pointer

MAX_ERRORS = 20
_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be greater than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} items",
    "maxItems": "must have at most {} items",
    "minProperties": "must have at least {} fields",
    "maxProperties": "must have at most {} fields",
    "uniqueItems": "must not list the same item twice",
    "format": "must be a valid {}",
}


def _is_integer(_checker, value):
    """A Decimal without fraction is an integer too, as for every other validator."""
    if isinstance(value, bool) or not isinstance(value, Number):
        return False
    return value == int(value) if _finite(value) else False


def _finite(value):
    return not isinstance(value, float | Decimal) or Decimal(value).is_finite()


def _pattern(_validator, pattern, instance, _schema):
    """Python's $ also matches before a last line feed; JSON Schema's does not."""
    if not isinstance(instance, str):
        return
    if pattern.endswith("$") and not pattern.endswith(r"\$"):
        pattern = pattern[:-1] + r"\Z"
    if not re.search(pattern, instance):
        yield ValidationError("does not have the required form")


_Validator = validators.extend(
    Draft202012Validator,
    validators={"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


class Worder:
    """Explains what is wrong with data that the deciding validator refused."""

    def __init__(self, document, formats):
        checker = FormatChecker(formats=())
        for name, check in formats.items():
            checker.checks(name)(lambda value, ok=check: _text_ok(value, ok))
        self._validator = _Validator(document, format_checker=checker)

    def is_valid(self, data):
        """The second opinion; the tests hold it against the deciding validator."""
        return self._validator.is_valid(data)

    def errors(self, data, prefix):
        """Return one FieldError per field, the first 20, in the order found."""
        found = {}
        for error in self._validator.iter_errors(data):
            for parts, detail in _explain(error):
                found.setdefault(prefix + pointer(*parts), detail)
            if len(found) >= MAX_ERRORS:
                break
        return [FieldError(*item) for item in found.items()][:MAX_ERRORS]


def _text_ok(value, check):
    return not isinstance(value, str) or check(value)


def _explain(error):
    """Yield (path, words): some keywords concern several members at once."""
    path = list(error.absolute_path)
    special = _SPECIAL.get(error.validator)
    if special:
        yield from special(error, path)
    elif error.validator in _LIMITS:
        yield path, _limit(error)
    else:
        yield path, _shorten(error.message)


def _limit(error):
    limit = error.validator_value
    words = _LIMITS[error.validator].format(limit)
    if limit == 1:
        words = re.sub(r"(item|character|field)s$", r"\1", words)
    if error.validator in ("minLength", "minItems") and limit == 1:
        words = "must not be empty"
    return words


def _required(error, path):
    for name in error.validator_value:
        if name not in error.instance:
            yield [*path, name], "is required"


def _dependent_required(error, path):
    for present, names in error.validator_value.items():
        for name in names if present in error.instance else ():
            if name not in error.instance:
                yield [*path, name], f"is required together with {present}"


def _additional(error, path):
    known = error.schema.get("properties", {})
    for name in error.instance:
        if name not in known:
            close = get_close_matches(name, known, 1) if len(name) < 60 else ()
            hint = f"; did you mean {close[0]}?" if close else ""
            yield [*path, name], f"is not a known field{hint}"


def _type(error, path):
    wanted = error.validator_value
    wanted = [wanted] if isinstance(wanted, str) else wanted
    words = " or ".join(_NAMES[name] for name in wanted)
    yield path, f"must be {words}, not {_kind(error.instance)}"


def _kind(value):
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    kinds = {dict: "an object", list: "a list", str: "a text"}
    return kinds.get(type(value), "a number")


def _enum(error, path):
    words = ", ".join(str(value) for value in error.validator_value)
    yield path, f"must be one of: {_shorten(words)}"


def _const(error, path):
    yield path, f"must be {_shorten(str(error.validator_value))}"


def _form(error, path):
    """The form in words is the description beside the pattern in the schema."""
    expected = error.schema.get("description")
    words = "does not have the required form"
    yield path, f"{words}: {_shorten(expected)}" if expected else words


def _format(error, path):
    words = {"date-time": "date-time with offset, such as 2026-01-31T06:00:00+01:00"}
    name = error.validator_value
    yield path, f"must be a valid {words.get(name, name)}"


def _choice(error, path):
    """Of several alternatives, ask for the missing members or explain the nearest."""
    if not error.context:
        yield path, "must match only one of the alternatives"
    elif all(branch.validator == "required" for branch in error.context):
        branches = [" and ".join(part["required"]) for part in error.validator_value]
        yield path, f"must have {' or '.join(branches)}"
    else:
        yield from _explain(max(error.context, key=_nearness))


def _nearness(error):
    """The alternative that got furthest into the data is the one that was meant."""
    return len(error.absolute_path), relevance(error)


def _forbidden(error, path):
    yield path, "must not be given here"


def _shorten(text):
    return text if len(text) <= 200 else text[:199] + "…"


_SPECIAL = {
    "required": _required,
    "dependentRequired": _dependent_required,
    "additionalProperties": _additional,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _form,
    "format": _format,
    "anyOf": _choice,
    "oneOf": _choice,
    "not": _forbidden,
    None: _forbidden,
}
