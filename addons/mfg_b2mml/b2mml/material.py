# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Lots and stock of a MaterialInformation, MaterialLot or MaterialSubLot.

What is made of it is said in `master_in` and `inventory`.
"""

from . import times, values

EXPIRY = ("expirydate", "expirationdate", "bestbeforedate", "expiry")


def lots(node, zone="UTC", material=None):
    """The lots that an element tells of, each a dict, those within it too.

    Keys: materialDefinitionId, materialLotId, materialSubLotId, status, disposition,
    expirationTime, quantity, storageLocation, properties; what is not said is left
    out. `node` is the element that each was read from.

    :raise Refusal: no id, an impossible date or quantity
    """
    if node.name == "materialinformation":
        material = node.word("ID")
        return [
            lot
            for child in node.all("MaterialLot", "MaterialSubLot")
            for lot in lots(child, zone, material)
        ]
    if node.name == "materialsublot":
        return _sublots(node, zone, material, node.word("MaterialLotID"))
    material = node.word("MaterialDefinitionID") or material
    code = code_of(node)
    found = [_lot(node, zone, material, code)]
    for child in node.all("MaterialSubLot"):
        found += _sublots(child, zone, material, code)
    return found


def _sublots(node, zone, material, lot):
    found = [_lot(node, zone, material, lot, code_of(node))]
    for child in node.all("MaterialSubLot", "MaterialSubLotChild"):
        found += _sublots(child, zone, material, lot)
    return found


def _lot(node, zone, material, lot, sublot=None):
    properties = values.properties(node)
    found = {
        "materialDefinitionId": material,
        "materialLotId": lot,
        "materialSubLotId": sublot,
        "status": node.word("Status"),
        "disposition": node.word("Disposition"),
        "expirationTime": _expiry(node, zone, properties),
        "quantity": values.quantity(node, zero=True) if node.one("Quantity") else None,
        "storageLocation": values.location(node),
        "properties": properties or None,
    }
    said = {name: value for name, value in found.items() if value is not None}
    return {**said, "node": node}


def code_of(node):
    """Its ID.

    :raise Refusal: it has none
    """
    code = node.word("ID")
    if not code:
        raise node.refuse("schema", "has no ID")
    return code


def _expiry(node, zone, properties):
    """As the contract writes it; of a day alone its beginning at the plant."""
    text = next((properties[name] for name in EXPIRY if name in properties), None)
    try:
        return text and times.show(times.parse_day(text, zone))
    except ValueError as error:
        raise node.refuse("time-invalid", f"its expiry date {error}") from None
