# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One real server for all end-to-end tests; each test makes its own endpoint."""

import json
import os
import socket

import pytest
from database import default_databases
from factory import Factory
from receiver import Receiver
from settings import RUN_DIR
from stack import OdooStack
from world import World

from tests.chaos import bed as beds

DB = os.environ.get("MFG_E2E_DB", "mfg_e2e")
REUSE = os.environ.get("MFG_E2E_REUSE") == "1"  # while writing tests: keep the database


@pytest.fixture(scope="session", autouse=True)
def only_this_machine():
    """No request of these tests leaves 127.0.0.1."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != socket.AF_UNIX and address[0] != "127.0.0.1":
            raise AssertionError(f"a test wanted to connect to {address}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(scope="session")
def world():
    """A fresh database with our addons, served by five workers and the job runner."""
    databases = default_databases()
    if not REUSE:
        databases.drop(DB)
    databases.ready(DB)
    stack = OdooStack(databases.server, DB, workers=5)
    try:
        stack.start()
        stack.wait_ready()
        yield World(databases, stack)
    finally:
        stack.kill9()  # nothing in there is wanted any more
        stack.pid_file.unlink(missing_ok=True)
        if not REUSE:
            databases.drop(DB)


@pytest.fixture(scope="session")
def bed(world, tmp_path_factory):
    """A copy of the database, on a PostgreSQL that tests may take away."""
    folder = tmp_path_factory.mktemp("postgres") / "pg"
    with beds.made(world.databases, world.db, folder) as made:
        yield made


@pytest.fixture(scope="session")
def factory(world):
    """One factory for all that need none of their own, with stock for many orders."""
    world.odoo.ensure("stock.scrap.reason.tag", "name", {"REJECT": {"color": 1}})
    factory = Factory(world)
    factory.lay_in(factory.plank, 10000)
    return factory


@pytest.fixture
def running(world):
    """A server that runs, also when the test before failed while it was down."""
    if not world.stack.group:
        world.stack.start()
        world.stack.wait_ready()
    return world


@pytest.fixture
def endpoint(running):
    """A plant of its own for each test."""
    return running.endpoint()


@pytest.fixture
def tell(capsys):
    """Say a number that a test measured, and keep it in .run/e2e-numbers.json."""

    def said(what, number):
        path = RUN_DIR / "e2e-numbers.json"
        kept = json.loads(path.read_text()) if path.exists() else {}
        number = round(number, 1) if isinstance(number, float) else number
        path.write_text(json.dumps({**kept, what: number}, indent=2) + "\n")
        with capsys.disabled():
            print(f"\n{what}: {json.dumps(number)}")

    return said


@pytest.fixture
def receiver(running):
    """What a plant is; with its test it goes, and is not called by later ones."""
    receiver = Receiver()
    yield receiver
    receiver.close()
    pushed = running.odoo.read("mfg.endpoint", [("delivery", "=", "push")], "id")
    ids = [endpoint["id"] for endpoint in pushed]
    running.odoo.call("mfg.endpoint", "write", ids, {"active": False})
