"""Runs addon tests by pytest-odoo on a database of their own; any number side by side.

    addon_tests.py [--db NAME] [--fresh] [--addons A,B] PATH… [pytest options…]
    addon_tests.py --numprocesses 2 --dist loadfile PATH…   # by pytest-xdist

The database is made from the template if need be (or --fresh). Our addons in it
are brought up to date first: all, or those of --addons ("none": a test of Odoo alone).
"""

import argparse
import subprocess

from database import default_databases
from odoo_conf import write_config
from settings import ROOT, RUN_DIR, TEST_DB, VENV, free_port, main


def _main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", default=TEST_DB)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--addons", default="")
    options, pytest_arguments = parser.parse_known_args()
    databases = default_databases()
    if options.fresh or not databases.exists(options.db):
        databases.fresh(options.db)
    if options.addons != "none":
        databases.update(
            options.db, options.addons.split(",") if options.addons else None
        )
    config = write_config(
        RUN_DIR / "config" / f"{options.db}.test.conf",
        databases.server,
        options.db,
        http_port=free_port(),
        gevent_port=free_port(),
    )
    command = [VENV / "bin" / "pytest", "-o", "addopts=", f"--odoo-config={config}"]
    # Some of Odoo's tests look for warnings in the log.
    command += ["--odoo-http", "--odoo-log-level=warn", *pytest_arguments]
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=databases.server.environment(),  # pytest-xdist: a copy for each process
        check=False,
    ).returncode


if __name__ == "__main__":
    main(_main)
