"""The settings of env.sh for Python, and what every script says to people.

env.sh stays the one place with defaults: it is sourced here, not repeated.
"""

import contextlib
import fcntl
import os
import random
import shutil
import socket
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
ROOT = SCRIPTS.parent


class SetupError(Exception):
    """Something the person can mend; the text says what and how."""


def _read_env():
    script = '. "$0"/env.sh && env -0'
    output = subprocess.run(
        ["bash", "-c", script, str(SCRIPTS)], check=True, capture_output=True
    ).stdout
    return dict(line.split("=", 1) for line in output.decode().split("\0") if line)


ENV = _read_env()
RUN_DIR = Path(ENV["MFG_RUN_DIR"])
LOG_DIR = Path(ENV["MFG_LOG_DIR"])
VENV = Path(ENV["MFG_VENV"])
DEMO_DB = ENV["MFG_DB"]
TEST_DB = ENV["MFG_TEST_DB"]


def addons():
    """Our own addons: the folders with a manifest."""
    return sorted(path.parent.name for path in ROOT.glob("addons/*/__manifest__.py"))


def run_logged(command, log_name, **options):
    """Run a command with its output in a log; name the log when it fails."""
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    log = LOG_DIR / f"{log_name}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **options,
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise SetupError(f"{tail}\n{command[0]} failed; full log: {log}")


def port_is_free(port):
    """Whether a server could listen there now (TIME_WAIT does not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port():
    """Below the range for outgoing connections: who calls a closed port of that range
    again and again ends up connected to himself, and the server cannot come back.
    """
    ports = random.sample(range(20000, 32000), 100)
    return next(port for port in ports if port_is_free(port))


def need_port(port, variable):
    if not port_is_free(port):
        raise SetupError(f"port {port} is busy; choose another one with {variable}=…")


def need_disk(gigabytes):
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(RUN_DIR).free / 1024**3
    if free < gigabytes:
        raise SetupError(
            f"no disk space: {free:.1f} GB free at {RUN_DIR}, {gigabytes} GB needed"
        )


@contextlib.contextmanager
def lock(name):
    """One process at a time: several test runs share the cluster and the template."""
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    with open(RUN_DIR / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(function):
    """Run a script's main function; errors a person can mend come out as one line."""
    try:
        sys.exit(function())
    except SetupError as error:
        sys.exit(f"error: {error}" if "\n" not in str(error) else str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def write_private(path, text):
    """Write a file with a secret in it: never readable by others, never half there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
    fresh.replace(path)
