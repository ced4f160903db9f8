"""A PostgreSQL to work with: an existing server, or a private cluster in our folder.

An existing server is used when PGHOST, PGPORT or PGUSER is set. Tests can run a second
private cluster, on a port of its own, and stop it at will.

    postgres.py start | stop | status
"""

import argparse
import glob
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path

from settings import (
    ENV,
    LOG_DIR,
    RUN_DIR,
    SetupError,
    free_port,
    lock,
    main,
    need_disk,
    need_port,
    run_logged,
    write_private,
)

USER = "odoo"  # Odoo refuses to work as "postgres"
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 512MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
# Ids of events are random: each touches a page of a large index of its own.
wal_compression = on
jit = off
# Odoo's queries are short: parallel workers only cost.
max_parallel_workers_per_gather = 0
# fsync stays on: an acknowledged event must survive a crash.
"""
# The benchmarks count SQL statements with it; a server without contrib lacks it.
COUNTING = """
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.max = 20000
"""


class Server:
    """Where to connect: host, port, user, password."""

    private = False

    def __init__(self, host, port, user, password):
        self.host, self.port, self.user, self.password = host, port, user, password

    def connection(self, database="postgres"):
        """The keywords of psycopg2.connect; what is not set stays libpq's default."""
        values = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "dbname": database,
        }
        return {key: value for key, value in values.items() if value}

    def environment(self):
        """The environment in which PostgreSQL's own tools work on this server."""
        names = {"host": "PGHOST", "port": "PGPORT"}
        names |= {"user": "PGUSER", "password": "PGPASSWORD"}
        values = self.connection()
        own = {name: str(values[key]) for key, name in names.items() if key in values}
        return {**os.environ, **own}

    def ensure(self):
        import psycopg2

        try:
            psycopg2.connect(**self.connection()).close()
        except psycopg2.OperationalError as error:
            reason = " ".join(str(error).split())
            raise SetupError(
                f"cannot connect to the PostgreSQL of PGHOST/PGPORT/PGUSER: {reason}"
            ) from error
        return self

    def stop(self, mode="fast"):
        """Not ours to stop."""


class Cluster(Server):
    """A private cluster: made on first use, run by an unprivileged user."""

    private = True

    def __init__(self, folder, port=None):
        self.folder = Path(folder)
        super().__init__("127.0.0.1", port or free_port(), USER, None)
        self.bin = find_binaries()
        self.account = unprivileged_account()
        self.data = self._data_folder()
        if self.password_file.exists():
            self.password = self.password_file.read_text()

    @property
    def password_file(self):
        return self.folder / "password"

    def _data_folder(self):
        """In our folder, unless the account cannot reach it (a clone in /root)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.account or self._run(["test", "-x", self.folder], check=False) == 0:
            return self.folder / "data"
        name = hashlib.sha256(bytes(self.folder.resolve())).hexdigest()[:12]
        return Path("/var/tmp") / f"mfg-postgres-{name}"

    def _run(self, command, check=True, **options):
        command = [str(part) for part in command]
        as_account = dict(self.account or {}, cwd="/")
        return subprocess.run(command, check=check, **as_account, **options).returncode

    def environment(self):
        environment = super().environment()
        path = f"{self.bin}{os.pathsep}{environment['PATH']}"
        return {**environment, "PATH": path}

    def running(self):
        command = [self.bin / "pg_ctl", "status", "-D", self.data]
        return self._run(command, check=False, stdout=subprocess.DEVNULL) == 0

    def _create(self):
        need_disk(3)
        self.password = secrets.token_urlsafe(24)
        fresh = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        secret = fresh.with_name(f"{fresh.name}.password")
        write_private(secret, self.password)
        if self.account:
            os.chown(fresh, self.account["user"], self.account["group"])
            os.chown(secret, self.account["user"], self.account["group"])
        command = [self.bin / "initdb", "-D", fresh, "-U", USER, "--pwfile", secret]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        run_logged(
            [str(part) for part in command],
            "initdb",
            **dict(self.account or {}, cwd="/"),
        )
        with (fresh / "postgresql.conf").open("a") as out:
            out.write(CONFIGURATION)
            if any(self.bin.parent.glob("lib/**/pg_stat_statements.so")):
                out.write(COUNTING)
        secret.unlink()
        write_private(self.password_file, self.password)
        fresh.rename(self.data)

    def ensure(self):
        """Make the cluster if there is none, start it if it does not run."""
        with lock(f"postgres-{self.folder.name}"):
            if not (self.data / "PG_VERSION").exists():
                self._create()
            if self.running():
                self.port = self._running_port()
            else:
                self.start()
        return self

    def _running_port(self):
        """It may have been started when another port was set."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def start(self):
        need_port(self.port, "MFG_PG_PORT")
        log = self.data / "server.log"
        command = [self.bin / "pg_ctl", "start", "-w", "-t", 120, "-s"]
        command += ["-D", self.data, "-l", log, "-o", f"-p {self.port}"]
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        if self._run(command, check=False, stderr=subprocess.DEVNULL, **options):
            raise SetupError(f"PostgreSQL does not start; see {log}")

    def stop(self, mode="fast"):
        """Stop as pg_ctl says: smart, fast, or immediate (as a crash would)."""
        if self.running():
            command = [self.bin / "pg_ctl", "stop", "-w", "-s", "-m", mode]
            self._run([*command, "-D", self.data])

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def unprivileged_account():
    """PostgreSQL refuses to run as root: the account to run it as then, else None."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise SetupError("neither a user postgres nor nobody to run PostgreSQL as")


def find_binaries():
    """The folder with initdb and postgres, the newest first; installed when root."""
    for attempt in ("look", "install"):
        folders = sorted(
            glob.glob("/usr/lib/postgresql/*/bin"),
            key=lambda path: float(path.split("/")[4]),
            reverse=True,
        )
        folders += ENV.get("PATH", "").split(":")
        for folder in map(Path, folders):
            if all((folder / name).exists() for name in ("initdb", "postgres")):
                return folder
        if attempt == "look":
            _install()
    raise SetupError("no PostgreSQL server binaries found after installing them")


def _install():
    if os.geteuid() or not shutil.which("apt-get"):
        raise SetupError(
            "PostgreSQL is missing: install its server (apt-get install postgresql), "
            "or set PGHOST, PGPORT, PGUSER and PGPASSWORD for an existing one"
        )
    script = '. "$0"/lib.sh && apt_install postgresql'
    run_logged(["bash", "-c", script, str(Path(__file__).parent)], "apt-postgresql")


def default_server():
    """The server that the PG variables name, else the project's private cluster."""
    if any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER")):
        names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
        return Server(*(os.environ.get(name) for name in names))
    return Cluster(RUN_DIR / "pg", int(ENV["MFG_PG_PORT"]))


def _main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status"])
    action = parser.parse_args().action
    server = default_server()
    if action == "start":
        server.ensure()
    if not isinstance(server, Cluster):
        print("PostgreSQL: the server of the PG variables")
        return 0
    if action == "stop":
        server.stop()
    state = "running" if server.running() else "not running"
    print(f"PostgreSQL: private cluster in {server.data}, port {server.port}, {state}")
    return 0


if __name__ == "__main__":
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    main(_main)
