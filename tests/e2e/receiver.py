# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A plant's system that takes deliveries over HTTP, and checks who they are from."""

import json
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from node_packages import installed
from standardwebhooks.webhooks import Webhook

VERIFY = Path(__file__).parent / "verify_webhooks.js"


class Receiver:
    """Keeps what it was sent; ``answer(handler, delivery)`` gives the status."""

    def __init__(self, answer=None):
        self.deliveries, self.answer = [], answer or (lambda *_args: 204)
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): text for name, text in self.headers.items()}
                delivery = {"headers": headers, "body": body.decode()}
                delivery["at"] = time.time()
                with receiver.lock:
                    receiver.deliveries.append(delivery)
                status = receiver.answer(self, delivery)
                if status:
                    self.send_response(status)
                    self.send_header("content-length", "0")
                    self.end_headers()

            def log_message(self, *_args):
                """Quietly."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_args: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/odoo"

    @property
    def ids(self):
        return [delivery["headers"]["webhook-id"] for delivery in self.deliveries]

    @property
    def events(self):
        return [json.loads(delivery["body"]) for delivery in self.deliveries]

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def verify(self, secret, deliveries=None):
        """By the libraries of Standard Webhooks, of PyPI and of npm; how many."""
        chosen = self.deliveries if deliveries is None else deliveries
        for delivery in chosen:
            Webhook(secret).verify(delivery["body"], delivery["headers"])
        assert set(self.by_node(secret, chosen)) == {True}
        return len(chosen)

    def by_node(self, secret, deliveries):
        folder = installed("standardwebhooks")
        asked = [{**delivery, "secret": secret} for delivery in deliveries]
        done = subprocess.run(
            ("node", VERIFY, folder),
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return json.loads(done.stdout)
