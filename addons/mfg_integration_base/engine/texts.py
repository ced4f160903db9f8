# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Texts that are told in the language of whoever reads them.

English is what is stored and what plants are answered; a :class:`Text` is just that. It
also knows whose translation it is, for the screens (``tools.translation``). Odoo's lazy
translations cannot be this: they need Odoo, and are no text before they are translated.
"""


class Text(str):
    """English, and the name of the addon that has it in other languages."""

    addon = None


def marker(name):
    """Return `_lt`, the name by which Odoo's export of terms finds what it marks.

    :param name: `__name__` of a module of the addon: ``_lt = marker(__name__)``
    """
    addon = name.removeprefix("odoo.addons.").partition(".")[0]

    def _lt(english):
        text = Text(english)
        text.addon = addon
        return text

    return _lt
