# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import test_b2mml_attacks
from . import test_b2mml_in
from . import test_b2mml_out
from . import test_b2mml_race
from . import test_b2mml_security
from . import test_b2mml_vendor
from . import test_b2mml_versions
