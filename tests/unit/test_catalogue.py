# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
import pickle
import re
from pathlib import Path

import pytest
from engine import catalogue, ownership_codes
from engine.catalogue import CATALOGUE, Entry, entry, entry_or_internal, register
from engine.failure import Failure, FieldError, pointer
from hypothesis import given
from hypothesis import strategies as st

# design.md section 3, "Codes are stable and few"
DESIGN = """schema conflict unknown-order unknown-segment unknown-material unknown-unit
unit-mismatch unknown-equipment unknown-location unknown-lot unknown-person
unknown-reason lot-required lot-mismatch serial-duplicate lot-expired lot-held
order-not-open over-tolerance under-tolerance shortage period-closed time-invalid
quantity-invalid sequence-gap overtaken version-stale not-reversible not-permitted
locked unavailable expired internal""".split()
CODES = sorted(CATALOGUE)


@pytest.mark.parametrize("code", DESIGN)
def test_every_code_of_the_design_is_there(code):
    assert entry(code).code == code


@pytest.mark.parametrize("code", CODES)
def test_every_code_tells_a_planner_what_to_do(code):
    one = CATALOGUE[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert one.failure_class in catalogue.CLASSES
    assert one.title[0].isupper()
    assert not one.title.endswith(".")
    assert len(one.title) <= 70
    assert one.next_action.endswith(".")
    assert len(one.next_action) > 30


@pytest.mark.parametrize(
    ("code", "failure_class"),
    [
        ("locked", "passing"),
        ("unavailable", "passing"),
        ("unknown-material", "value"),
        ("shortage", "stock"),
        ("lot-held", "stock"),
        ("order-not-open", "rule"),
        ("over-tolerance", "rule"),
        ("period-closed", "rule"),
        (ownership_codes.CONFLICT, "rule"),
        (ownership_codes.OVERTAKEN, "moot"),
        (ownership_codes.NOT_OWNER, "rule"),
        ("internal", "bug"),
        ("schema", "door"),
    ],
)
def test_the_class_decides_what_happens_next(code, failure_class):
    assert Failure(code, "x").failure_class == failure_class


def test_limits_alone_can_be_approved():
    approvable = {one.code for one in CATALOGUE.values() if one.approvable}
    assert approvable == {"over-tolerance", "under-tolerance"}


def test_an_approval_is_of_a_code_at_its_fields():
    errors = [
        FieldError("/data/materials/0", "a"),
        FieldError("/data/materials/2", "b"),
    ]
    failure = Failure("over-tolerance", "Too much.", errors)
    assert failure.rules == [
        "over-tolerance /data/materials/0",
        "over-tolerance /data/materials/2",
    ]
    assert Failure("over-tolerance", "Too much.").rules == ["over-tolerance"]


def test_every_unknown_code_heals_by_a_mapping():
    unknown = [code for code in CODES if code.startswith("unknown-")]
    assert len(unknown) == 9
    assert {CATALOGUE[code].failure_class for code in unknown} == {"value"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 415, 422, 429, 503])
def test_every_status_of_the_door_has_a_code(status):
    assert status in {one.http_status for one in CATALOGUE.values()}


def test_a_connector_adds_its_codes_once(monkeypatch):
    monkeypatch.setattr(catalogue, "CATALOGUE", dict(CATALOGUE))
    new = Entry("test-held", "Held by a test", "rule", "Release it.")
    register(new)
    register(new)
    assert entry("test-held") == new
    with pytest.raises(ValueError):
        register(Entry("test-held", "Other", "rule", "Do something else."))
    with pytest.raises(ValueError):
        register(Entry("test-class", "Other", "unheard-of", "Do something else."))


def test_an_unknown_code_is_an_error_in_tests_and_internal_at_run_time():
    with pytest.raises(KeyError):
        entry("no-such-code")
    assert entry_or_internal("no-such-code") is CATALOGUE["internal"]
    assert Failure("no-such-code", "x").as_dict()["title"] == entry("internal").title


def test_a_failure_says_everything_an_answer_needs():
    errors = [FieldError("/data/x", "must be y")]
    failure = Failure("unknown-lot", "Lot L1 is not known.", errors, ["lot", "L1"])
    assert failure.wanted == ("lot", "L1")
    assert failure.as_dict() == {
        "code": "unknown-lot",
        "title": "The lot or serial number is not known",
        "detail": "Lot L1 is not known.",
        "nextAction": entry("unknown-lot").next_action,
        "errors": [{"pointer": "/data/x", "detail": "must be y"}],
    }
    assert str(failure) == "unknown-lot: Lot L1 is not known."


def test_a_failure_survives_the_way_through_a_process_pool():
    failure = Failure("shortage", "x", [FieldError("/a", "b")], ("lot", "1"))
    again = pickle.loads(pickle.dumps(failure))
    assert again.as_dict() == failure.as_dict()
    assert again.wanted == failure.wanted


@pytest.mark.parametrize(
    ("parts", "text"),
    [((), ""), (("",), "/"), (("a", 0, "b"), "/a/0/b"), (("a/b", "m~n"), "/a~1b/m~0n")]
    + [(("~1",), "/~01"), (("é x",), "/é x")],
)
def test_pointers_follow_rfc_6901(parts, text):
    assert pointer(*parts) == text


@given(st.lists(st.text()))
def test_a_pointer_can_be_taken_apart_again(parts):
    taken = pointer(*parts).split("/")[1:]
    assert [part.replace("~1", "/").replace("~0", "~") for part in taken] == parts


def test_the_engine_knows_nothing_of_odoo():
    folder = Path(catalogue.__file__).parent
    for path in folder.glob("*.py"):
        assert not re.search(r"^\s*(from|import) odoo", path.read_text(), re.M), path
