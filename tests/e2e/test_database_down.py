# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""PostgreSQL goes away, or takes nothing in: the plant hears "later", never "stored".

On a PostgreSQL of its own, with a copy of the tests' database.
"""

import os
import shutil
import subprocess

import pytest
import requests
from database import Databases, filestore
from postgres import Cluster
from stack import OdooStack
from world import World, problem, wait_for

DB = "mfg_e2e_down"
BACK = 75  # seconds: the sweeper comes every minute


def copy_database(source, cluster):
    """The tests' database, as it is, into the other cluster."""
    environment = {**os.environ, "PGPASSWORD": source.databases.server.password}
    dump = subprocess.Popen(
        [cluster.bin / "pg_dump", "-Fc", "-Z1", *_address(source.databases.server)]
        + ["-d", source.db],
        env=environment,
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        [cluster.bin / "pg_restore", "--no-owner", *_address(cluster), "-d", DB],
        env={**os.environ, "PGPASSWORD": cluster.password},
        stdin=dump.stdout,
        check=True,
        timeout=120,
    )
    assert dump.wait(10) == 0
    shutil.rmtree(filestore(DB), ignore_errors=True)
    shutil.copytree(filestore(source.db), filestore(DB))


def _address(server):
    return ["-h", server.host, "-p", str(server.port), "-U", server.user]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("postgres") / "pg")
    try:
        yield cluster.ensure()
    finally:
        cluster.remove()


@pytest.fixture(scope="module")
def shaky(world, cluster):
    """A world whose database the tests may take away."""
    databases = Databases(cluster)
    databases.execute("CREATE DATABASE {}", DB)
    copy_database(world, cluster)
    stack = OdooStack(cluster, DB, workers=2)
    try:
        stack.start()
        stack.wait_ready()
        yield World(databases, stack)
    finally:
        stack.kill9()
        stack.pid_file.unlink(missing_ok=True)
        shutil.rmtree(filestore(DB), ignore_errors=True)


@pytest.fixture
def plant(shaky):
    return shaky.endpoint("Shaky")


def says_later(endpoint, event):
    """Post it in both ways: 503 with Retry-After, and nothing else."""
    for body in (event, [event]):
        answer = endpoint.post(body, timeout=60)
        assert answer.status_code == 503, f"{answer.status_code}: {answer.text[:500]}"
        assert int(answer.headers["Retry-After"]) > 0
        assert problem(answer)["code"] == "unavailable"


def comes_back(endpoint, event):
    """The same bytes again until they are taken, as an MES does."""

    def taken():
        answer = endpoint.post(event)
        assert answer.status_code in (202, 503), answer.text
        return answer.status_code == 202

    wait_for(taken, 60, "the door opens again", pause=0.5)


def send(endpoint, count):
    events = endpoint.events(count, keys=5)
    answer = endpoint.post(events, timeout=60)
    assert answer.status_code == 202, answer.text
    return [event["id"] for event in events]


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_postgresql_stopped(shaky, cluster, plant, mode):
    sent = send(plant, 60)
    event = plant.event()
    cluster.stop(mode)
    try:
        for _try in range(3):
            says_later(plant, event)
        health = requests.get(f"{shaky.url}/mfg/v1/health", timeout=30)
        assert health.status_code == 503 and health.headers["Retry-After"]
    finally:
        cluster.start()
    comes_back(plant, event)
    sent += [event["id"], *send(plant, 10)]
    shaky.wait_quiet(BACK)
    assert shaky.invariants(plant, sent) == len(sent)


def become(cluster, standby):
    """Restart it as a standby, which takes nothing in, or as what it was."""
    signal = cluster.data / "standby.signal"
    cluster.stop("fast")
    if standby:
        signal.touch()
        if cluster.account:
            os.chown(signal, cluster.account["user"], cluster.account["group"])
    else:
        signal.unlink(missing_ok=True)
    cluster.start()


def test_database_read_only(shaky, cluster, plant):
    """As after a failover that left Odoo with the standby."""
    sent = send(plant, 20)
    event = plant.event()
    become(cluster, standby=True)
    try:
        assert shaky.value("SELECT pg_is_in_recovery()")
        says_later(plant, event)
        health = requests.get(f"{shaky.url}/mfg/v1/health", timeout=30)
        assert health.status_code == 503
    finally:
        become(cluster, standby=False)
    comes_back(plant, event)
    sent.append(event["id"])
    shaky.wait_quiet(BACK)
    assert shaky.invariants(plant, sent) == len(sent)


def test_read_only_by_default_is_no_obstacle(shaky, plant):
    """Odoo begins every transaction as READ WRITE: 202 is said, and is true."""
    with shaky.databases.cursor() as cr:
        cr.execute(f"ALTER DATABASE {DB} SET default_transaction_read_only = on")
    try:
        event = plant.event()
        answer = plant.post(event)
        if answer.status_code == 503:
            return
        assert answer.status_code == 202
        assert plant.row(event["id"], "event_id") == (event["id"],)
    finally:
        with shaky.databases.cursor() as cr:
            cr.execute("SET default_transaction_read_only = off")
            cr.execute(f"ALTER DATABASE {DB} RESET default_transaction_read_only")
    shaky.wait_quiet(BACK)


def test_out_of_connections(shaky, plant):
    """Odoo's server takes no more connections: later, too."""
    event = plant.event()
    limit = f"ALTER DATABASE {DB} CONNECTION LIMIT"
    with shaky.databases.cursor() as cr:
        # Not a superuser's business: the limit does not hold for those.
        cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cr.fetchone()[0]:
            cr.execute(f"ALTER DATABASE {DB} ALLOW_CONNECTIONS false")
            back = f"ALTER DATABASE {DB} ALLOW_CONNECTIONS true"
        else:
            cr.execute(f"{limit} 0")
            back = f"{limit} -1"
        cr.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [DB],
        )
    try:
        says_later(plant, event)
    finally:
        with shaky.databases.cursor() as cr:
            cr.execute(back)
    comes_back(plant, event)
    shaky.wait_quiet(BACK)
    assert shaky.invariants(plant, [event["id"]]) == 1
