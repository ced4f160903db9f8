# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Master data as B2MML: MaterialDefinition, MaterialLot, Equipment.

The same in V7.0.1 and V0401, but for what only one of them has an element for. The id
that stays when a code changes is the property RecordID; of a record that is gone
nothing else is known, so its ID is that one, with `schemeName` RecordID.
"""

from .making import Maker

OLD = "V0401"


def material_definition(make, event):
    """The text of SyncMaterialDefinition."""
    fields = event["data"].get("fields", {})
    properties = {
        "BaseUnitOfMeasure": fields.get("unitCode"),
        "Tracking": fields.get("tracking"),
        "Barcode": fields.get("barcode"),
        "Category": fields.get("category"),
    }
    return _sync(
        make,
        event,
        "MaterialDefinition",
        fields.get("materialDefinitionId"),
        fields.get("name"),
        properties=make.properties(
            "MaterialDefinitionProperty", {**properties, **_record(make, event)}
        ),
    )


def material_lot(make, event):
    """The text of SyncMaterialLot."""
    fields = event["data"].get("fields", {})
    properties = {
        "ExpiryDate": fields.get("expirationTime"),
        "Reference": fields.get("reference"),
    }
    return _sync(
        make,
        event,
        "MaterialLot",
        fields.get("materialLotId"),
        fields.get("description"),
        make.maybe("MaterialDefinitionID", fields.get("materialDefinitionId")),
        properties=make.properties(
            "MaterialLotProperty", {**properties, **_record(make, event)}
        ),
    )


def equipment(make, event):
    """The text of SyncEquipment."""
    fields = event["data"].get("fields", {})
    times = [
        make("EquipmentProperty", make("ID", name), _amount(make, fields[key]))
        for name, key in (("SetupTime", "setupTime"), ("CleanupTime", "cleanupTime"))
        if key in fields
    ]
    properties = {"Efficiency": fields.get("efficiency"), **_record(make, event)}
    return _sync(
        make,
        event,
        "Equipment",
        fields.get("equipmentId"),
        fields.get("name"),
        None if make.release == OLD else make("EquipmentLevel", "WorkCenter"),
        properties=[*times, *make.properties("EquipmentProperty", properties)],
    )


def _sync(make, event, noun, code, name, *content, properties=()):
    data = event["data"]
    if data.get("deleted"):
        gone = make(noun, make("ID", data["id"], schemeName="RecordID"))
        return make.sync(event, noun, gone, action="Delete")
    made = make(
        noun,
        make("ID", code or data["id"]),
        None if make.release == OLD else make("Version", str(data["version"])),
        make.maybe("Description", name),
        *content,
        properties,
    )
    return make.sync(event, noun, made)


def _record(make, event):
    """What V0401 has no element for, and what no version has."""
    version = event["data"]["version"] if make.release == OLD else None
    return {"RecordID": event["data"]["id"], "Version": version}


def _amount(make, amount):
    return make.value(str(amount["value"]), amount["unitCode"], "decimal")


def writers(release):
    """Event type without its version -> function(event) that returns the text."""
    make = Maker(release)
    return {
        f"mfg.master.{kind}": lambda event, write=write: write(make, event)
        for kind, write in (
            ("equipment", equipment),
            ("lot", material_lot),
            ("material", material_definition),
        )
    }
