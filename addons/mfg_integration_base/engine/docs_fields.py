# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A schema as rows of a table: one field per row, with its rule in words."""

from dataclasses import dataclass

_MAX_DEPTH = 8
_NAMES = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "array": "list",
    "null": "null",
}
_RULES = (
    ("const", "always {}"),
    ("format", "{}"),
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "greater than {}"),
    ("maximum", "at most {}"),
    ("exclusiveMaximum", "less than {}"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
)


@dataclass(frozen=True)
class Field:
    """One field: its path from `data`, such as materials[].quantity.value."""

    path: str
    kind: str
    required: bool
    description: str
    rules: tuple

    @property
    def name(self):
        return self.path.rpartition(".")[2]

    @property
    def depth(self):
        return self.path.count(".")


def fields(document):
    """Return the Fields of a self-contained schema, parents before their members."""
    return list(_Fields(document).members(document, "", 0))


class _Fields:
    def __init__(self, document):
        self.defs = document.get("$defs", {})

    def members(self, schema, prefix, depth):
        required = schema.get("required", ())
        for name, member in schema.get("properties", {}).items():
            yield from self._field(member, prefix + name, name in required, depth)

    def _field(self, member, path, required, depth):
        schema = self._resolved(member)
        items = self._resolved(schema["items"]) if _has_items(schema) else None
        kind = _kind(schema) if items is None else _kinds(items)
        words = schema.get("description", "")
        yield Field(path, kind, required, words, tuple(_rules(schema)))
        if depth < _MAX_DEPTH:
            inner, mark = (schema, ".") if items is None else (items, "[].")
            yield from self.members(inner, path + mark, depth + 1)

    def _resolved(self, schema):
        """What stands beside a $ref wins, the description first of all."""
        seen = set()
        while isinstance(schema, dict) and "$ref" in schema:
            name = schema["$ref"].removeprefix("#/$defs/")
            if name in seen or name not in self.defs:
                break
            seen.add(name)
            beside = {key: schema[key] for key in schema if key != "$ref"}
            schema = {**self.defs[name], **beside}
        return schema if isinstance(schema, dict) else {}


def _has_items(schema):
    return isinstance(schema.get("items"), dict)


def _kind(schema):
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(_NAMES.get(kind, kind) for kind in kinds)


def _kinds(items):
    kind = _kind(items)
    return f"list of {kind}s" if kind in ("text", "number", "object") else "list"


def _rules(schema):
    for keyword, words in _RULES:
        if keyword in schema:
            yield words.format(schema[keyword])
