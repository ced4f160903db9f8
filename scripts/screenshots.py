"""Pictures of Odoo's screens, taken by Debian's Chromium over its DevTools protocol.

    screenshots.py URL DATABASE OUT [--login L --password P] [NAME=PATH[@JAVASCRIPT]…]

Without NAME=PATH: the pictures of the README, from a database with the demo in it.
PATH is below URL ("/odoo/plant-inbox"); JAVASCRIPT runs once the page stands and may
await, e.g. to open a record or a tab.
"""

import argparse
import base64
import contextlib
import io
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import requests
import websocket
from PIL import Image
from settings import SetupError, main

WIDTH, HEIGHT = 1440, 900
PATIENCE = 90.0  # seconds; for the first page Odoo bundles its assets
# The page stands when nothing loads and a view is drawn.
STANDS = """
!document.querySelector('.o_loading_indicator, .o_blockUI') &&
!!document.querySelector('.o_view_controller')
"""
SETTLE = 1.2  # charts, avatars and fonts come a moment after the view
TOOLS = """
window.rest = (ms) => new Promise((done) => setTimeout(done, ms));
window.wanted = async (find) => {
    for (let i = 0; i < 100; i++) {
        const found = find();
        if (found) return found;
        await rest(100);
    }
    throw new Error("not on the page: " + find);
};
window.press = async (selector, text) => {
    const node = await wanted(() => [...document.querySelectorAll(selector)].find(
        (n) => n.offsetParent && (!text || n.textContent.includes(text))));
    node.click();
    await rest(900);
};
window.type = async (selector, text) => {
    const node = await wanted(() => document.querySelector(selector));
    node.focus();
    node.value = text;
    node.dispatchEvent(new Event("input", {bubbles: true}));
    node.dispatchEvent(new Event("change", {bubbles: true}));
    await rest(700);
};
"""
README = {
    "message_log": ("/odoo/plant-inbox", "await press('th[data-name=state]');"),
    "message": (
        "/odoo/plant-todo",
        "await press('.o_data_row td[name=sentence]', 'the material code');",
    ),
    "mapping": (
        "/odoo/plant-todo",
        "await press('.o_data_row td[name=sentence]', 'the material code');"
        "await press('button', 'Create the Mapping');",
    ),
    "approval": (
        "/odoo/plant-todo",
        "await press('.o_data_row td[name=sentence]', 'are tolerated');"
        "await press('.o_statusbar_buttons button', 'Approve');",
    ),
    "reversal": (
        "/odoo/plant-inbox",
        "await press('.o_searchview_dropdown_toggler');"
        "await press('.o_menu_item', 'Reversed');"
        "await press('.o_data_row td[name=sentence]', 'took it back on');",
    ),
    "downtime": (
        "/odoo/plant-downtime",
        "await press('.o_switch_view.o_graph');"
        "await wanted(() => document.querySelector('.o_graph_view canvas'));",
    ),
    "order": (
        "/odoo/action-mrp.mrp_production_action",
        "await press('.o_data_row td[name=origin]', 'Made-up 55');",
    ),
    "order-messages": (
        "/odoo/action-mrp.mrp_production_action",
        "await press('.o_data_row td[name=origin]', 'Made-up 55');"
        "await press('.oe_stat_button', 'Plant Messages');"
        "await wanted(() => document.querySelector('.o_data_row .badge'));",
    ),
    "reconciliation": (
        "/odoo/plant-reconciliation",
        "await press('.o_facet_remove');"
        "await press('.o_data_row td[name=job_order_id]', '');",
    ),
    "proposals": ("/odoo/plant-proposals", ""),
    "delivery": (
        "/odoo/plant-endpoints",
        "await press('.o_data_row td[name=name]');"
        "await press('.nav-link', 'Delivery');",
    ),
    "setup": (
        "/odoo/plant-endpoints",
        "await press('button', 'Connect a Plant System');"
        "await type('.modal [name=name] input', 'MES of plant Lyon');",
    ),
}


class Browser:
    """One headless Chromium page."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="mfg-pictures-")
        self.process = subprocess.Popen(
            [
                self._binary(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.folder}",
                f"--window-size={WIDTH},{HEIGHT}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.number, self.errors = 0, []
        self.socket = websocket.create_connection(self._page(), timeout=60)
        self.call("Page.enable")
        self.call("Runtime.enable")
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=1,
            mobile=False,
        )

    def _binary(self):
        for name in ("chromium", "chromium-browser", "google-chrome"):
            if found := shutil.which(name):
                return found
        raise SetupError("no Chromium here: apt-get install -y chromium")

    def _page(self):
        port_file = Path(self.folder, "DevToolsActivePort")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
                port = int(port_file.read_text().split()[0])
                address = f"http://127.0.0.1:{port}/json"
                with urllib.request.urlopen(address, timeout=5) as answer:
                    pages = json.load(answer)
                return next(
                    p["webSocketDebuggerUrl"] for p in pages if p["type"] == "page"
                )
            time.sleep(0.2)
        raise SetupError("Chromium did not start")

    def call(self, method, **params):
        """One command; of the events in between, errors of the page are noted."""
        self.number += 1
        self.socket.send(
            json.dumps({"id": self.number, "method": method, "params": params})
        )
        while True:
            answer = json.loads(self.socket.recv())
            self._note(answer)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SetupError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def _note(self, event):
        kind, about = event.get("method"), event.get("params", {})
        if kind == "Runtime.exceptionThrown":
            self.errors.append(about["exceptionDetails"]["text"])
        if kind == "Runtime.consoleAPICalled" and about["type"] == "error":
            self.errors += [str(arg.get("value", "")) for arg in about["args"]]

    def run(self, script):
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            awaitPromise=True,
            returnByValue=True,
        )
        if problem := answer.get("exceptionDetails"):
            raise SetupError(problem["exception"]["description"])
        return answer["result"].get("value")

    def open(self, url, script):
        """Show a page; what its console says is an error of ours."""
        self.errors.clear()
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=url)
        self.wait()
        if script:
            self.run(f"(async () => {{ {TOOLS} {script} }})()")
            self.wait()
        if self.errors:
            raise SetupError(f"{url}: {'; '.join(self.errors)}")

    def wait(self):
        until = time.monotonic() + PATIENCE
        while not self.run(STANDS):
            if time.monotonic() > until:
                raise SetupError("the page does not come to rest")
            time.sleep(0.2)
        time.sleep(SETTLE)

    def picture(self, path):
        """Few colours: the pictures live in the repository."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
        image.quantize(128).save(path, optimize=True)

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


def session_cookie(url, database, login, password):
    answer = requests.post(
        f"{url}/web/session/authenticate",
        json={"params": {"db": database, "login": login, "password": password}},
        timeout=30,
    )
    if "result" not in answer.json() or "session_id" not in answer.cookies:
        raise SetupError(f"{login} cannot log in to {database} at {url}")
    return answer.cookies["session_id"]


def wishes(texts):
    """NAME=PATH[@JAVASCRIPT] arguments as {name: (path, script)}."""
    found = {}
    for text in texts:
        name, _equals, rest = text.partition("=")
        path, _at, script = rest.partition("@")
        found[name] = (path, script)
    return found or README


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("database")
    parser.add_argument("out", type=Path)
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", default="admin")
    parser.add_argument("picture", nargs="*", metavar="NAME=PATH[@JAVASCRIPT]")
    return parser.parse_args()


def shoot():
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    try:
        browser.call(
            "Network.setCookie",
            name="session_id",
            url=options.url,
            value=session_cookie(
                options.url, options.database, options.login, options.password
            ),
        )
        for name, (path, script) in wishes(options.picture).items():
            browser.open(options.url + path, script)
            browser.picture(options.out / f"{name}.png")
            print(options.out / f"{name}.png")
    finally:
        browser.close()


if __name__ == "__main__":
    main(shoot)
