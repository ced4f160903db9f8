# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Lots and stock of a MaterialInformation, MaterialLot or MaterialSubLot.

What is read here is plant words without an event yet: see `document.READERS`.
"""

from . import values
from .times import parse_day

EXPIRY = ("expirydate", "expirationdate", "bestbeforedate", "expiry")


def lots(node, material=None):
    """The lots that an element tells of, each a dict, those within it too.

    Keys: materialDefinitionId, materialLotId, materialSubLotId, status, disposition,
    expirationDate, quantity, storageLocation, properties; what is not said is left
    out. `node` is the element that each was read from.

    :raise Refusal: no id, an impossible date or quantity
    """
    if node.name == "materialinformation":
        material = node.word("ID")
        return [
            lot
            for child in node.all("MaterialLot", "MaterialSubLot")
            for lot in lots(child, material)
        ]
    if node.name == "materialsublot":
        return _sublots(node, material, node.word("MaterialLotID"))
    material = node.word("MaterialDefinitionID") or material
    code = _id(node)
    found = [_lot(node, material, code)]
    for child in node.all("MaterialSubLot"):
        found += _sublots(child, material, code)
    return found


def _sublots(node, material, lot):
    found = [_lot(node, material, lot, _id(node))]
    for child in node.all("MaterialSubLot", "MaterialSubLotChild"):
        found += _sublots(child, material, lot)
    return found


def _lot(node, material, lot, sublot=None):
    properties = values.properties(node)
    found = {
        "materialDefinitionId": material,
        "materialLotId": lot,
        "materialSubLotId": sublot,
        "status": node.word("Status"),
        "disposition": node.word("Disposition"),
        "expirationDate": _expiry(node, properties),
        "quantity": values.quantity(node) if node.one("Quantity") else None,
        "storageLocation": values.location(node),
        "properties": properties or None,
    }
    said = {name: value for name, value in found.items() if value is not None}
    return {**said, "node": node}


def _id(node):
    code = node.word("ID")
    if not code:
        raise node.refuse("schema", "has no ID")
    return code


def _expiry(node, properties):
    text = next((properties[name] for name in EXPIRY if name in properties), None)
    try:
        return text and parse_day(text)
    except ValueError as error:
        raise node.refuse("time-invalid", f"its expiry date {error}") from None
