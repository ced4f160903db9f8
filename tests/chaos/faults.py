# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The faults, and who is hit: processes and connections by what they do."""

import os
import signal
import time

import psutil
from invariants import advisory_locks, runner_backends

ODD_STATES = ("wait_dependencies", "enqueued", "started", "done", "cancelled", "failed")
LOOK = 0.01  # seconds between looks for a drain in the middle of a posting


class Faults:
    """Does harm to the Odoo servers of a bed, chosen by a seeded dice."""

    def __init__(self, bed, dice):
        self.bed, self.dice = bed, dice
        self.clients = {}  # (backend, port) -> process; a connection stays whose it is

    # -- who does what ---

    def children(self):
        """The worker processes of the first node, without its master."""
        group = self.bed.stack.group
        return psutil.Process(group).children() if group else []

    def client(self, backend, port):
        """The process of ours at the other end of a connection, or None."""
        if (backend, port) not in self.clients:
            for child in self.children():
                if port in _ports(child):
                    self.clients[backend, port] = child.pid
        return self.clients.get((backend, port))

    def posting(self):
        """(backend, process) of a drain that has written and not committed, or None."""
        for backend, port, wrote in advisory_locks(self.bed):
            if wrote and (process := self.client(backend, port)):
                return backend, process
        return None

    def is_posting(self, process):
        """Whether this very process has written and not committed."""
        return any(
            wrote and self.client(backend, port) == process
            for backend, port, wrote in advisory_locks(self.bed)
        )

    def wait_for_posting(self, seconds):
        """The next drain found in the middle of a posting; None when there is none."""
        deadline = time.monotonic() + seconds
        while not (found := self.posting()) and time.monotonic() < deadline:
            time.sleep(LOOK)
        return found

    def by_role(self, role):
        """A process id: of the job runner, gevent, or any other (HTTP, cron)."""
        children = self.children()
        runner = {self.client(*connection) for connection in runner_backends(self.bed)}
        gevent = {c.pid for c in children if "gevent" in _command(c)}
        others = {c.pid for c in children} - runner - gevent
        pids = {"runner": runner - {None}, "gevent": gevent, "worker": others}[role]
        return self.dice.choice(sorted(pids)) if pids else None

    # -- signals ---

    def kill(self, process):
        return self._signal(process, signal.SIGKILL)

    def freeze(self, process):
        return self._signal(process, signal.SIGSTOP)

    def thaw(self, process):
        return self._signal(process, signal.SIGCONT)

    def _signal(self, process, number):
        """Whether it was still there to get it; never anybody else's process."""
        try:
            if os.getpgid(process) != self.bed.stack.group:
                return False
            os.kill(process, number)
        except ProcessLookupError:
            return False
        return True

    def gone(self, process, seconds):
        """Whether a process ends within this time."""
        try:
            psutil.Process(process).wait(seconds)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            return False
        return True

    # -- PostgreSQL ---

    def backends(self):
        """All connections of Odoo to the database: backend, client port."""
        return self.bed.rows(
            "SELECT pid, client_port FROM pg_stat_activity WHERE datname = %s"
            " AND application_name LIKE 'odoo-%%' ORDER BY pid",
            self.bed.db,
        )

    def backends_of(self, process):
        return [b for b, port in self.backends() if self.client(b, port) == process]

    def terminate(self, backends):
        for backend in backends:
            self.bed.rows("SELECT pg_terminate_backend(%s)", backend)

    def restart_postgresql(self, seconds):
        """Stop it as a power cut would; start it again some seconds later."""
        self.bed.cluster.stop("immediate")
        time.sleep(seconds)
        self.bed.cluster.start()

    # -- jobs ---

    def lose_jobs(self):
        """An administrator clears away about half of the jobs, at any state."""
        self._on_some_jobs("DELETE FROM queue_job")

    def upset_jobs(self):
        """Jobs in states they never asked for."""
        state = self.dice.choice(ODD_STATES)
        self._on_some_jobs(f"UPDATE queue_job SET state = '{state}'")

    def _on_some_jobs(self, statement):
        """Running jobs hold a lock: theirs are left out instead of waited for."""
        some = (
            " WHERE id IN (SELECT id FROM queue_job WHERE random() < 0.5"
            " FOR UPDATE SKIP LOCKED)"
        )
        self.bed.rows(statement + some)


def _ports(process):
    """Its own ends of its connections."""
    try:
        connections = getattr(process, "net_connections", None) or process.connections
        return {c.laddr.port for c in connections("tcp") if c.laddr}
    except psutil.Error:
        return set()


def _command(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []
