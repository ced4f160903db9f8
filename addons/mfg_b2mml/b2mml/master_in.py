# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Master data of a plant: materials and lots become events of `mfg.master.*`.

What stock there is of a lot is no master data but a count: see `inventory`.
"""

from . import inventory, material, values
from .fact import Fact

LONGEST_VERSION = 9  # digits of a Version that is a number the contract takes


def lots(reader, node):
    """MaterialLot, MaterialSubLot: attributes of lots, and how much there is."""
    found = material.lots(node, reader.zone)
    counted = inventory.counts(reader, found)
    for lot in found:
        _read_lot(reader, lot, counted)


def materials(reader, node):
    """MaterialDefinition."""
    code = material.code_of(node)
    found = values.properties(node)
    fields = {
        "materialDefinitionId": code,
        "name": node.word_of_all("Description"),
        "unitCode": found.get("baseunitofmeasure"),
        "barcode": found.get("barcode"),
    }
    _add(reader, "material", node, code, fields)


def information(reader, node):
    """MaterialInformation: definitions and lots, all of them."""
    for child in node.all("MaterialDefinition"):
        materials(reader, child)
    lots(reader, node)


def _read_lot(reader, lot, counted):
    """:param counted: codes of lots whose stock is told: of these nothing is told
    besides, unless they say something"""
    node = lot["node"]
    if "materialSubLotId" in lot:
        if "quantity" in lot:
            return
        reader.ignored.append((node, "Odoo knows lots, not their sublots"))
        return
    for name in ("Status", "Disposition"):
        said = node.one(name)
        if said is not None:
            reader.ignored.append((said, "a hold of a lot is an event of its own"))
    fields = {
        "materialLotId": lot["materialLotId"],
        "materialDefinitionId": lot.get("materialDefinitionId"),
        "expirationTime": lot.get("expirationTime"),
        "description": node.word_of_all("Description"),
    }
    if lot["materialLotId"] in counted and not (
        fields["expirationTime"] or fields["description"]
    ):
        return
    _add(reader, "lot", node, lot["materialLotId"], fields)


def _add(reader, kind, node, code, fields):
    said = {name: text for name, text in fields.items() if text is not None}
    data = {"id": code, "version": _version(reader, node), "fields": said}
    reader.tell(Fact(f"mfg.master.{kind}.v1", code, data, node, reader.created))


def _version(reader, node):
    """Its Version where that is a number, else the second the document was made in."""
    written = node.word("Version") or ""
    if written.isdecimal() and written.isascii() and len(written) <= LONGEST_VERSION:
        return max(int(written), 1)
    if not reader.created:
        raise node.refuse("schema", "needs a Version, or a CreationDateTime above it")
    return int(reader.created.timestamp())


# what `document.READERS` gets for nouns whose events are taken: type -> readers
READERS = {
    "mfg.master.lot.v1": {
        "materiallot": lots,
        "materialsublot": lots,
        "materialinformation": information,
    },
    "mfg.master.material.v1": {"materialdefinition": materials},
}
