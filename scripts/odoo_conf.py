"""Writes Odoo configuration files: one per server, so that several run side by side."""

import secrets

from settings import ROOT, RUN_DIR, VENV, addons, write_private

ODOO = VENV / "bin" / "odoo"
DATA_DIR = RUN_DIR / "data"


def write_config(
    path, server, db, http_port, gevent_port, workers=0, drains=None, **more
):
    """Write a configuration for one database on one server; returns its path.

    Without workers it serves tests: no job runner and no cron disturbs them.

    :param drains: how many drains may post side by side, besides an urgent one
    """
    options = {
        "addons_path": str(ROOT / "addons") if addons() else None,
        "admin_passwd": secrets.token_urlsafe(24),
        "data_dir": DATA_DIR,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_password": server.password,
        "db_name": db,
        "db_maxconn": 32,
        "list_db": False,
        "http_interface": "127.0.0.1",
        "http_port": http_port,
        "gevent_port": gevent_port,
        "proxy_mode": False,
        "workers": workers,
        "max_cron_threads": 1 if workers else 0,
        "limit_time_cpu": 600,
        "limit_time_real": 1200,
        "server_wide_modules": "base,rpc,web,queue_job",
        **more,
    }
    lines = [f"{key} = {value}" for key, value in options.items() if value is not None]
    lines += ["", "[queue_job]", f"channels = {channels(workers, drains)}", ""]
    write_private(path, "\n".join(["[options]", *lines]))
    return path


def channels(workers, drains=None):
    """Below the number of workers, so that people and plants always find a free one;
    what is not urgent and what is pushed below that, so that what is urgent always
    finds a free drain. That takes three workers more than drains."""
    drains = drains or max(1, workers - 3)
    root = max(drains, min(drains + 2, workers - 1))
    batch = max(1, drains - 1)
    later = f"root.mfg_later:{drains},root.mfg_later.mfg_batch:{batch}"
    return f"root:{root},{later},root.mfg_push:1"
