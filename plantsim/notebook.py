# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The plant's own memory: released orders and which events Odoo has answered.

Written before anything is acknowledged, so that a plant that is killed forgets nothing.
"""

import json


class Notebook:
    """Kept in one file per database, because another one releases other orders."""

    def __init__(self, folder, database):
        self.path = folder / f"plant-{database}.json"
        kept = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.orders = kept.get("orders", {})  # origin -> data of the release
        self.hrefs = kept.get("hrefs", {})  # event id -> where its state is

    def save(self):
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({"orders": self.orders, "hrefs": self.hrefs}))
        fresh.replace(self.path)
