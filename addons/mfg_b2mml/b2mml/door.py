# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""From bytes to a tree of elements, safely: what is not plain data is refused.

No document type (so no entity and no external anything), no XInclude, bounded in
size, depth and number of elements. Limits are checked while reading, before the tree
has grown beyond them.
"""

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from .refusal import Refusal

MIB = 1024 * 1024
CHUNK = 64 * 1024
XINCLUDE = "http://www.w3.org/2001/XInclude"
# of a byte order mark, longest first: that of UTF-32 begins as that of UTF-16
MARKS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
}
_DECLARATION = re.compile(r"\s{0,1000}<\?xml\s[^>]{0,200}\?>")
_DECLARED = re.compile(
    rb"""^\s{0,1000}<\?xml\s[^>]{0,150}?encoding\s{0,9}=\s{0,9}
                            ["']([A-Za-z0-9._\-]{1,40})["']""",
    re.VERBOSE,
)
_BLANKS = re.compile(r"\s*")


@dataclass(frozen=True)
class Limits:
    """As for events in JSON (engine/strict_json): a document is a batch of them."""

    size: int = 8 * MIB
    depth: int = 32
    nodes: int = 100_000
    run: int = 64 * 1024  # characters of one text, or of one tag


def parse(body, charset=None, limits=None):
    """Return the root element of a document.

    :param charset: of the request's content type; a byte order mark wins over it, it
        wins over the document's own declaration (RFC 7303)
    :raise Refusal: bad-request, payload-too-large
    """
    limits = limits or Limits()
    if len(body) > limits.size:
        raise Refusal("payload-too-large", f"more than {limits.size} bytes")
    text = _undeclared(decode(body, charset))
    if _has_doctype(text):
        raise _bad("a document type (DTD) is not accepted, nor are entities")
    if max(map(len, text.split("<"))) > limits.run:
        detail = f"a text or a tag is longer than {limits.run} characters"
        raise Refusal("payload-too-large", detail)
    return _tree(text.encode(), limits)


def decode(body, charset=None):
    """The document as text; its encoding is one of a few that everybody knows.

    :raise Refusal: bad-request
    """
    name, skip = _encoding(body, charset)
    try:
        return codecs.decode(body[skip:], name)
    except (UnicodeDecodeError, ValueError) as error:
        raise _bad(f"it is not {name.upper()}: {error}"[:200]) from None


def _encoding(body, charset):
    for mark, name in MARKS:
        if body.startswith(mark):
            return _known(name or "UTF-32"), len(mark)
    if charset:
        return _known(charset), 0
    if body[:4] in (b"<\0?\0", b"\0<\0?"):
        return ("utf-16-le" if body[0] else "utf-16-be"), 0
    declared = _DECLARED.match(body[:2000])
    return _known(declared[1].decode() if declared else "utf-8"), 0


def _known(name):
    python = name if name in ("utf-16-le", "utf-16-be") else None
    python = python or ENCODINGS.get(name.lower().strip('"'))
    if not python:
        known = "UTF-8, UTF-16, US-ASCII, ISO-8859-1 and windows-1252"
        raise _bad(f"the encoding {name[:40]} is not read: {known} are")
    return python


def _undeclared(text):
    """Without its declaration, which would speak of the bytes; lines stay lines."""
    declared = _DECLARATION.match(text)
    if not declared:
        return text
    return re.sub(r"[^\n]", " ", declared[0]) + text[declared.end() :]


def _has_doctype(text):
    """What stands before the root: blanks, comments, instructions, and it or not."""
    place = 0
    while place >= 0:
        place = _BLANKS.match(text, place).end()
        for begin, end in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(begin, place):
                found = text.find(end, place + len(begin))
                place = found + len(end) if found >= 0 else -1
                break
        else:
            return text.startswith("<!", place)
    return False


def _tree(body, limits):
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    watch = _Watch(limits)
    try:
        for start in range(0, len(body), CHUNK):
            parser.feed(body[start : start + CHUNK])
            watch.see(parser.read_events())
        root = parser.close()
        watch.see(parser.read_events())
        return root
    except etree.XMLSyntaxError as error:
        line = error.lineno if error.lineno and error.lineno > 0 else None
        raise Refusal("bad-request", f"it is not XML: {error.msg}", "/", line) from None


class _Watch:
    """Counts what the parser reads, and stops it."""

    def __init__(self, limits):
        self.limits = limits
        self.depth = self.nodes = 0

    def see(self, events):
        for event, element in events:
            if event == "end":
                self.depth -= 1
                continue
            self.depth += 1
            self.nodes += 1
            self._measure(element)

    def _measure(self, element):
        limits = self.limits
        if self.depth > limits.depth:
            raise _bad(f"nested deeper than {limits.depth} elements", element)
        if self.nodes > limits.nodes:
            detail = f"more than {limits.nodes} elements"
            raise Refusal("payload-too-large", detail)
        if element.tag.startswith(f"{{{XINCLUDE}}}"):
            raise _bad("XInclude is not accepted", element)


def _bad(detail, element=None):
    line = None if element is None else element.sourceline
    return Refusal("bad-request", detail, "/", line)
