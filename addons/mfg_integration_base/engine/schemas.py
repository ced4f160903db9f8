# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The message schemas: JSON Schema 2020-12 files of every addon, ready to use.

`jsonschema-rs` decides, because it is two hundred times faster and exact on Decimals;
`jsonschema` only words what it refused (see `schema_words`).
"""

import json
from copy import deepcopy
from pathlib import Path

import jsonschema_rs

from . import versions
from .failure import Failure, FieldError, pointer
from .schema_words import MAX_ERRORS, Worder
from .times import is_time

FORMATS = {"date-time": is_time}
# What is data, not schema: a "$ref" in there is nobody's reference.
_DATA_KEYWORDS = ("const", "default", "enum", "examples")


class SchemaStore:
    """The schemas found in some directories, one per message type.

    A file `mfg.<name>.v<n>.json` is the schema of that type's `data`. Any other JSON
    file there is shared: `{"$ref": "common.v1.json#/$defs/quantity"}`.
    """

    def __init__(self, directories):
        """Load everything at once, so that a broken schema shows at start-up."""
        files = {}
        for path in _files(directories):
            if path.name in files:
                raise ValueError(f"{path} is already in another directory")
            files[path.name] = _read(path)
        self._documents = {
            name.removesuffix(".json"): _Bundle(name, files).document()
            for name in sorted(files)
            if name.startswith("mfg.")
        }
        self._endings = {
            event_type: versions.ending(event_type, document, self._documents)
            for event_type, document in self._documents.items()
        }
        self._compiled = {}

    def __contains__(self, event_type):
        return event_type in self._documents

    def types(self):
        """Return every message type that has a schema, sorted."""
        return list(self._documents)

    def document(self, event_type):
        """Return the type's schema with all it refers to inside; KeyError if none."""
        return deepcopy(self._documents[event_type])

    def ending(self, event_type):
        """Return when the type's version ends (`versions.Ending`), None: not yet."""
        return self._endings.get(event_type)

    def errors(self, event_type, data):
        """Return what is wrong with an event's data, a FieldError per field (max 20).

        Pointers start at the event: /data/quantity/value. KeyError: no such type.
        """
        validator, worder = self._compile(event_type)
        if validator.is_valid(data):
            return []
        return worder.errors(data, "/data") or _unworded(validator, data)

    def check(self, event_type, data):
        """Raise `Failure("schema")` when `errors` finds any."""
        errors = self.errors(event_type, data)
        if errors:
            title = self._documents[event_type].get("title", event_type)
            detail = f"The data does not follow the schema of {event_type} ({title})."
            raise Failure("schema", detail, errors)

    def _compile(self, event_type):
        if event_type not in self._compiled:
            document = self._documents[event_type]
            self._compiled[event_type] = (compiled(document), Worder(document, FORMATS))
        return self._compiled[event_type]


def compiled(document):
    """Return the deciding validator of a self-contained schema.

    Patterns run on a linear-time engine, so that no payload can make one explode.
    """
    return jsonschema_rs.Draft202012Validator(
        document,
        formats=FORMATS,
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
    )


def _unworded(validator, data):
    """The decider's own words, should the wording validator find nothing wrong."""
    errors = (
        FieldError("/data" + pointer(*error.instance_path), error.message[:200])
        for error in validator.iter_errors(data)
    )
    return list({error.pointer: error for error in errors}.values())[:MAX_ERRORS]


def _files(directories):
    for directory in directories:
        yield from sorted(Path(directory).glob("*.json"))


def _read(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


class _Bundle:
    """Copies what a schema refers to in other files into its own `$defs`."""

    def __init__(self, name, files):
        self.name = name
        self.files = files
        self.root = deepcopy(files[name])
        self.root.setdefault("$id", name.removesuffix(".json"))
        self.defs = self.root.pop("$defs", {})
        self.origin = {definition: name for definition in self.defs}

    def document(self):
        for node in (self.root, *self.defs.values()):  # those adopted are resolved then
            self._resolve(node, self.name)
        if self.defs:
            self.root["$defs"] = self.defs
        return self.root

    def _resolve(self, node, file):
        if isinstance(node, list):
            for item in node:
                self._resolve(item, file)
        elif isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                node["$ref"] = self._local(node["$ref"], file)
            for keyword in [key for key in node if key not in _DATA_KEYWORDS]:
                self._resolve(node[keyword], file)

    def _local(self, reference, file):
        target, _hash, fragment = reference.partition("#")
        target = target or file
        definition = fragment.removeprefix("/$defs/")
        known = self.files.get(target, {}).get("$defs", {})
        if not fragment.startswith("/$defs/") or definition not in known:
            raise ValueError(f"{self.name}: there is no {reference}")
        self._adopt(definition, target)
        return f"#/$defs/{definition}"

    def _adopt(self, definition, target):
        if self.origin.setdefault(definition, target) != target:
            raise ValueError(f"{self.name}: two definitions are named {definition}")
        if definition not in self.defs:
            self.defs[definition] = deepcopy(self.files[target]["$defs"][definition])
            self._resolve(self.defs[definition], target)
