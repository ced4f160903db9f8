# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""An element seen as B2MML means it: names without namespace, prefix and case.

Vendors write `MaterialSublotID` and `MaterialSubLotID`, B2MML itself `EndTime` and
`Endtime`; versions differ in their namespace only, as far as they agree.
"""

import re
from functools import cached_property

from .refusal import Refusal

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
# what XML 1.0 lets through, but neither an event nor a screen takes
_CONTROLS = re.compile("[\x7f-\x9f\ufffe\uffff]")


class Node:
    """One element; `path` and `line` say where it stands."""

    def __init__(self, element, parent=None):
        self.element = element
        self.parent = parent

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
        return [Node(child, self) for child in self.element]

    @cached_property
    def path(self):
        """An XPath without namespace prefixes."""
        if not self.parent:
            return f"/{self.label}"
        twins = [node for node in self.parent.nodes if node.name == self.name]
        number = f"[{self._place(twins) + 1}]" if len(twins) > 1 else ""
        return f"{self.parent.path}/{self.label}{number}"

    @cached_property
    def position(self):
        """Its place among all elements, such as 1.0.4: short, and the same again."""
        if not self.parent:
            return "0"
        return f"{self.parent.position}.{self._place(self.parent.nodes)}"

    def _place(self, nodes):
        return next(i for i, node in enumerate(nodes) if node.element is self.element)

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

    def refuse(self, code, detail):
        """The Refusal that points here."""
        return Refusal(code, f"{self.label}: {detail}", self.path, self.line)
