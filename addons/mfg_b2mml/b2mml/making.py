# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Making elements: one name space per version, what is absent left out."""

import re
from decimal import Decimal

from lxml import etree

NAMESPACES = {
    "V0701": "http://www.mesa.org/xml/B2MML",
    "V0401": "http://www.wbf.org/xml/B2MML-V0401",
}
# what XML 1.0 cannot hold
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SECONDS = {"SEC": 1, "MIN": 60, "HUR": 3600, "DAY": 86400}


class Maker:
    """Makes elements of one version: `make("ID", "4711")`, `make("Sync")`.

    Content is text, an element, or a list of these; None and "" are left out, and an
    element made by :meth:`maybe` is left out with them.
    """

    def __init__(self, release):
        self.release = release
        self.namespace = NAMESPACES[release]

    def __call__(self, name, *content, **attributes):
        tag = f"{{{self.namespace}}}{name}"
        made = etree.Element(tag, nsmap={None: self.namespace})
        for key, value in attributes.items():
            made.set(key, clean(value))
        self._fill(made, content)
        return made

    def _fill(self, made, content):
        for part in content:
            if part is None or part == "":
                continue
            if isinstance(part, list | tuple):
                self._fill(made, part)
            elif isinstance(part, str):
                made.text = (made.text or "") + clean(part)
            else:
                made.append(part)

    def maybe(self, name, content, **attributes):
        """The element, or None where there is nothing to say."""
        if content in (None, "", []):
            return None
        return self(name, content, **attributes)

    def sync(self, event, noun, *content, action=None):
        """The text of the transaction around what it brings.

        Its id (BODID) is the event's, so that one that comes again is known.

        :param action: what is done to what it brings, when it is not there any more
        """
        area = self(
            "ApplicationArea",
            self("Sender", self("LogicalID", event["source"])),
            self("CreationDateTime", event["time"]),
            self("BODID", event["id"]),
        )
        criteria = action and self(
            "ActionCriteria",
            self("ActionExpression", f"//{noun}", actionCode=action),
        )
        data = self("DataArea", self("Sync", criteria), *content)
        return text_of(self(f"Sync{noun}", area, data, releaseID=self.release))

    def value(self, text, unit="", data_type="string"):
        """A Value; all its parts, since V0401 wants them."""
        return self(
            "Value",
            self("ValueString", text),
            self("DataType", data_type),
            self("UnitOfMeasure", unit),
        )

    def quantity(self, quantity):
        return self(
            "Quantity",
            self("QuantityString", str(quantity["value"])),
            self("DataType", "decimal"),
            self("UnitOfMeasure", quantity["unitCode"]),
        )

    def properties(self, name, values):
        """Elements of this name for what is said: id -> text."""
        return [
            self(name, self("ID", key), self.value(str(text)))
            for key, text in values.items()
            if text not in (None, "")
        ]


def clean(text):
    """Text as XML can hold it; what it cannot is shown as a replacement character."""
    return _FORBIDDEN.sub("\ufffd", str(text))


def text_of(root):
    """The document as text, with a declaration that fits it in UTF-8."""
    etree.indent(root)
    body = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def duration(value):
    """`{"value", "unitCode"}` as a duration of XML Schema; None for other units."""
    factor = value and SECONDS.get(value["unitCode"])
    if not factor:
        return None
    seconds = Decimal(str(value["value"])) * factor
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}PT{seconds:f}S"
