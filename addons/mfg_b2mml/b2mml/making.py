# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Making elements: one name space per version, what is absent left out."""

import re
from decimal import Decimal

from lxml import etree

V7 = "http://www.mesa.org/xml/B2MML"
V4 = "http://www.wbf.org/xml/B2MML-V0401"
# what XML 1.0 cannot hold
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SECONDS = {"SEC": 1, "MIN": 60, "HUR": 3600, "DAY": 86400}


class Maker:
    """Makes elements of one version: `make("ID", "4711")`, `make("Sync")`.

    Content is text, an element, or a list of these; None and "" are left out, and an
    element made by :meth:`maybe` is left out with them.
    """

    def __init__(self, namespace):
        self.namespace = namespace

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
