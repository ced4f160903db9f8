# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.modules.module import Manifest

from ..engine.schemas import SchemaStore
from .common import TESTED

NEXT = "mfg.connection.tested.v2"
SINCE, SUNSET = "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"


class VersionMixin:
    """A second version of the first event, as an addon's update would bring it.

    Its schema is a file, its handler the one there is: only where the contract looks
    for them is set for the test.
    """

    first, next = TESTED, NEXT

    def release_next(self, **ending):
        """Have version 2; `ending` are the keys that the file of version 1 gets."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for path in self._published():
            (folder / path.name).write_text(path.read_text())
        first = json.loads((folder / f"{self.first}.json").read_text())
        (folder / f"{self.next}.json").write_text(json.dumps(self.next_schema(first)))
        (folder / f"{self.first}.json").write_text(json.dumps({**first, **ending}))
        store = SchemaStore([folder])
        handlers = dict(self.env["mfg.handler"]._registry())
        handlers[self.next] = handlers[self.first]
        self._look_there("mfg.contract", "_store", store)
        self._look_there("mfg.handler", "_registry", handlers)
        self._forget()
        self.addCleanup(self._forget)

    def deprecate(self, sunset=SUNSET):
        """Have version 2, and version 1 on its way out."""
        self.release_next(
            **{
                "deprecated": True,
                "x-deprecated-at": SINCE,
                "x-sunset-at": sunset,
                "x-successor": NEXT,
            }
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
