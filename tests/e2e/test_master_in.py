# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Master data that the plant owns, shares or proposes."""

import pytest
from factory import Factory, ago
from planner import Planner
from world import at_once

from plantsim import masterdata, pranks, trial

EQUIPMENT, REASON = "mfg.master.equipment.v1", "mfg.master.reason.v1"
ALIAS, LOT = "mfg.master.alias.v1", "mfg.master.lot.v1"
MATERIAL = "mfg.master.material.v1"
DOWNTIME = "mfg.equipment.downtime.v1"
TYPES = [f"mfg.master.{kind}.v1" for kind in masterdata.OWNED + masterdata.PROPOSED]
MANAGERS = "mrp.group_mrp_manager", "product.group_product_manager"
OPERATOR = "mfg_integration_base.group_mfg_operator"


@pytest.fixture(scope="module")
def factory(world):
    return Factory(world)


@pytest.fixture
def plant(world, endpoint):
    """An endpoint that may send all kinds, and a way to say who owns what."""
    rows = [
        {"endpoint_id": endpoint.id, "type": type_, "direction": "in"}
        for type_ in TYPES
    ]
    world.odoo.call("mfg.interface", "create", rows)
    return Plant(world, endpoint)


class Plant:
    def __init__(self, world, endpoint):
        self.world, self.endpoint = world, endpoint

    def own(self, kind, owner, *members):
        domain = [("kind", "=", kind), ("code", "in", members)]
        fields = self.world.odoo.call("mfg.ownership.field", "search", domain)
        values = {"endpoint_id": self.endpoint.id, "kind": kind, "owner": owner}
        values["field_ids"] = [(6, 0, fields)]
        self.world.odoo.call("mfg.ownership", "create", [values])

    def event(self, type_, id_, version, beside=None, **fields):
        data = {"id": id_, "version": version, "fields": fields, **(beside or {})}
        return self.endpoint.event(data, type_, subject=f"{type_}:{id_}")

    def centre(self, code):
        rows = self.world.rows(
            "SELECT w.name, w.active FROM mfg_workcenter_crosswalk c"
            " JOIN mrp_workcenter w ON w.id = c.workcenter_id"
            " WHERE c.endpoint_id = %s AND c.code = %s",
            self.endpoint.id,
            code,
        )
        return rows[0] if rows else None


def test_a_machine_from_its_first_day_to_its_last(world, endpoint, factory, plant):
    """Its failure waits for it, then for its reason; what is late changes nothing."""
    machine = factory.code("LATHE")
    stop = {"equipmentId": machine, "startTime": ago(60), "endTime": ago(50)}
    stopped = endpoint.event({**stop, "reasonCode": "185001"}, DOWNTIME, subject="1")
    new = plant.event(EQUIPMENT, machine, 2, name="Lathe")
    assert endpoint.deliver(stopped, new) == ["unknown-equipment", "not-owner"]
    plant.own("equipment", "plant")
    plant.own("reason", "plant")
    endpoint.decide("retry", new)
    world.wait_quiet(60)
    assert endpoint.outcome(new) == "posted"
    assert endpoint.outcome(stopped) == "unknown-reason"
    block = {"first": 185000, "last": 185999}
    tools = factory.code("TOOLS")
    reason = plant.event(REASON, tools, 1, {"use": "downtime"}, name=tools, block=block)
    late = plant.event(EQUIPMENT, machine, 1, name="Old name")
    assert endpoint.deliver(reason, late) == ["posted", "cancelled"]
    assert endpoint.state(late["id"]) == ("cancelled", "version-overtaken")
    assert endpoint.outcome(stopped) == "posted"
    assert plant.centre(machine) == ("Lathe", True)
    gone = plant.event(EQUIPMENT, machine, 3, {"deleted": True})
    assert endpoint.deliver(gone) == ["posted"]
    assert plant.centre(machine) == ("Lathe", False)
    assert endpoint.deliver(endpoint.reversal(gone)) == ["posted"]
    assert plant.centre(machine) == ("Lathe", True)


def test_a_resend_and_other_content_of_one_version(endpoint, factory, plant):
    plant.own("alias", "plant")
    beside, code = {"kind": "equipment"}, factory.code("OLD")
    machine = factory.code("DRILL")
    factory.create("mrp.workcenter", name=machine, code=machine)
    first = plant.event(ALIAS, code, 1, beside, standsFor=machine)
    assert endpoint.deliver(first) == ["posted"]
    assert endpoint.post(first).status_code == 200
    again = plant.event(ALIAS, code, 1, beside, standsFor=machine)
    other = plant.event(ALIAS, code, 1, beside, standsFor="elsewhere")
    assert endpoint.deliver(again, other) == ["posted", "version-conflict"]


def test_shared_by_field(world, endpoint, factory, plant):
    plant.own("equipment", "shared", "efficiency")
    machine = factory.code("MILL")
    centre = factory.create("mrp.workcenter", name=machine, code=machine)
    good = plant.event(EQUIPMENT, machine, 1, efficiency="85")
    bad = plant.event(EQUIPMENT, machine, 2, efficiency="90", name="Mill")
    assert endpoint.deliver(good, bad) == ["posted", "not-owner"]
    ref = endpoint.row(bad["id"], "id")[0]
    error = endpoint.get(f"/mfg/v1/events/{ref}").json()["error"]
    assert [e["pointer"] for e in error["errors"]] == ["/data/fields/name"]
    assert "Ownership" in error["nextAction"]
    [row] = world.odoo.read(
        "mrp.workcenter", [("id", "=", centre)], "name", "time_efficiency"
    )
    assert (row["name"], row["time_efficiency"]) == (machine, 85)


def test_a_proposal_accepted_by_two_at_once(world, endpoint, factory, plant):
    """What waits for the material goes on once it is accepted; it is made once."""
    plant.own("material", "propose")
    plant.own("lot", "plant")
    code = factory.code("GASKET")
    lot = plant.event(LOT, factory.code("L1"), 1, materialDefinitionId=code)
    new = plant.event(MATERIAL, code, 1, name="Gasket", unitCode="C62", tracking="lot")
    assert endpoint.deliver(lot, new) == ["unknown-material", "posted"]
    domain = [("endpoint_id", "=", endpoint.id)]
    proposals = world.odoo.call("mfg.proposal", "search", domain)
    people = [world.user(name, OPERATOR, *MANAGERS) for name in ("ann", "bob")]

    def accept(person):
        try:
            person.call("mfg.proposal", "action_accept", proposals)
        except Exception as error:  # what the loser is told
            return str(error)
        return ""

    said = at_once(accept, people)
    assert sorted(map(bool, said)) == [False, True], said
    world.wait_quiet(60)
    made = world.rows("SELECT id FROM product_product WHERE default_code = %s", code)
    assert len(made) == 1
    assert endpoint.outcome(lot) == "posted"


def test_what_the_simulated_plant_tells(world, endpoint, plant):
    planner = Planner(world.odoo)
    planner.load(pranks.PLANS, trial.MACHINES, [])
    planner.desk.set_owners(endpoint.source)
    events = [sending.event for sending in masterdata.records(endpoint.source)]
    assert endpoint.deliver(*events) == ["posted"] * len(TYPES)
    domain = [("endpoint_id", "=", endpoint.id), ("state", "=", "open")]
    kinds = {row["kind"] for row in world.odoo.read("mfg.proposal", domain, "kind")}
    assert kinds == set(masterdata.PROPOSED)
