# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The engine's tests run on plain Python: the addon's folder is all they need."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

# a machine that is busy with something else is no failure
settings.register_profile("unit", deadline=None)
settings.load_profile("unit")

ADDONS = Path(__file__).resolve().parents[2] / "addons"
BASE = ADDONS / "mfg_integration_base"
if str(BASE) not in sys.path:
    sys.path.insert(0, str(BASE))
sys.path.append(str(ADDONS / "mfg_b2mml"))  # last: it has a folder `tests`, as we have


@pytest.fixture(scope="session")
def schema_directories():
    """Where the addons of this repository keep their schemas, base first."""
    others = sorted(path for path in ADDONS.glob("*/schemas") if path.parent != BASE)
    return [BASE / "schemas", *others]


@pytest.fixture(scope="session")
def store(schema_directories):
    from engine.schemas import SchemaStore

    return SchemaStore(schema_directories)
