# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Ids of outgoing events against RFC 9562, section 5.7."""

import time
import uuid

from engine.event_id import new_event_id


def test_it_is_a_uuid_of_version_7():
    made = uuid.UUID(new_event_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_its_time_is_now():
    before = time.time_ns() // 1_000_000
    milliseconds = uuid.UUID(new_event_id()).int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_ids_rise_with_time():
    earlier = new_event_id()
    time.sleep(0.002)
    assert earlier < new_event_id()


def test_ids_of_one_moment_differ():
    assert len({new_event_id() for _number in range(1000)}) == 1000
