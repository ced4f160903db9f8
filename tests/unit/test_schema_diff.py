# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
from engine.schema_diff import Difference, differences

TEXT = {"type": "string", "maxLength": 9}


def schema(required=(), **properties):
    return {"type": "object", "required": list(required), "properties": properties}


def test_the_same_has_no_difference(store):
    for event_type in store.types():
        document = store.document(event_type)
        assert differences(document, store.document(event_type)) == []


def test_every_kind_of_difference_the_breaking_ones_first():
    before = schema(["b", "f"], a=TEXT, b=TEXT, c=TEXT, d=TEXT, f=TEXT)
    after = schema(
        ["a", "e", "f"],
        a=TEXT,
        b=TEXT,
        d={"type": "number"},
        e=TEXT,
        f=TEXT,
        g={"type": "array", "items": schema(["h"], h=TEXT)},
    )
    words = "text; at most 9 characters"
    assert differences(before, after) == [
        Difference("e", "new-required", after=words),
        Difference("g[].h", "new-required", after=words),
        Difference("c", "gone", before=words),
        Difference("a", "now-required", words, words),
        Difference("d", "other", words, "number"),
        Difference("g", "new", after="list of objects"),
        Difference("b", "now-optional", words, words),
    ]
