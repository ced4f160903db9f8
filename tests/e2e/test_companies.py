# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Who may see and do what: over Odoo's external API, as a person or a thief would."""

import xmlrpc.client

import pytest
import requests

BASE = "mfg_integration_base."
LOG = (
    "mfg.message",
    "mfg.message.attempt",
    "mfg.message.link",
    "mfg.message.decision",
    "mfg.endpoint",
    "mfg.interface",
    "mfg.mapping",
    "mfg.issue",
)
WRITE_FIELDS = {
    "mfg.endpoint": {"name": "mine"},
    "mfg.interface": {"gap_seconds": 1},
    "mfg.mapping": {"code": "mine"},
    "mfg.message": {"error_code": "x"},
    "mfg.issue": {"state": "resolved"},
}


class Plants:
    """Two companies with a plant each; the first one's has a parked message."""

    def __init__(self, world):
        self.world, odoo = world, world.odoo
        self.second = odoo.call("res.company", "create", [{"name": "Second"}])[0]
        self.one = world.endpoint("First")
        admin = odoo.read("res.users", [("id", "=", odoo.uid)], "company_ids")[0]
        everywhere = [*admin["company_ids"], self.second]
        values = {"company_ids": [(6, 0, everywhere)]}
        odoo.call("res.users", "write", [odoo.uid], values)
        self.two = world.endpoint("Second", company=self.second)
        self.parked = self._fill()

    def _fill(self):
        """A posted and a parked message, a mapping and a decision."""
        first, missing = self.one.event(), self.one.event(subject="k", sequence="5")
        interface = self.one.interface(first["type"])
        odoo = self.world.odoo
        odoo.call("mfg.interface", "write", [interface], {"gap_seconds": 0})
        assert self.one.post(first).status_code == 202
        assert self.one.post(missing).status_code == 202
        self.world.wait_quiet(75)
        assert self.one.state(missing["id"]) == ("parked", "sequence-gap")
        product = odoo.call("product.product", "create", [{"name": "Shared"}])[0]
        self._map(product)
        [parked] = self.one.row(missing["id"], "id")
        decide(odoo, parked, "skip", "for the test")
        return parked

    def _map(self, product):
        values = {
            "endpoint_id": self.one.id,
            "kind": "material",
            "code": "CODE-1",
            "record": f"product.product,{product}",
        }
        self.world.odoo.call("mfg.mapping", "create", [values])

    def ids(self, model):
        """What the first company has, told by the database."""
        table = model.replace(".", "_")
        query = f"SELECT id FROM {table} WHERE company_id <> %s"
        return [id_ for (id_,) in self.world.rows(query, self.second)]

    def fingerprint(self):
        """Everything of the first company, to be the same afterwards."""
        return [
            self.world.value(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY id))"
                f" FROM {model.replace('.', '_')} t WHERE company_id <> %s",
                self.second,
            )
            for model in LOG
        ]


def decide(person, message, action, reason="because"):
    values = {"action": action, "reason": reason, "chosen_ids": [(6, 0, [message])]}
    wizard = person.call("mfg.message.decide", "create", [values])

    return person.call("mfg.message.decide", "action_apply", wizard)


@pytest.fixture(scope="module")
def plants(world):
    return Plants(world)


@pytest.fixture(scope="module")
def stranger(world, plants):
    """All that the second company can give: its integration manager."""
    return world.user(
        "stranger",
        BASE + "group_mfg_manager",
        "stock.group_stock_manager",
        company=plants.second,
    )


@pytest.fixture(scope="module")
def planner(world):
    return world.user("planner", BASE + "group_mfg_auditor")


@pytest.mark.parametrize("model", LOG)
def test_stranger_sees_nothing(plants, stranger, model):
    theirs = plants.ids(model)
    assert theirs, f"nothing of {model} to hide: the test proves nothing"
    assert stranger.call(model, "search", [("id", "in", theirs)]) == []
    with pytest.raises(xmlrpc.client.Fault, match="access|Access"):
        stranger.call(model, "read", theirs, ["display_name"])


def test_stranger_touches_nothing(plants, stranger):
    before = plants.fingerprint()
    for model, values in WRITE_FIELDS.items():
        for method, *args in (("write", values), ("unlink",)):
            with pytest.raises(xmlrpc.client.Fault):
                stranger.call(model, method, plants.ids(model), *args)
    for action in ("retry", "skip", "cancel"):
        with pytest.raises(xmlrpc.client.Fault):
            decide(stranger, plants.parked, action)
    assert plants.fingerprint() == before


def test_stranger_cannot_map_for_another(plants, stranger):
    before = plants.fingerprint()
    product = stranger.call("product.product", "search", [], limit=1)
    values = {
        "endpoint_id": plants.one.id,
        "kind": "material",
        "code": "CODE-2",
        "record": f"product.product,{product[0]}",
    }
    with pytest.raises(xmlrpc.client.Fault):
        stranger.call("mfg.mapping", "create", [values])
    assert plants.fingerprint() == before


def test_stranger_works_at_home(plants, stranger):
    """The rules hide what is another's, not everything."""
    own = stranger.call("mfg.endpoint", "search", [])
    assert own == [plants.two.id]


def test_planner_reads_the_log(plants, planner):
    rows = planner.read("mfg.message", [("id", "=", plants.parked)], "state", "payload")
    assert rows[0]["state"] == "parked" and rows[0]["payload"]


def test_planner_changes_nothing(plants, planner):
    before = plants.fingerprint()
    for model, values in WRITE_FIELDS.items():
        ids = plants.ids(model)[:1]
        for method, *args in (("write", values), ("unlink",), ("copy",)):
            with pytest.raises(xmlrpc.client.Fault):
                planner.call(model, method, ids, *args)
    for action in ("retry", "skip", "cancel"):
        with pytest.raises(xmlrpc.client.Fault):
            decide(planner, plants.parked, action)
    for method in ("_retry", "_transition", "_edit", "_rotate_key"):
        with pytest.raises(xmlrpc.client.Fault):
            planner.call("mfg.message", method, [plants.parked], "why")
    assert plants.fingerprint() == before


def test_nobody_writes_the_log(plants, world):
    """Not even the administrator: messages are what they are."""
    with pytest.raises(xmlrpc.client.Fault):
        world.odoo.call("mfg.message", "write", [plants.parked], {"state": "posted"})
    with pytest.raises(xmlrpc.client.Fault):
        world.odoo.call("mfg.message", "unlink", [plants.parked])


def service_login(world, endpoint):
    return world.rows(
        "SELECT u.id, u.login FROM res_users u JOIN mfg_endpoint e ON e.user_id = u.id"
        " WHERE e.id = %s",
        endpoint.id,
    )[0]


def test_service_user_cannot_log_in(plants, world):
    uid, login = service_login(world, plants.one)
    common = xmlrpc.client.ServerProxy(f"{world.url}/xmlrpc/2/common")
    for password in ("", login, "admin", "False", plants.one.key):
        assert not common.authenticate(world.db, login, password, {})
    objects = xmlrpc.client.ServerProxy(f"{world.url}/xmlrpc/2/object")
    with pytest.raises(xmlrpc.client.Fault):
        objects.execute_kw(
            world.db, uid, plants.one.key, "res.users", "search", [[]], {}
        )


def test_key_makes_no_session(plants, world):
    _uid, login = service_login(world, plants.one)
    params = {"db": world.db, "login": login, "password": plants.one.key}
    answer = requests.post(
        f"{world.url}/web/session/authenticate", json={"params": params}, timeout=30
    ).json()
    assert "error" in answer or not answer["result"].get("uid"), answer


@pytest.mark.parametrize(
    "path", ["json/2/res.partner/search", "json/2/mfg.message/read"]
)
def test_key_does_not_open_json2(plants, world, path):
    answer = requests.post(
        f"{world.url}/{path}",
        json={"domain": []},
        headers={**plants.one.bearer, "X-Odoo-Database": world.db},
        timeout=30,
    )
    assert answer.status_code in (401, 403), answer.text


def test_json2_is_there_for_a_person(world):
    """Else the test above would pass against a route that does not exist."""
    answer = requests.post(
        f"{world.url}/json/2/res.partner/search", json={"domain": []}, timeout=30
    )
    assert answer.status_code == 401


def test_key_of_one_plant_is_blind_for_another(plants):
    event = plants.one.event()
    href = plants.one.post(event).json()["href"]
    assert plants.one.get(href).status_code == 200
    assert plants.two.get(href).status_code == 404
    assert {e["source"] for e in plants.two.drain_outbox()} == set()
    answers = plants.one.plant.pull(500)[0]
    ours = [delivery["deliveryId"] for delivery in answers]
    assert ours
    said = plants.two.plant.ack(ours)
    assert sorted(said["unknown"]) == sorted(ours) and not said["acknowledged"]
