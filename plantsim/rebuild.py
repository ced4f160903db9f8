# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant that lost everything reads Odoo's records anew, and proves that it has them.

Two ways lead to the same copy: reading page by page, and the events of the outbox.
Either may be behind the other; versions decide, never what came last.
"""

import hashlib
from dataclasses import dataclass, field

MASTER = "mfg.master."
JOB_ORDERS = "joborders"
KINDS = ("material", "unit", "location", "lot", "bom", "routing", "equipment")
PAGE = 200


@dataclass
class Copy:
    """What a plant holds of one feed, and how far it has read it."""

    path: str
    cursor: str | None = None
    held: dict = field(default_factory=dict)  # id -> item, ended ones too
    pages: int = 0

    @property
    def names(self):
        """The members that hold an item's identity and its version."""
        if self.path == JOB_ORDERS:
            return "jobOrderId", "revision"
        return "id", "version"

    @property
    def alive(self):
        held = self.held.items()
        return {id_: item for id_, item in held if not item.get("deleted")}

    def take(self, item):
        """Keep an item unless a newer one is here."""
        identity, version = self.names
        before = self.held.get(item[identity])
        if before is None or before[version] <= item[version]:
            self.held[item[identity]] = item

    def read(self, plant, limit=PAGE):
        """Read on from where it is until there is no more."""
        more = True
        while more:
            page = plant.records(self.path, self.cursor, limit)
            for item in page["items"]:
                self.take(item)
            self.cursor, more = page["next"], page["more"]
            self.pages += 1
        return self

    def proof(self):
        """What Odoo says of its own records, made of what is here."""
        version = self.names[1]
        lines = sorted(
            f"{id_} {item[version]}".encode() for id_, item in self.alive.items()
        )
        fingerprint = hashlib.sha256(b"\n".join(lines)).hexdigest()
        return {"count": len(lines), "fingerprint": fingerprint}

    def equals(self, plant):
        """Whether Odoo has exactly these records in these versions."""
        page = plant.records(self.path, self.cursor, 1, proof=1)
        return page["proof"] == self.proof()


def rebuild(plant, kinds=KINDS):
    """Read everything from nothing; path -> its :class:`Copy`."""
    paths = [JOB_ORDERS, *(f"master/{kind}" for kind in kinds)]
    return {path: Copy(path).read(plant) for path in paths}


def told(events, kinds=KINDS):
    """The same copies of master data, made of the events of the outbox."""
    copies = {kind: Copy(f"master/{kind}") for kind in kinds}
    for event in events:
        kind = event["type"].removeprefix(MASTER).rpartition(".v")[0]
        if event["type"].startswith(MASTER) and kind in copies:
            copies[kind].take(event["data"])
    return {copy.path: copy for copy in copies.values()}


def differences(plant, copies):
    """Paths of which Odoo has something else than the copy, after reading on."""
    return [path for path, copy in copies.items() if not copy.read(plant).equals(plant)]
