"""npm packages that tests use beside our own code: by name, pinned, one by one."""

import shutil
import subprocess

from settings import RUN_DIR, SetupError, lock

PINNED = {"node-red": "4.1.15", "standardwebhooks": "1.1.1"}


def installed(name):
    """The folder in which a package can be required from, installed when it is not."""
    wanted = f"{name}@{PINNED[name]}"
    folder = RUN_DIR / "node" / "packages" / wanted
    with lock(f"node-{name}"):
        if not (folder / "node_modules" / name).is_dir():
            _install(wanted, folder)
    return folder


def _install(wanted, folder):
    if not shutil.which("npm"):
        raise SetupError("npm is not installed: apt install npm")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n')
    options = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run(
        ("npm", "install", *options, "--prefix", folder, wanted),
        check=True,
        timeout=300,
    )
