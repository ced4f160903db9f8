# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""A package, so that ``tests.chaos`` is this one and not an addon's."""
