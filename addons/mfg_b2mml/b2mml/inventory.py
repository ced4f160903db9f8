# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What stock a plant has: a Quantity of a MaterialLot or of its MaterialSubLots.

Odoo knows lots and places, not sublots: sublots of one lot in one place are added up.
A Quantity of the lot itself is all of it, whatever its sublots say besides.
"""

from collections import defaultdict
from decimal import Decimal

from . import times
from .fact import Fact

COUNTED = "mfg.inventory.counted.v1"


def counts(reader, lots):
    """Add a fact for each lot and place whose stock is told; the codes of these lots.

    :param lots: what `material.lots` found
    :raise Refusal: no material, no time, units that cannot be added up
    """
    told = [lot for lot in lots if "quantity" in lot]
    whole = {lot["materialLotId"] for lot in told if "materialSubLotId" not in lot}
    places = defaultdict(list)
    for lot in told:
        code = lot["materialLotId"]
        if "materialSubLotId" in lot and code in whole:
            reader.ignored.append((lot["node"], "the lot says how much there is of it"))
            continue
        places[code, lot.get("storageLocation")].append(lot)
    for parts in places.values():
        _count(reader, parts)
    return {lot["materialLotId"] for lot in told}


def _count(reader, parts):
    first = parts[0]
    node = first["node"]
    for name in ("materialDefinitionId", "materialLotId"):
        if not first.get(name):
            raise node.refuse("schema", f"does not say of which {name} it is")
    if not reader.created:
        raise node.refuse("time-invalid", "needs a CreationDateTime: of when it is")
    data = {
        "materialDefinitionId": first["materialDefinitionId"],
        "materialLotId": first["materialLotId"],
        "storageLocation": first.get("storageLocation"),
        "quantity": _sum(parts),
        "asOf": times.show(reader.created),
    }
    said = {name: value for name, value in data.items() if value is not None}
    subject = f"stock:{first['materialDefinitionId']}"
    reader.tell(Fact(COUNTED, subject, said, node, reader.created))


def _sum(parts):
    """All of it in the one unit that it is told in.

    :raise Refusal: quantity-invalid
    """
    units = {part["quantity"]["unitCode"] for part in parts}
    if len(units) > 1:
        other = parts[-1]["node"].one("Quantity")
        raise other.refuse("quantity-invalid", "is in another unit than before")
    total = sum(Decimal(part["quantity"]["value"]) for part in parts)
    return {"value": f"{total:f}", "unitCode": units.pop()}
