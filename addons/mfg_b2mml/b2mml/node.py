# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An element seen as B2MML means it: names without namespace, prefix and case.

Vendors write `MaterialSublotID` and `MaterialSubLotID`, B2MML itself `EndTime` and
`Endtime`; versions differ in their namespace only, as far as they agree.
"""

import re
from collections import Counter
from functools import cached_property

from .refusal import Refusal

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XSI_NIL = f"{XSI}nil"
# what XML 1.0 lets through, but neither an event nor a screen takes
_CONTROLS = re.compile("[\x7f-\x9f\ufffe\uffff]")


class Node:
    """One element; `path` and `line` say where it stands.

    `index` is its place among its parent's elements. It is known from the start:
    whoever looks for it among 100,000 siblings, for each of them, never ends.
    """

    def __init__(self, element, parent=None, index=0):
        self.element = element
        self.parent = parent
        self.index = index

    @cached_property
    def label(self):
        return self.element.tag.rpartition("}")[2]

    @cached_property
    def name(self):
        return self.label.lower()

    @property
    def line(self):
        return self.element.sourceline

    @cached_property
    def nodes(self):
        return [Node(child, self, place) for place, child in enumerate(self.element)]

    @cached_property
    def path(self):
        """An XPath without namespace prefixes."""
        if not self.parent:
            return f"/{self.label}"
        number, count = self.parent._twins[self.index]
        return f"{self.parent.path}/{self.label}{f'[{number}]' if count > 1 else ''}"

    @cached_property
    def _twins(self):
        """Of each child: the how manieth of its name it is, and of how many."""
        counts, numbers = Counter(), []
        for node in self.nodes:
            counts[node.name] += 1
            numbers.append((counts[node.name], node.name))
        return [(number, counts[name]) for number, name in numbers]

    @cached_property
    def position(self):
        """Its place among all elements, such as 1.0.4: short, and the same again."""
        if not self.parent:
            return "0"
        return f"{self.parent.position}.{self.index}"

    # -- looking inside ------------------------------------------------------------

    def all(self, *names):
        """The children of these names, in the document's order."""
        wanted = {name.lower() for name in names}
        return [node for node in self.nodes if node.name in wanted]

    def one(self, *names):
        """The first child that has one of these names and says something; or None.

        The names are tried in their order.
        """
        for name in names:
            for node in self.all(name):
                if node.nodes or node.text:
                    return node
        return None

    def word(self, *names):
        """The text of the one child there may be of a name; None where there is none.

        :raise Refusal: several of a name say different things
        """
        node = self.one(*names)
        if node is None:
            return None
        others = {twin.text for twin in self.all(node.name)} - {node.text, None}
        if others:
            raise node.refuse("schema", f"there is more than one {node.label}")
        return node.text

    def word_of_all(self, name):
        """The texts of all children of a name, as sentences of one text; or None."""
        return ". ".join(node.text for node in self.all(name) if node.text) or None

    @cached_property
    def text(self):
        """Its text on one line without blanks at its ends; None where it is empty."""
        if self.element.get(XSI_NIL) in ("true", "1"):
            return None
        text = _CONTROLS.sub("\ufffd", self.element.text or "")
        return " ".join(text.split()) or None

    @property
    def attributes(self):
        """What its attributes say, in one order, but for hints to a schema."""
        found = self.element.attrib.items()
        return sorted((key, text) for key, text in found if not key.startswith(XSI))

    def refuse(self, code, detail):
        """The Refusal that points here."""
        return Refusal(code, f"{self.label}: {detail}", self.path, self.line)
