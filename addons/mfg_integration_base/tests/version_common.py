# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import tempfile
from email.utils import parsedate_to_datetime
from pathlib import Path
from unittest.mock import patch

from odoo.modules.module import Manifest

from ..engine.schemas import SchemaStore
from .common import TESTED

NEXT = "mfg.connection.tested.v2"
SINCE, SUNSET = "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
DEPRECATION = "@1767225600"  # the same moment as SINCE
PAST = "2026-02-01T00:00:00Z"


class VersionMixin:
    """A second version of the first event, as an addon's update would bring it.

    Its schema is a file, its handler the one there is: only where the contract looks
    for them is set for the test.
    """

    def release_next(self, first=TESTED, **ending):
        """Have version 2 of a type; the file of version 1 gets the keys `ending`.

        Both versions of a type other than the first event accept the same.
        """
        following = f"{first.removesuffix('.v1')}.v2"
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for path in self._published():
            (folder / path.name).write_text(path.read_text())
        now = json.loads((folder / f"{first}.json").read_text())
        then = {**now, "$id": following}
        then = self.next_schema(now) if first == TESTED else then
        (folder / f"{following}.json").write_text(json.dumps(then))
        (folder / f"{first}.json").write_text(json.dumps({**now, **ending}))
        store = SchemaStore([folder])
        handlers = dict(self.env["mfg.handler"]._registry())
        handlers[following] = handlers[first]
        self._look_there("mfg.contract", "_store", store)
        self._look_there("mfg.handler", "_registry", handlers)
        self._forget()
        self.addCleanup(self._forget)

    def deprecate(self, sunset=SUNSET, first=TESTED):
        """Have version 2, and version 1 on its way out."""
        self.release_next(
            first,
            **{
                "deprecated": True,
                "x-deprecated-at": SINCE,
                "x-sunset-at": sunset,
                "x-successor": f"{first.removesuffix('.v1')}.v2",
            },
        )

    def next_schema(self, first):
        properties = {
            **first["properties"],
            "system": {"type": "string", "minLength": 1, "maxLength": 50},
            "shift": {"type": "string", "minLength": 1, "maxLength": 20},
        }
        return {
            **first,
            "$id": NEXT,
            "required": ["text", "system"],
            "properties": properties,
            "examples": [{"text": "Hello", "system": "MES 7"}],
        }

    def propose(self, endpoint=None):
        """The interface of version 2 on an endpoint that uses version 1."""
        endpoint = endpoint or self.endpoint
        return self.env["mfg.interface"].create(
            {"endpoint_id": endpoint.id, "type": NEXT}
        )

    def assertTold(self, answer, sunset="2099-01-01", following=NEXT):
        """An answer says in its headers when a version ends."""
        self.assertEqual(answer.headers["Deprecation"], DEPRECATION)
        told = parsedate_to_datetime(answer.headers["Sunset"])
        self.assertEqual(told.isoformat(), f"{sunset}T00:00:00+00:00")
        self.assertTrue(answer.headers["Sunset"].endswith(" GMT"))
        successor = f'</mfg/v1/schemas/{following}>; rel="successor-version"'
        self.assertIn(successor, answer.headers["Link"])
        self.assertIn('rel="deprecation"', answer.headers["Link"])

    def assertSilent(self, answer):
        self.assertFalse({"Deprecation", "Sunset", "Link"} & set(answer.headers))

    def _published(self):
        for addon in sorted(self.env.registry._init_modules):
            if manifest := Manifest.for_addon(addon):
                yield from Path(manifest.path, "schemas").glob("*.json")

    def _look_there(self, model, method, found):
        owner = type(self.env[model])
        self.enterContext(patch.object(owner, method, lambda records: found))

    def _forget(self):
        """What was made of the contract so far is kept in Odoo's caches."""
        self.env.registry.clear_all_caches()
