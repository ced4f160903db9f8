# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Every event type as components: what OpenAPI and AsyncAPI both refer to."""

import json

REF = "#/components/schemas/"


def add_events(store, schemas):
    """Add each type's data, and its event: envelope and data together."""
    for event_type in store.types():
        _Hoist(event_type, store.document(event_type), schemas).add()
        schemas[event_name(event_type)] = _event(event_type)


def event_name(event_type):
    """The component that is the whole event of a type."""
    return f"Event.{event_type}"


def _event(event_type):
    properties = {
        "type": {"const": event_type},
        "data": {"$ref": REF + event_type},
    }
    return {"allOf": [{"$ref": REF + "Envelope"}, {"properties": properties}]}


class _Hoist:
    """Moves a schema's `$defs` to the components: many tools look only there."""

    def __init__(self, event_type, document, schemas):
        self.event_type = event_type
        self.schemas = schemas
        self.defs = document.pop("$defs", {})
        document.pop("$id", None)
        document.pop("$schema", None)
        self.document = document
        self.names = {name: self._free(name) for name in self.defs}

    def add(self):
        self.schemas[self.event_type] = self._moved(self.document)
        for name, definition in self.defs.items():
            self.schemas[self.names[name]] = self._moved(definition)

    def _free(self, name):
        """The definition's own name, unless another one has it."""
        taken = self.schemas.get(name)
        moved = self._moved(self.defs[name], str)
        return name if taken in (None, moved) else f"{self.event_type}.{name}"

    def _moved(self, node, rename=None):
        rename = rename or self.names.__getitem__
        text = json.dumps(node)
        for name in self.defs:
            old, new = f'"#/$defs/{name}"', f'"{REF}{rename(name)}"'
            text = text.replace(old, new)
        return json.loads(text)
