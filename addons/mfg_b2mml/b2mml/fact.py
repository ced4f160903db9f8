# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One thing a document tells: what becomes one event."""

from dataclasses import dataclass, field
from datetime import datetime

from .node import Node


@dataclass
class Fact:
    """The type, subject and data of an event, and the place it was read from.

    `places` has the elements of parts of the data, by JSON Pointer.
    """

    type: str
    subject: str
    data: dict
    node: Node
    time: datetime | None = None
    places: dict = field(default_factory=dict)

    @property
    def name(self):
        """Its part of the event's id: the same whenever the document is read."""
        return f"{self.node.position}/{self.type.split('.', 1)[1].rpartition('.')[0]}"

    def place(self, pointer):
        """The element that a JSON Pointer into the event leads to, or is part of."""
        while pointer:
            if pointer in self.places:
                return self.places[pointer]
            pointer = pointer.rpartition("/")[0]
        return self.node
