# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The one database all contenders start from, made once per state of the code.

Each run works on a copy of its own: same orders, same stock, same code installed.
"""

import hashlib
import json
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from odoo_conf import write_config
from settings import ROOT, RUN_DIR, addons, free_port, lock, run_logged

from . import plan, rivals_env

IMAGE = "mfg_bench_image"
HERE = Path(__file__).resolve().parent
MAKERS = "make_image.py", "plan.py", "inside.py", "requirements-edi.txt"
CODE = {".py", ".xml", ".csv", ".json", ".txt"}


def ready(databases):
    """Have the image as the code is now."""
    wanted = {"benchmarks": _digest()}
    with lock("bench-image"):
        if databases.exists(IMAGE) and databases.installed(IMAGE) == wanted:
            return
        print("making the database image …")
        with databases.building(IMAGE) as draft:
            databases.fresh(draft, "plain")
            databases.update(draft)
            rivals_env.install(databases, draft)
            _fill(databases, draft)
            databases.remember(draft, wanted)


def _digest():
    """Of all that is in the image: the addons' code, the rivals', its makers'."""
    folders = [ROOT / "addons" / addon for addon in addons()] + [HERE / "addons"]
    files = [path for folder in folders for path in sorted(folder.rglob("*"))]
    digest = hashlib.sha256()
    for path in [*files, *(HERE / name for name in MAKERS)]:
        if path.suffix in CODE and "tests" not in path.parts:
            digest.update(bytes(path) + path.read_bytes())
    return digest.hexdigest()[:16]


def _fill(databases, database):
    with configured(databases, database) as config:
        make = [sys.executable, "-m", "benchmarks.make_image", config, database]
        run_logged(make, "bench-image", cwd=ROOT)


@contextmanager
def configured(databases, database):
    """A configuration for one Odoo process on a database."""
    path = RUN_DIR / "config" / f"{database}.bench.conf"
    ports, more = (free_port(), free_port()), rivals_env.options()
    write_config(path, databases.server, database, *ports, **more)
    try:
        yield str(path)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def copy(databases, name):
    """A fresh copy of the image, dropped at the end."""
    databases.drop(name)
    try:
        databases.copy(IMAGE, name)
        yield name
    finally:
        databases.drop(name)


def world(databases):
    """What make_image.py left to know: keys, endpoint, names of the orders."""
    with databases.cursor(IMAGE) as cursor:
        cursor.execute(
            "SELECT value FROM ir_config_parameter WHERE key = 'bench.world'"
        )
        return json.loads(cursor.fetchone()[0])


def orders(world, workload):
    """The orders of a workload with the names Odoo gave them."""
    names = world["orders"][workload]
    planned = plan.ORDERS[workload]
    return [replace(o, name=name) for o, name in zip(planned, names, strict=True)]
