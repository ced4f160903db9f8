# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Side by side with what a user would pick instead; figures are ratios of one run."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for _folder in (ROOT, ROOT / "scripts"):  # plantsim and the tooling's modules
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))
