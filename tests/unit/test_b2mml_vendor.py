# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A real vendor's documents, and master data, become events or are refused."""

from datetime import datetime, timezone

import pytest
from b2mml import document, master_in, material

from tests import b2mml_data
from tests.b2mml_written import bod, quantity, read, refused


def test_the_vendors_performance():
    found = read(b2mml_data.vendor("PES"))
    assert (found.root, found.version) == ("SyncProductionPerformance", "V0401")
    [fact] = found.facts
    assert fact.type == "mfg.material.consumed.v1"
    assert fact.subject == "53107"
    assert fact.data == {
        "jobOrderId": "53107",
        "operationsSegmentId": "Weighing",
        "materials": [
            {
                "materialDefinitionId": "CRBN0001",
                "quantity": {"value": "0.41", "unitCode": "KG"},
                "lots": [{"materialLotId": "CRBN0001_LOT01"}],
            }
        ],
    }
    created = datetime(2012, 11, 29, 10, 58, 25, 314955, timezone.utc)
    assert (fact.time, found.created) == (created, created)
    assert fact.place("/data/materials/0/quantity").line == 13
    assert found.ignored == []


def lots_of(body):
    found = []

    def reader(_reader, node):
        found.extend(material.lots(node))

    read(body, readers={"materialinformation": reader})
    return [{k: v for k, v in lot.items() if k != "node"} for lot in found]


def test_the_vendors_lot():
    assert lots_of(b2mml_data.vendor("LOT")) == [
        {
            "materialDefinitionId": "CRBN0001",
            "materialLotId": "CRBN0001_LOT01",
            "status": "Valid",
            "expirationTime": "2013-12-08T00:00:00Z",
            "properties": {"expirydate": "2013-12-08T00:00:00.0Z"},
        }
    ]


def test_the_vendors_stock():
    assert lots_of(b2mml_data.vendor("INV"))[1] == {
        "materialDefinitionId": "CRBN0001",
        "materialLotId": "CRBN0001_LOT01",
        "materialSubLotId": "CRBN0001_LOT01_01",
        "status": "NotValid",
        "quantity": {"value": "24.910", "unitCode": "KG"},
    }


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        ("MAT", "/SyncMaterialDefinition/DataArea/MaterialDefinition"),
        ("PRO", "/SyncProductionSchedule/DataArea/ProductionSchedule"),
        ("LOT", "/SyncMaterialInformation/DataArea/MaterialInformation"),
        ("INV", "/SyncMaterialInformation/DataArea/MaterialInformation"),
    ],
)
def test_what_has_no_event_is_refused_by_its_name(prefix, path):
    refusal = refused(b2mml_data.vendor(prefix), "not-supported", path)
    assert refusal.document.identity.startswith("sha256-")
    assert refusal.document.version == "V0401"


MASTER = {
    **document.READERS,
    **{n: r for found in master_in.READERS.values() for n, r in found.items()},
}


def test_master_data_where_its_events_are_taken(store):
    [lot] = read(b2mml_data.vendor("LOT"), readers=MASTER).facts
    assert (lot.type, lot.subject) == ("mfg.master.lot.v1", "CRBN0001_LOT01")
    assert lot.data == {
        "id": "CRBN0001_LOT01",
        "version": 1355159238,
        "fields": {
            "materialLotId": "CRBN0001_LOT01",
            "materialDefinitionId": "CRBN0001",
            "expirationTime": "2013-12-08T00:00:00Z",
        },
    }
    [definition] = read(b2mml_data.vendor("MAT"), readers=MASTER).facts
    assert definition.type == "mfg.master.material.v1"
    assert definition.data["fields"] == {
        "materialDefinitionId": "CRBN0001",
        "name": "Product Courbon0001",
        "unitCode": "KG",
    }
    for fact in (lot, definition):
        assert store.errors(fact.type, fact.data) == []


def test_stock_is_counted(store):
    found = read(b2mml_data.vendor("INV"), readers=MASTER)
    [fact] = found.facts
    assert (fact.type, fact.subject) == ("mfg.inventory.counted.v1", "stock:CRBN0001")
    assert fact.data == {
        "materialDefinitionId": "CRBN0001",
        "materialLotId": "CRBN0001_LOT01",
        "quantity": {"value": "24.910", "unitCode": "KG"},
        "asOf": "2012-12-10T17:55:54Z",
    }
    assert fact.node.label == "MaterialSubLot"
    assert store.errors(fact.type, fact.data) == []


def sublot(code, amount, unit="KGM", place=None):
    place = f"<StorageLocation>{place}</StorageLocation>" if place else ""
    inside = f"<ID>{code}</ID>{place}{quantity(amount, unit)}"
    return f"<MaterialSubLot>{inside}</MaterialSubLot>"


def stock_of(inside, **options):
    made_of = "<MaterialDefinitionID>M</MaterialDefinitionID>"
    found = read(lot_document(made_of + inside), readers=MASTER, **options)
    return [
        (fact.data.get("storageLocation"), fact.data["quantity"]["value"])
        for fact in found.facts
        if "asOf" in fact.data
    ], found


def test_sublots_of_one_place_are_added_up():
    parts = sublot("A", "1.5") + sublot("B", "2.25") + sublot("C", 4, place="RACK")
    stock, found = stock_of(parts)
    assert stock == [(None, "3.75"), ("RACK", "4")]
    assert len({fact.name for fact in found.facts}) == len(found.facts) == 2
    stock, found = stock_of(quantity(0, "KGM") + sublot("A", 5))
    assert stock == [(None, "0")], "the lot says how much there is of it"
    assert [node.label for node, _why in found.ignored] == ["MaterialSubLot"]
    described = "<Description>From B</Description>" + quantity(7, "KGM")
    _stock, found = stock_of(described)
    assert [fact.type[4:-3] for fact in found.facts] == [
        "inventory.counted",
        "master.lot",
    ]


def lot_document(inside, created="2026-01-31T14:00:00Z"):
    return bod(f"<MaterialLot><ID>L</ID>{inside}</MaterialLot>", created=created)


def test_lots_of_v7():
    inside = (
        "<Version>3</Version><Description>From B</Description>"
        "<MaterialDefinitionID>M</MaterialDefinitionID><Status>Held</Status>"
        "<Disposition>Restricted</Disposition><MaterialLotProperty><ID>Outer</ID>"
        "<MaterialLotPropertyChild><ID>ExpirationDate</ID><Value><ValueString>2026-08-01"
        "</ValueString></Value></MaterialLotPropertyChild></MaterialLotProperty>"
        "<MaterialSubLot><ID>S</ID></MaterialSubLot>"
    )
    text = lot_document(inside).replace("SyncThing", "SyncMaterialLot")
    b2mml_data.assert_valid(text, "material_0701")
    found = read(text, readers=MASTER, zone="Europe/Berlin")
    [fact] = found.facts
    assert fact.data["version"] == 3
    assert fact.data["fields"]["description"] == "From B"
    assert fact.data["fields"]["expirationTime"] == "2026-07-31T22:00:00Z"
    names = [node.label for node, _why in found.ignored]
    assert names == ["Status", "Disposition", "MaterialSubLot"]


def test_lots_that_are_refused():
    created = "<CreationDateTime>2026-01-31T14:00:00Z</CreationDateTime>"
    text = lot_document("").replace(created, "")
    refused(text, "schema", "/MaterialLot", readers=MASTER)
    text = lot_document("").replace("<ID>L</ID>", "")
    refused(text, "schema", "/MaterialLot", readers=MASTER)
    text = lot_document(quantity("1"))
    refused(text, "schema", "/MaterialLot", readers=MASTER)
    made_of = "<MaterialDefinitionID>M</MaterialDefinitionID>"
    text = lot_document(made_of + quantity("1")).replace(created, "")
    refused(text, "time-invalid", "/MaterialLot", readers=MASTER)
    text = lot_document(made_of + sublot("A", 1) + sublot("B", 1, "C62"))
    refused(text, "quantity-invalid", "/MaterialSubLot[2]/Quantity", readers=MASTER)
    text = lot_document(made_of + quantity("-1"))
    refused(text, "quantity-invalid", "/QuantityString", readers=MASTER)
    expiry = (
        "<MaterialLotProperty><ID>ExpiryDate</ID><Value><ValueString>soon"
        "</ValueString></Value></MaterialLotProperty>"
    )
    refused(lot_document(expiry), "time-invalid", "/MaterialLot", readers=MASTER)
