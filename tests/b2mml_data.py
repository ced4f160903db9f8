# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""MESA's schemas and a vendor's documents: read from where they are, never copied.

The Business To Manufacturing Markup Language (B2MML) is used courtesy of MESA
International.
"""

import os
from functools import cache
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
PLACE = "shared/data/b2mml"
SCHEMAS = {
    "b2mml_0701": "V0701/B2MML-OperationsSchedule.xsd",
    "b2mml_0701_jobs": "V0701/B2MML-WorkSchedule.xsd",
    "b2mml_0401": "V0401/B2MML-V0401-ProductionSchedule.xsd",
    "performance_0701": "V0701/B2MML-OperationsPerformance.xsd",
    "jobs_0701": "V0701/B2MML-WorkPerformance.xsd",
    "performance_0401": "V0401/B2MML-V0401-ProductionPerformance.xsd",
    "equipment_0701": "V0701/B2MML-Equipment.xsd",
    "equipment_0401": "V0401/B2MML-V0401-Equipment.xsd",
    "material_0701": "V0701/B2MML-Material.xsd",
    "material_0401": "V0401/B2MML-V0401-Material.xsd",
}


def folder():
    """Where the data is; without it these tests prove nothing, so they fail."""
    told = os.environ.get("MFG_B2MML_DATA")
    places = [Path(told)] if told else [up / PLACE for up in ROOT.parents]
    for place in places:
        if (place / "xsd").is_dir():
            return place
    raise AssertionError(
        f"These tests need MESA's schemas and the vendor's documents in ../{PLACE}, "
        "or wherever MFG_B2MML_DATA says."
    )


def vendor(prefix):
    """A document of the vendor, by the beginning of its name."""
    [path] = folder().glob(f"{prefix}-*.xml")
    return path.read_bytes()


@cache
def schema(name):
    return etree.XMLSchema(etree.parse(str(folder() / "xsd" / SCHEMAS[name])))


def assert_valid(text, name):
    schema(name).assertValid(etree.fromstring(text.encode()))


def assert_valid_bytes(body, name):
    schema(name).assertValid(etree.fromstring(body))
