"""An Odoo server with its job runner in the background: the demo's, or a test's own.

    stack.py up | down | restart | status | remove

Tests and benchmarks use OdooStack directly:

    databases = default_databases()
    databases.ready("mfg_e2e")
    stack = OdooStack(databases.server, "mfg_e2e")   # free ports, three workers
    stack.start()
    stack.wait_ready()
    stack.kill9()                                    # SIGKILL to every process of it
    stack.start()
    stack.stop()
"""

import argparse
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from database import DEMO_TEMPLATE, Databases, default_databases
from odoo_conf import ODOO, write_config
from postgres import default_server
from settings import (
    DEMO_DB,
    ENV,
    LOG_DIR,
    ROOT,
    RUN_DIR,
    SCRIPTS,
    VENV,
    SetupError,
    addons,
    free_port,
    lock,
    main,
    need_port,
    write_private,
)

BASE_ADDON = "mfg_integration_base"
RUN_FILE = RUN_DIR / "demo.json"


class OdooStack:
    """One Odoo server on one database: HTTP workers, cron, gevent, job runner."""

    def __init__(
        self, server, db, http_port=None, gevent_port=None, workers=None, **options
    ):
        self.db = db
        self.http_port = http_port or free_port()
        self.gevent_port = gevent_port or free_port()
        self.workers = int(workers or ENV["MFG_WORKERS"])
        if self.workers < 2:
            raise SetupError("MFG_WORKERS: two or more, the job runner needs one")
        self.log = LOG_DIR / f"odoo-{db}.log"
        self.pid_file = RUN_DIR / f"odoo-{db}.pid"
        self.config = RUN_DIR / "config" / f"{db}.conf"
        self.server, self.options = server, options
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def group(self):
        """The id of the server's process group, None when it does not run.

        A process id may be somebody else's by now: the command line decides.
        """
        try:
            group = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None
        return group if _processes(group, str(self.config)) else None

    def start(self):
        if self.group:
            return
        need_port(self.http_port, "MFG_HTTP_PORT")
        need_port(self.gevent_port, "MFG_GEVENT_PORT")
        ports = self.http_port, self.gevent_port, self.workers
        write_config(self.config, self.server, self.db, *ports, **self.options)
        LOG_DIR.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [ODOO, "-c", self.config],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
            )
        self.pid_file.write_text(str(self.process.pid))

    def wait_ready(self, timeout=120):
        """Return when the server answers its health check."""
        deadline = time.monotonic() + timeout
        while not self.healthy():
            if self._ended():
                raise SetupError(f"Odoo ended at once; see {self.log}")
            if time.monotonic() > deadline:
                raise SetupError(
                    f"Odoo did not answer within {timeout} s; see {self.log}"
                )
            time.sleep(0.2)

    def _ended(self):
        """A child's own state first: its command line may not be readable at once."""
        if self.process:
            return self.process.poll() is not None
        return not self.group

    def healthy(self):
        path = ENV["MFG_HEALTH_PATH"] if BASE_ADDON in addons() else "/web/health"
        return self.status(path) == 200

    def status(self, path, key=None):
        """The HTTP status of a GET, None when there is no answer."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def stop(self, timeout=30):
        """End it as an administrator would; kill what is left after the timeout."""
        group = self.group
        if not group:
            return
        os.kill(group, signal.SIGTERM)
        if not self._gone(group, timeout):
            self._kill(group)
        self.pid_file.unlink(missing_ok=True)

    def kill9(self):
        """Kill all its processes at once, as a power cut would."""
        group = self.group
        if group:
            self._kill(group)

    def _kill(self, group):
        os.killpg(group, signal.SIGKILL)
        self._gone(group, timeout=10)

    def _gone(self, group, timeout):
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process:
                self.process.poll()  # reaps it, when it is a child of this process
            if not _processes(group):
                return True
            time.sleep(0.05)
        return False


def _processes(group, argument=""):
    """The living processes of a group that have the argument in their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _parent, process_group = (
                (folder / "stat").read_text().rsplit(")", 1)[1].split()[:3]
            )
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            # A killed process has its ports until its last thread ends, and its main
            # thread may end first.
            dead = state == "Z" and len(list((folder / "task").iterdir())) == 1
        except OSError:
            continue
        if not dead and int(process_group) == group and argument in command:
            found.append(int(folder.name))
    return found


def demo_stack(server):
    ports = int(ENV["MFG_HTTP_PORT"]), int(ENV["MFG_GEVENT_PORT"])
    return OdooStack(server, DEMO_DB, *ports)


def up():
    """Start the demo server on an up-to-date database and write the run file."""
    with lock("demo"):
        databases = default_databases()
        stack = demo_stack(databases.server)
        if stack.group and not databases.is_current(DEMO_DB):
            stack.stop()
        if not stack.group:
            need_port(stack.http_port, "MFG_HTTP_PORT")
            databases.ready(DEMO_DB, DEMO_TEMPLATE)
        stack.start()
        stack.wait_ready()
        _write_run_file(stack)
    print(f"Odoo: {stack.url} (database {stack.db}, log {stack.log})")


def _write_run_file(stack):
    """Keep the run file while its key works, else have the demo data make a new one."""
    if not addons() or _key_works(stack):
        return
    script = SCRIPTS / "demo_data.py"
    if not script.exists():
        raise SetupError(f"{script.relative_to(ROOT)} is missing: no demo endpoint")
    command = [VENV / "bin" / "python", script, stack.config, stack.db]
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    log = LOG_DIR / "demo-data.log"
    log.write_text(done.stdout + done.stderr)
    if done.returncode or not done.stdout:
        raise SetupError(f"{done.stderr[-2000:]}\ndemo data failed; see {log}")
    made = json.loads(done.stdout.splitlines()[-1])
    run = {"url": stack.url, "db": stack.db, **made}
    write_private(RUN_FILE, json.dumps(run, indent=2) + "\n")


def _key_works(stack):
    try:
        run = json.loads(RUN_FILE.read_text())
        key = run["endpoints"]["mes"]["key"]
    except (OSError, ValueError, KeyError):
        return False
    same = (run["url"], run["db"]) == (stack.url, stack.db)
    # Any answer but "who are you" will do; this event does not exist.
    return same and stack.status("/mfg/v1/events/none", key) not in (None, 401, 403)


def down():
    """Stop the demo server and the private cluster."""
    server = default_server()
    demo_stack(server).stop()
    server.stop()
    print("stopped")


def restart():
    demo_stack(default_server()).stop()
    up()


def remove():
    """Stop, and remove the private cluster, or our databases on another server."""
    server = default_server()
    demo_stack(server).stop()
    if server.private:
        server.remove()
    else:
        Databases(server).remove_all()


def status():
    stack = demo_stack(default_server())
    state = "healthy" if stack.healthy() else "not answering"
    print(f"Odoo: {stack.url} {state if stack.group else 'not running'}")


def _main():
    parser = argparse.ArgumentParser(description=__doc__)
    actions = {f.__name__: f for f in (up, down, restart, status, remove)}
    parser.add_argument("action", choices=actions)
    actions[parser.parse_args().action]()
    return 0


if __name__ == "__main__":
    main(_main)
