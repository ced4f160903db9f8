"""Databases: a template with Odoo's own apps, made once, and copies with our addons.

A copy takes a second, installing Odoo's apps a minute. What one has of our addons
is kept as its comment in PostgreSQL, so that it is updated when their files change.

    database.py template | demo | test | fresh NAME | update NAME | drop NAME

Three templates: Odoo's apps; these with Odoo's demo data; these with accounting and
expiry dates, which our addons work with but do not need. Tests have all of them.
"""

import argparse
import contextlib
import hashlib
import importlib.metadata
import importlib.util
import json
import shutil
from pathlib import Path

import psycopg2
from odoo_conf import DATA_DIR, ODOO, write_config
from postgres import default_server
from psycopg2 import sql
from settings import (
    DEMO_DB,
    ENV,
    ROOT,
    RUN_DIR,
    TEST_DB,
    SetupError,
    addons,
    free_port,
    lock,
    main,
    need_disk,
    run_logged,
)

MODULES = ["base", "web", "mail", "hr", "maintenance", "mrp", "stock", "queue_job"]
MORE_MODULES = ["mrp_account", "product_expiry"]
# template -> the options of Odoo that make it
TEMPLATES = {
    "plain": ["-i", ",".join(MODULES)],
    "demo": ["-i", ",".join(MODULES), "--with-demo"],
    "full": ["-i", ",".join(MORE_MODULES)],  # on top of a copy of the plain one
}
TEMPLATE = "mfg_template_"
DEMO_TEMPLATE = "demo" if ENV["MFG_WITH_DEMO"] == "1" else "plain"
# Changes in these need no update of a database.
NOT_INSTALLED = {"__pycache__", "tests", "readme", "description"}


class Databases:
    """The databases of one PostgreSQL server, with their filestores."""

    def __init__(self, server):
        self.server = server

    @contextlib.contextmanager
    def cursor(self, database="postgres"):
        connection = psycopg2.connect(**self.server.connection(database))
        connection.autocommit = True  # CREATE DATABASE knows no transaction
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def execute(self, statement, *names):
        with self.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def exists(self, name):
        with self.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return bool(cursor.fetchone())

    def drop(self, name):
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        shutil.rmtree(filestore(name), ignore_errors=True)

    def rename(self, name, new_name):
        if filestore(name).exists():
            shutil.rmtree(filestore(new_name), ignore_errors=True)
            filestore(name).rename(filestore(new_name))
        self.execute("ALTER DATABASE {} RENAME TO {}", name, new_name)

    @contextlib.contextmanager
    def building(self, name):
        """Build under another name, rename at the end: nothing half-made stays."""
        draft = f"{name}_building"
        need_disk(3)
        self.drop(draft)
        try:
            yield draft
            self.drop(name)
            self.rename(draft, name)
        finally:
            self.drop(draft)

    def template(self, kind="plain"):
        """Odoo's apps and queue_job, without our addons; the name of the database."""
        name = _template_name(kind)
        with lock("template"):
            if not (self.exists(name) and filestore(name).exists()):
                self.drop_templates(keep=map(_template_name, TEMPLATES))
                self._make_template(name, kind)
        return name

    def _make_template(self, name, kind):
        plain = _template_name("plain")
        with self.building(name) as draft:
            if kind == "full":
                if not self.exists(plain):
                    self._make_template(plain, "plain")
                self.copy(plain, draft)
            self.odoo(draft, *TEMPLATES[kind], log="template")
        # The job runner and the crons must not find it.
        self.execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)

    def drop_templates(self, keep=()):
        """Drop the templates of other versions, but not another checkout's."""
        if not self.server.private:
            return
        keep = set(keep)
        with self.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            if name.startswith(TEMPLATE) and name not in keep:
                self.drop(name)

    def copy(self, source, name):
        self.execute("CREATE DATABASE {} TEMPLATE {}", name, source)
        shutil.copytree(filestore(source), filestore(name))

    def fresh(self, name, kind="full"):
        """A new copy of a template; an old database of that name is dropped."""
        template = self.template(kind)
        self.drop(name)
        self.copy(template, name)

    def remove_all(self):
        """Drop what the tooling made on this server."""
        names = map(_template_name, TEMPLATES)
        for name in (DEMO_DB, TEST_DB, f"{TEST_DB}_core", *names):
            self.drop(name)

    def has_demo(self, name):
        with self.cursor(name) as cursor:
            cursor.execute("SELECT demo FROM ir_module_module WHERE name = 'base'")
            return cursor.fetchone()[0]

    def is_current(self, name):
        current = {addon: _digest_of_addon(addon) for addon in addons()}
        return self.exists(name) and current.items() <= self.installed(name).items()

    def update(self, name, wanted=None):
        """Install our missing addons, update the changed ones."""
        installed = self.installed(name)
        current = {addon: _digest_of_addon(addon) for addon in wanted or addons()}
        new = [addon for addon in current if addon not in installed]
        changed = [a for a in current if a in installed and installed[a] != current[a]]
        options = ["-i", ",".join(new)] if new else []
        options += ["-u", ",".join(changed)] if changed else []
        if options:
            options += ["--with-demo"] if self.has_demo(name) else []
            self.odoo(name, *options, log=f"update-{name}")
            self.remember(name, {**installed, **current})

    def installed(self, name):
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                "WHERE datname = %s",
                [name],
            )
            row = cursor.fetchone()
        return json.loads(row[0]) if row and row[0] else {}

    def remember(self, name, installed):
        statement = sql.SQL("COMMENT ON DATABASE {} IS {}").format(
            sql.Identifier(name), sql.Literal(json.dumps(installed))
        )
        with self.cursor() as cursor:
            cursor.execute(statement)

    def ready(self, name, kind="full"):
        """Have the database, made if need be, with our addons as they are now."""
        if self.exists(name):
            self.update(name)
            return
        with self.building(name) as draft:
            self.fresh(draft, kind)
            self.update(draft)
            self.set_admin_password(draft)

    def set_admin_password(self, name):
        from passlib.context import CryptContext

        secret = CryptContext(["pbkdf2_sha512"]).hash(ENV["MFG_ADMIN_PASSWORD"])
        with self.cursor(name) as cursor:
            cursor.execute(
                "UPDATE res_users SET password = %s WHERE login = 'admin'", [secret]
            )

    def odoo(self, database, *options, log):
        """Run Odoo once on a database, without serving."""
        config = write_config(
            RUN_DIR / "config" / f"{database}.setup.conf",
            self.server,
            database,
            http_port=free_port(),
            gevent_port=free_port(),
        )
        command = [ODOO, "-c", config, "--stop-after-init", "--no-http", *options]
        run_logged([str(part) for part in command], log)
        config.unlink()


def filestore(name):
    return DATA_DIR / "filestore" / name


def _template_name(kind):
    odoo = importlib.util.find_spec("odoo.release").origin
    version = Path(ENV["MFG_ODOO_DIR"], "version")
    if version.exists() and version.parent in Path(odoo).parents:
        odoo = version.read_text()
    queue_job = importlib.metadata.version("odoo-addon-queue_job")
    options = TEMPLATES["plain"] + TEMPLATES[kind]
    parts = [str(RUN_DIR), odoo, queue_job, *options]
    return f"{TEMPLATE}{_digest(parts)}"


def _digest(parts):
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _digest_of_addon(addon):
    folder = ROOT / "addons" / addon
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not NOT_INSTALLED.intersection(parts):
            digest.update(f"{parts}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def default_databases():
    return Databases(default_server().ensure())


def _main():
    parser = argparse.ArgumentParser(description=__doc__)
    actions = ["template", "demo", "test", "fresh", "update", "drop"]
    parser.add_argument("action", choices=actions)
    parser.add_argument("name", nargs="?")
    parser.add_argument("addons", nargs="*", help="only these of our addons")
    options = parser.parse_args()
    databases = default_databases()
    if options.action == "demo":
        databases.ready(DEMO_DB, DEMO_TEMPLATE)
    elif options.action == "test":
        databases.ready(TEST_DB)
    elif options.action == "template":
        print(databases.template())
    elif not options.name:
        raise SetupError(f"{options.action} needs the name of a database")
    elif options.action == "update":
        databases.update(options.name, options.addons)
    else:
        getattr(databases, options.action)(options.name)
    return 0


if __name__ == "__main__":
    main(_main)
