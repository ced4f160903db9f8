# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a run costs besides its seconds: CPU of the whole machine, SQL statements.

CPU is the busy time of all cores in /proc/stat, PostgreSQL and the sending client
included, whoever caused it: nothing else may run beside. Statements are those that
PostgreSQL counted in the run's own database (pg_stat_statements), transaction control
and the waiting benchmark's own look included out; None where it cannot count.
"""

import importlib.metadata
import os
import platform
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from database import default_databases

TICKS = os.sysconf("SC_CLK_TCK")
LOOK = "bench_look"  # a name in the benchmark's own queries: these are not counted
COUNT = f"""
    SELECT coalesce(sum(s.calls), 0)::bigint FROM pg_stat_statements s
    JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = %s
     AND s.query NOT LIKE '%%{LOOK}%%'
     AND s.query !~* '^(begin|commit|rollback|discard|set)'
"""


@dataclass
class Lap:
    """One measured run; filled when it is over."""

    seconds: float = 0.0
    cpu: float = 0.0
    statements: int | None = None


@contextmanager
def running(databases, database):
    """Measure what happens inside."""
    lap = Lap()
    before, cpu, started = statements(databases, database), _busy(), time.perf_counter()
    yield lap
    lap.seconds = time.perf_counter() - started
    lap.cpu = _busy() - cpu
    if before is not None:
        lap.statements = statements(databases, database) - before


def statements(databases, database):
    """How many statements the database has run so far; None: it is not counted."""
    if not _counting(databases):
        return None
    with databases.cursor() as cursor:
        cursor.execute(COUNT, [database])
        return cursor.fetchone()[0]


@cache
def _counting(databases):
    """Whether the server loads pg_stat_statements (a private cluster does)."""
    with databases.cursor() as cursor:
        cursor.execute("SHOW shared_preload_libraries")
        if "pg_stat_statements" not in cursor.fetchone()[0]:
            return False
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    return True


def _busy():
    """Seconds all cores have worked since boot."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    user, nice, system, _idle, _iowait, irq, softirq, _steal = map(int, fields)
    return (user + nice + system + irq + softirq) / TICKS


@cache
def machine():
    """Where it was measured."""
    processor = Path("/proc/cpuinfo").read_text()
    models = [x.split(":")[1] for x in processor.splitlines() if "model name" in x]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "cores": os.cpu_count(),
        "model": models[0].strip() if models else platform.machine(),
        "ram_gb": round(memory, 1),
        "python": platform.python_version(),
        "postgresql": _postgresql(),
        "odoo": _odoo(),
        "queue_job": importlib.metadata.version("odoo-addon-queue_job"),
    }


def _postgresql():
    with default_databases().cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


def _odoo():
    import odoo.release

    return odoo.release.version
