# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Node-RED without a screen, with our flow as an integrator imports it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from node_packages import installed
from settings import ROOT

FLOW = ROOT / "plantsim" / "nodered" / "flow.json"
# No editor, no port, nothing fetched, nothing told to anybody.
SETTINGS = """
module.exports = {
    uiHost: "127.0.0.1",
    httpAdminRoot: false,
    httpNodeRoot: false,
    credentialSecret: false,
    externalModules: {palette: {allowInstall: false}, modules: {allowInstall: false}},
    functionExternalModules: false,
    telemetry: {enabled: false, updateNotification: false},
    diagnostics: {enabled: false},
    logging: {console: {level: "info", metrics: false, audit: false}},
};
"""


class NodeRed:
    """One process in a folder of its own; it keeps nothing between two lives."""

    def __init__(self, folder, url, key):
        self.package = installed("node-red") / "node_modules" / "node-red"
        self.folder = Path(folder)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "MFG_URL": url,
            "MFG_KEY": key,
        }
        self.log = self.folder / "node-red.log"
        self.process = None
        (self.folder / "settings.js").write_text(SETTINGS)
        shutil.copy(FLOW, self.folder / "flows.json")

    def start(self):
        command = ["node", self.package / "red.js", "--userDir", self.folder]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "flows.json"],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self):
        """As a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait(timeout=10)

    @property
    def said(self):
        return self.log.read_text(errors="replace")


def foreign_nodes():
    """Types in the flow that are not of Node-RED itself."""
    core = installed("node-red") / "node_modules" / "@node-red" / "nodes" / "core"
    text = "".join(path.read_text() for path in core.rglob("*.js"))
    types = {node["type"] for node in json.loads(FLOW.read_text())} - {"tab"}
    return {one for one in types if f'registerType("{one}"' not in text}
