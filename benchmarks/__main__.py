# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""python -m benchmarks: prints a table and writes .run/bench.json."""

import json
import platform
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from database import default_databases  # noqa: E402
from settings import RUN_DIR  # noqa: E402
from stack import OdooStack  # noqa: E402

from . import acknowledge  # noqa: E402

DATABASE = "mfg_bench"


def main():
    databases = default_databases()
    databases.ready(DATABASE)
    stack = OdooStack(databases.server, DATABASE)
    stack.start()
    try:
        stack.wait_ready()
        keys = acknowledge.prepare(stack.config)
        results = acknowledge.run(stack.url, keys)
    finally:
        stack.stop()
    report = {
        "machine": {"python": platform.python_version(), "cpu": platform.machine()},
        "events_per_second": results,
        "d_single": results["ours"] / results["odoo"],
        "d_batch": results["ours_batch"] / results["ours"],
    }
    show(report)
    path = RUN_DIR / "bench.json"
    path.write_text(json.dumps(report, indent=2) + "\n")
    print(f"written to {path}")


def show(report):
    for name, rate in report["events_per_second"].items():
        print(f"{name:<12} {rate:8.1f} acknowledged per second (median of rounds)")
    print(f"d_single     {report['d_single']:8.2f} × Odoo's own external API")
    print(f"d_batch      {report['d_batch']:8.2f} × our single posts")


if __name__ == "__main__":
    main()
