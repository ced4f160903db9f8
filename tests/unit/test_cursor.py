# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Cursors come back as they were handed out, or are refused."""

import pytest
from engine.cursor import Cursor, read
from engine.failure import Failure
from hypothesis import given
from hypothesis import strategies as st

POSITIONS = st.integers(0, 2**31)


@given(POSITIONS, POSITIONS)
def test_there_and_back(position, since):
    cursor = Cursor("material", position, since)
    assert read(cursor.text(), "material", 2**31) == cursor
    assert cursor.text().isascii() and len(cursor.text()) <= 200
    assert cursor.at(7) == Cursor("material", 7, since)


@given(st.text(max_size=300))
def test_anything_else_is_refused_and_never_breaks(text):
    try:
        found = read(text, "material", 0)
    except Failure as failure:
        assert failure.code == "bad-request"
        assert [error.pointer for error in failure.errors] == ["/cursor"]
    else:
        assert found == Cursor("material", 0, 0)


@pytest.mark.parametrize(
    "cursor", [Cursor("lot", 1), Cursor("material", 11), Cursor("material", 1, 11)]
)
def test_of_another_feed_or_another_database(cursor):
    with pytest.raises(Failure):
        read(cursor.text(), "material", 10)
