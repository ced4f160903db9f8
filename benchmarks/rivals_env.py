# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The rivals' addons: fetched, installed in a database, put on a server's path.

The EDI rival comes from PyPI into a folder of its own: the environment that tests and
serves the suite never sees it. As a script it prepares one database:

    python -m benchmarks.rivals_env DATABASE
"""

import os
import shutil
import sys
from pathlib import Path

from database import default_databases
from odoo_conf import channels as channels_of
from settings import ROOT, RUN_DIR, VENV, lock, run_logged

RIVALS = ["mfg_bench", "mfg_bench_edi"]
REQUIREMENTS = Path(__file__).with_name("requirements-edi.txt")
FETCHED = RUN_DIR / "bench-addons"
ADDONS_PATH = ",".join(
    str(path)
    for path in (
        ROOT / "addons",
        ROOT / "benchmarks" / "addons",
        FETCHED / "odoo" / "addons",
    )
)
CHANNELS = 8  # as many as mfg_bench/models/bench_job.py spreads the orders over


def fetch():
    """Have the EDI addons in their folder; nothing to do when they are there.

    Without their dependencies: Odoo, queue_job and Python's are in the environment.
    """
    stamp = FETCHED / "stamp"
    wanted = REQUIREMENTS.read_text()
    with lock("bench-addons"):
        if stamp.exists() and stamp.read_text() == wanted:
            return
        shutil.rmtree(FETCHED, ignore_errors=True)
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--no-deps"]
        pip += ["--target", str(FETCHED), "-r", str(REQUIREMENTS)]
        run_logged(pip, "bench-addons")
        stamp.write_text(wanted)


def install(databases, name, rivals=RIVALS):
    """Install the rivals in a database that has our addons."""
    fetch()
    options = ["--addons-path", ADDONS_PATH, "-i", ",".join(rivals)]
    databases.odoo(name, *options, log=f"rivals-{name}")


def options():
    """What an OdooStack needs besides to serve a database with rivals in it."""
    return {"addons_path": ADDONS_PATH}


def set_channels(drains, workers=3):
    """Give servers started from here the rivals' channels, beside those of the suite.

    As many postings side by side as the suite has. queue_job reads the environment
    before it looks into the configuration.
    """
    theirs = [f"root.bench.shard_{n}:1:sequential" for n in range(CHANNELS)]
    channels = [channels_of(workers, drains), f"root.bench:{drains}", *theirs]
    os.environ["ODOO_QUEUE_JOB_CHANNELS"] = ",".join(channels)


if __name__ == "__main__":
    [database] = sys.argv[1:]
    install(default_databases(), database)
