# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What the faults are done to: Odoo on a database and a PostgreSQL of their own."""

import os
import shutil
import subprocess
from contextlib import contextmanager

from database import Databases, filestore
from odoo_conf import ODOO, write_config
from postgres import Cluster
from settings import ROOT, RUN_DIR, free_port, run_logged
from stack import OdooStack
from world import World

ADDONS = f"{ROOT / 'addons'},{ROOT / 'tests' / 'chaos' / 'addons'}"
SERVER = {"workers": 6, "drains": 4, "addons_path": ADDONS}


class Node(OdooStack):
    """One of several Odoo servers on one database: it has files of its own."""

    def __init__(self, name, server, db, **options):
        super().__init__(server, db, **{**SERVER, **options})
        self.log = self.log.with_name(f"odoo-{db}-{name}.log")
        self.pid_file = self.pid_file.with_name(f"odoo-{db}-{name}.pid")
        self.config = self.config.with_name(f"{db}-{name}.conf")

    def remove(self):
        """Kill it; its log stays."""
        self.kill9()
        self.pid_file.unlink(missing_ok=True)
        self.config.unlink(missing_ok=True)


class Bed(World):
    """A world whose processes, connections and PostgreSQL may be taken away."""

    def __init__(self, cluster, db):
        self.cluster = cluster
        super().__init__(Databases(cluster), Node("one", cluster, db))

    @contextmanager
    def second_node(self, **options):
        """Another Odoo on the same database; not started yet."""
        node = Node("two", self.cluster, self.db, **options)
        try:
            yield node
        finally:
            node.remove()

    @contextmanager
    def restarted_with(self, **options):
        """The server with other settings for a while."""
        usual = self.stack.options
        for settings in ({**usual, **options}, usual):
            self.stack.stop()
            self.stack.options = settings
            self.stack.start()
            self.stack.wait_ready()
            if settings is not usual:
                yield


@contextmanager
def made(source, name, folder):
    """A bed with a copy of a database.

    :param source: the databases that have it
    :param name: of the database to copy
    :param folder: for the files of the bed's own PostgreSQL; removed at the end
    """
    cluster, db = Cluster(folder), f"{name}_bed"
    try:
        cluster.ensure()
        _copy(source, name, cluster, db)
        _install_chaos(cluster, db)
        bed = Bed(cluster, db)
        try:
            bed.stack.start()
            bed.stack.wait_ready()
            yield bed
        finally:
            bed.stack.remove()
    finally:
        cluster.remove()
        shutil.rmtree(filestore(db), ignore_errors=True)


def _copy(source, name, cluster, db):
    """By dump and restore: a running server may have it open."""
    Databases(cluster).execute("CREATE DATABASE {}", db)
    dump = subprocess.Popen(
        [cluster.bin / "pg_dump", "-Fc", "-Z1", *_address(source.server), "-d", name],
        env={**os.environ, "PGPASSWORD": source.server.password},
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        [cluster.bin / "pg_restore", "--no-owner", *_address(cluster), "-d", db],
        env={**os.environ, "PGPASSWORD": cluster.password},
        stdin=dump.stdout,
        check=True,
        timeout=120,
    )
    assert dump.wait(10) == 0
    shutil.rmtree(filestore(db), ignore_errors=True)
    shutil.copytree(filestore(name), filestore(db))


def _address(server):
    return ["-h", server.host, "-p", str(server.port), "-U", server.user]


def _install_chaos(cluster, db):
    """The addon with the message that kills its worker."""
    config = RUN_DIR / "config" / f"{db}.setup.conf"
    ports = free_port(), free_port()
    write_config(config, cluster, db, *ports, addons_path=ADDONS)
    command = [ODOO, "-c", config, "--stop-after-init", "--no-http", "-i", "mfg_chaos"]
    run_logged([str(part) for part in command], f"install-{db}")
    config.unlink()
