# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import test_backflush
from . import test_codes
from . import test_contract
from . import test_correction
from . import test_late
from . import test_limit
from . import test_night
from . import test_other_products
from . import test_people
from . import test_queries
from . import test_race
from . import test_random
from . import test_snapshot_reported
from . import test_stale
from . import test_tour
