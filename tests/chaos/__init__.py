# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The chaos campaign: faults under load, and proof that nothing was lost or doubled.

`make chaos` runs it (tests/chaos/__main__.py); tests/e2e/test_crash.py runs the same
scenarios with small sizes.
"""
