# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from . import test_answer
from . import test_drain
from . import test_event_reversed
from . import test_mapping
from . import test_push
from . import test_push_breaker
from . import test_push_race
from . import test_retention
from . import test_http_auth
from . import test_http_events
from . import test_http_batch
from . import test_http_outbox
from . import test_http_contract
from . import test_http_race
from . import test_message_race
from . import test_http_storage
from . import test_http_limits
from . import test_security
from . import test_screens
from . import test_screens_configuration
from . import test_tour
