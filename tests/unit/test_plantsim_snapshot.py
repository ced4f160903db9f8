# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's snapshot says what its events come to, in the contract's words."""

from decimal import Decimal
from pathlib import Path

from engine.schemas import SchemaStore

from plantsim import generate, play, recipe
from plantsim.reconcile import totals
from plantsim.snapshot import snapshot

ROOT = Path(__file__).parents[2] / "addons"
STORE = SchemaStore(
    [ROOT / "mfg_integration_base/schemas", ROOT / "mfg_reconciliation/schemas"]
)
SOURCE = "urn:plantsim:mes"


def counted():
    for order in generate.plant(20, 3).orders:
        job = play.Job(order, f"WH/MO/{order.case}", {})
        events = play.order_events(job, SOURCE, 7)
        yield job, events, snapshot(job, events, SOURCE, 7)


def test_it_is_valid():
    for _job, _events, event in counted():
        assert STORE.errors(event["type"], event["data"]) == []


def test_it_says_what_the_events_come_to():
    for job, events, event in counted():
        blank = recipe.Recipe(job.order.part).blank
        wanted = totals(events, job.segment(job.order.closing), blank)
        data = event["data"]
        assert Decimal(data["produced"]["value"]) == wanted.produced
        assert Decimal(data["scrapped"]["value"]) == wanted.scrapped
        consumed = {
            part["materialDefinitionId"]: Decimal(part["quantity"]["value"])
            for part in data["consumed"]
        }
        assert consumed == dict(wanted.consumed)
        assert len(data["events"]) == len(events)
        assert all(e["time"] <= data["asOf"] for e in events)


def test_the_same_again_is_a_duplicate():
    first, second = (list(counted()) for _run in range(2))
    assert [event for *_rest, event in first] == [event for *_rest, event in second]
