# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A whole document: which one it is, what it is known by, and what it tells."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from . import door, values
from .node import Node
from .performance import PerformanceReader
from .refusal import Refusal

VERBS = (
    "Acknowledge",
    "Cancel",
    "Change",
    "Confirm",
    "Get",
    "Notify",
    "Process",
    "Respond",
    "Show",
    "Sync",
)
TOLD = ("Notify", "Process", "Show", "Sync")  # what these bring is news
# of an ActionExpression; the others take back or change
ACTIONS = ("add", "replace", "replaced")
LONGEST_ID = 160  # of an event's 255 characters, with its place in the document
_VERSION = re.compile(r"B2MML(?:-V(\d\d)(\d\d))?$", re.IGNORECASE)
_VERB = re.compile(f"({'|'.join(VERBS)})([A-Z].*)")


def _performance(reader, node):
    reader.performance(node)


def _response(reader, node):
    reader.response(node)


def _work(reader, node):
    reader.work(node)


def _job(reader, node):
    reader.job(node)


# Noun, in lower case -> function(reader, node) that passes what it tells to
# `reader.tell`. An addon whose handlers take more puts its own in here.
READERS = {
    "productionperformance": _performance,
    "operationsperformance": _performance,
    "workperformance": _performance,
    "productionresponse": _response,
    "operationsresponse": _response,
    "workresponse": _work,
    "jobresponselist": _work,
    "jobresponse": _job,
}

# nouns whose ID is of what is told; that of others is often the order's
IDENTIFIED = (
    "productionperformance",
    "operationsperformance",
    "workperformance",
    "jobresponselist",
    "jobresponse",
)


@dataclass
class Document:
    """What was read. `identity` is the same whenever the same document comes.

    `meaning` is a checksum of what it says: who sends two documents under one identity
    that differ in it contradicts himself. `known_by` is the element of the identity.
    """

    root: str
    version: str | None
    identity: str | None = None
    meaning: str | None = None
    known_by: Node | None = None
    created: datetime | None = None
    facts: list = field(default_factory=list)
    ignored: list = field(default_factory=list)


def read(body, charset=None, zone="UTC", readers=None):
    """Return the Document of a request's body.

    :param zone: name of the time zone that times without offset are of
    :param readers: instead of `READERS`
    :raise Refusal: with the document as far as it was read
    """
    root = Node(door.parse(body, charset))
    document = Document(root.label, _version(root), **_known(root))
    try:
        return _Reading(document, zone, READERS if readers is None else readers).of(
            root
        )
    except Refusal as refusal:
        refusal.document = document
        document.identity = document.identity or _all_it_says(root)
        raise


class _Reading:
    def __init__(self, document, zone, readers):
        self.document = document
        self.zone = zone
        self.readers = readers

    def of(self, root):
        area = root.one("ApplicationArea")
        created = area and values.moment(area, self.zone, "CreationDateTime")
        reader = PerformanceReader(created, self.zone)
        for noun in _nouns(root):
            read_noun = self.readers.get(noun.name)
            if not read_noun:
                raise noun.refuse("not-supported", "Odoo takes no such document")
            read_noun(reader, noun)
        self.document.created = created
        self.document.facts = reader.facts
        self.document.ignored = reader.ignored
        self._sum_up(root)
        return self.document

    def _sum_up(self, root):
        """Checksums, once it is known that the document is worth them."""
        self.document.meaning = _meaning(root)
        self.document.identity = self.document.identity or _all_it_says(root)


def _nouns(root):
    """What a document is about: the root itself, or what its data area holds."""
    match = _VERB.fullmatch(root.label)
    if not match:
        return [root]
    if match[1] not in TOLD:
        raise root.refuse("not-supported", f"{match[1]} brings no news")
    area = root.one("DataArea")
    nouns = [] if area is None else [n for n in area.nodes if n.label not in VERBS]
    if not nouns:
        raise root.refuse("schema", "its DataArea is empty")
    for verb in area.all(*VERBS):
        _check_action(verb)
    return nouns


def _check_action(node):
    """What takes something back cannot be told from what was; it is not guessed."""
    for child in node.nodes:
        code = child.element.get("actionCode", "Add")
        if child.name == "actionexpression" and code.lower() not in ACTIONS:
            raise child.refuse("not-supported", f"{code} is not taken, only Add")
        _check_action(child)


def _version(root):
    """Such as V0401; V7, whose name space has no number; None: no B2MML at all."""
    space = root.element.tag.partition("}")[0]
    match = _VERSION.search(space)
    if not match:
        return None
    return f"V{match[1]}{match[2]}" if match[1] else "V7"


def _known(root):
    """What a document says that it is known by, and the element that says it.

    Its BODID, else its own id; neither: None, and it is known by all it says.
    """
    area = root.one("ApplicationArea")
    bodid = area and area.word("BODID")
    node = area.one("BODID") if bodid else _own_id(root)
    if node is None:
        return {}
    known = bodid or f"{node.parent.label}/{node.text}"
    sender = area and area.one("Sender")
    whole = "/".join(filter(None, (sender and sender.word("LogicalID"), known)))
    if len(whole) > LONGEST_ID:
        whole = f"sha256-{hashlib.sha256(whole.encode()).hexdigest()}"
    return {"identity": whole, "known_by": node}


def _own_id(root):
    """The id of the one thing that a document holds, if it holds one and has one."""
    area = root.one("DataArea")
    nouns = [root] if area is None else [n for n in area.nodes if n.label not in VERBS]
    if len(nouns) != 1 or nouns[0].name not in IDENTIFIED:
        return None
    code = nouns[0].one("ID")
    return code if code is not None and code.text else None


def _meaning(root):
    """A checksum of what a document tells, and of the place of each word.

    Layout, prefixes and encoding do not matter, nor does the envelope around it: who
    sends something again may say when. Places do: ids of events are made of them.
    """
    found = hashlib.sha256(repr(root.name).encode())
    for part in root.nodes:
        if part.name != "applicationarea":
            for node in _walk(part):
                word = (node.position, node.name, node.text, node.attributes)
                found.update(repr(word).encode())
    return found.hexdigest()


def _all_it_says(root):
    """What a document without an id is known by: a checksum of all of it."""
    found = hashlib.sha256()
    for node in _walk(root):
        found.update(repr((node.position, node.name, node.text)).encode())
    return f"sha256-{found.hexdigest()}"


def _walk(node):
    yield node
    for child in node.nodes:
        yield from _walk(child)
