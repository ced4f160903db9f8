# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A person at a list: the calls Odoo's web client makes, without a browser.

What is searched follows from the views: the default filters of the menu's action, the
domain behind a filter or a search field, the order of the list.
"""

import xml.etree.ElementTree as ET

import requests

LIMITS, COUNTED = {"list": 80, "kanban": 40}, 10_001  # the web client's own
DEFAULT = "search_default_"
NAME = {"fields": {"display_name": {}}}


class Screen:
    """A session of somebody with a login."""

    def __init__(self, url, database, login, password):
        self.url, self.session = url, requests.Session()
        self.session.trust_env = False
        who = {"db": database, "login": login, "password": password}
        self._post("/web/session/authenticate", who)

    def _post(self, path, params):
        answer = self.session.post(
            self.url + path, json={"params": params}, timeout=600
        ).json()
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["message"])
        return answer["result"]

    def _call(self, model, method, **options):
        params = {"model": model, "method": method, "args": [], "kwargs": options}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def open(self, action, kind="list", filters=(), words=None):
        """All calls from a click on a menu until its records are here.

        :param kind: list or kanban
        :param filters: names of filters, as if they were picked
        :param words: field name -> what was typed into the search for it
        """
        loaded = self._post("/web/action/load", {"action_id": action})
        views = self._call(
            loaded["res_model"], "get_views", views=[[False, kind], [False, "search"]]
        )
        page = _Page(loaded, views, kind)
        method, options = page.request(filters, words or {})
        self._call(loaded["res_model"], method, **options)


class _Page:
    """What the web client makes of an action and its views."""

    def __init__(self, action, views, kind):
        self.action, self.kind = action, kind
        self.fields = views["models"][action["res_model"]]["fields"]
        self.view = ET.fromstring(views["views"][kind]["arch"])
        self.search = ET.fromstring(views["views"]["search"]["arch"])

    def request(self, filters, words):
        domain = self._domain(filters, words)
        return "web_search_read", {
            "specification": self._specification(),
            "domain": domain,
            "order": self.view.get("default_order", ""),
            "limit": LIMITS[self.kind],
            "offset": 0,
            "count_limit": COUNTED,
        }

    def _specification(self):
        """Every field of the view, the name of every record it points to."""
        names = [node.get("name") for node in self.view.iter("field")]
        kinds = {name: self.fields[name]["type"] for name in names}
        return {n: NAME if k == "many2one" else {} for n, k in kinds.items()}

    def _domain(self, filters, words):
        domain = _evaluated(self.action["domain"] or "[]")
        context = _evaluated(self.action["context"] or "{}")
        picked = [n.removeprefix(DEFAULT) for n in context if n.startswith(DEFAULT)]
        for name in (*picked, *filters):
            node = self.search.find(f".//filter[@name='{name}']")
            domain = domain + _evaluated(node.get("domain") or "[]")
        for name, word in words.items():
            node = self.search.find(f".//field[@name='{name}']")
            text = node.get("filter_domain") or f"[('{name}', 'ilike', self)]"
            domain = domain + _evaluated(text, word)
        return domain


def _evaluated(text, word=None):
    """A domain or context of our own views, which are Python expressions."""
    return eval(text, {"__builtins__": {}}, {"self": word})
