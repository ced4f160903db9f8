# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A server that was stopped can be started again at once, on its own port."""

import subprocess
import sys

import pytest
from settings import free_port, port_is_free
from stack import OdooStack

# A child has the port too. Its main thread is gone, and a thread works on: so is, for a
# moment, every process of Odoo's that is killed.
SERVER = """
import ctypes, os, socket, sys, threading, time
listens = socket.create_server(("127.0.0.1", int(sys.argv[1])))
if not os.fork():
    threading.Thread(target=time.sleep, args=(60,)).start()
    print("listens", flush=True)
    ctypes.CDLL(None).pthread_exit(None)
time.sleep(60)
"""


@pytest.fixture
def stack(tmp_path):
    stack = OdooStack(None, "stopped", http_port=free_port())
    stack.config, stack.pid_file = tmp_path / "stopped.conf", tmp_path / "stopped.pid"
    command = [sys.executable, "-c", SERVER, str(stack.http_port), stack.config]
    stack.process = subprocess.Popen(
        command, stdout=subprocess.PIPE, start_new_session=True
    )
    stack.pid_file.write_text(str(stack.process.pid))
    with stack.process.stdout:
        assert stack.process.stdout.readline() == b"listens\n"
    return stack


def test_stopped_server_leaves_its_port(stack):
    stack.stop(timeout=1)
    assert port_is_free(stack.http_port)


def test_killed_server_leaves_its_port(stack):
    stack.kill9()
    assert port_is_free(stack.http_port)
