# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from odoo.tools.translate import get_translation


def translated(env, text):
    """A text in the language of whoever reads it; what no addon marked stays as it is.

    Unlike ``env._`` it looks in the addon of the text, not in the one that shows it.
    """
    addon = getattr(text, "addon", None)
    return get_translation(addon, env.lang or "en_US", text, ()) if addon else text
