# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Every type that a plant may send has a page, and no page is about another one."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "messages"
TYPES = {
    path.name.removesuffix(".json") for path in ROOT.glob("addons/*/schemas/mfg.*.json")
}
# what Odoo alone sends and the guide itself explains
OUTBOUND = {
    "mfg.event.parked.v1",
    "mfg.event.posted.v1",
    "mfg.joborder.cancelled.v1",
    "mfg.joborder.released.v1",
}
ABOUT_SEVERAL = {"tolerances"}  # pages on what types have in common
TYPE = re.compile(r"\bmfg\.([a-z]+)\.([a-z]+)(\.v\d+)?\b")


def short(event_type):
    """mfg.production.reported.v1 -> production.reported"""
    return event_type.removeprefix("mfg.").rpartition(".v")[0]


SHORT = {short(event_type) for event_type in TYPES}
FAMILIES = {name.partition(".")[0] for name in SHORT}


def pages_of(event_type):
    """The type's own page, else those of its family that name it."""
    own = PAGES / f"{short(event_type)}.md"
    if own.exists():
        return [own]
    family, _dot, name = short(event_type).partition(".")
    shared = [*PAGES.glob(f"{family}.md"), *PAGES.glob(f"{family}-*.md")]
    texts = {path: path.read_text() for path in shared}
    return [p for p, t in texts.items() if event_type in t or f"`{name}`" in t]


@pytest.mark.parametrize("event_type", sorted(TYPES - OUTBOUND))
def test_a_type_has_a_page(event_type):
    assert pages_of(event_type), f"docs/messages has no page on {event_type}"


@pytest.mark.parametrize("event_type", sorted(OUTBOUND))
def test_what_has_no_page_is_in_the_guide(event_type):
    assert event_type in TYPES
    guide = (ROOT / "docs" / "integrators.md").read_text()
    assert event_type.rpartition(".v")[0] in guide


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.md")), ids=lambda path: path.name)
class TestPage:
    def test_it_is_about_a_type_or_a_family(self, path):
        family = re.split("[.-]", path.stem)[0]
        known = path.stem in SHORT or ("." not in path.stem and family in FAMILIES)
        assert known or path.stem in ABOUT_SEVERAL

    def test_it_names_only_types_that_exist(self, path):
        text = path.read_text()
        named = {match[0] for match in TYPE.finditer(text)}
        unversioned = {event_type.rpartition(".v")[0] for event_type in TYPES}
        assert named <= TYPES | unversioned
        families = "|".join(sorted(FAMILIES))
        words = re.findall(rf"`(?:mfg\.)?((?:{families})\.[a-z]+)`", text)
        assert set(words) <= SHORT

    def test_its_examples_are_json(self, path):
        for block in re.findall(r"```json\n(.*?)```", path.read_text(), re.DOTALL):
            json.loads(block)
