# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A bad network between a plant and Odoo."""

import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

PASSED_ON = "Authorization", "Content-Type"


class Lossy:
    """Loses the first answer of each path, says "not now" once, then passes all on.

    What is lost is the answer alone: the request did its work in Odoo. `said` has what
    became of the requests to each path, in their order.
    """

    def __init__(self, url):
        self.odoo, self.said = url, defaultdict(list)
        self.lock = threading.Lock()
        lossy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                lossy.handle(self)

            do_POST = do_GET

            def log_message(self, *_args):
                """Quietly."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_args: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def handle(self, handler):
        said = self.said[handler.path.partition("?")[0]]
        with self.lock:
            turn = len(said)
            said.append("lost" if turn == 0 else 503)
        if turn == 1:
            return self._answer(handler, 503, b"{}")
        answer = self._forward(handler)
        if turn == 0:
            return handler.connection.close()
        said[turn] = answer.json()
        return self._answer(handler, answer.status_code, answer.content)

    def _forward(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name: handler.headers[name] for name in PASSED_ON}
        return requests.request(
            handler.command,
            self.odoo + handler.path,
            data=body,
            headers={name: text for name, text in headers.items() if text},
            timeout=60,
        )

    def _answer(self, handler, status, content):
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
