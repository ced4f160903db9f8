# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What no business can mean is refused with its place; what is sent again is known."""

import pytest
from b2mml import document
from b2mml.refusal import Refusal
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests import b2mml_data
from tests.b2mml_written import actual, bod, job, operations, quantity, read, refused


@pytest.mark.parametrize(
    ("amount", "path"),
    [
        (quantity("many"), "/Quantity/QuantityString"),
        (quantity("-5"), "/Quantity/QuantityString"),
        (quantity("1E3"), "/Quantity/QuantityString"),
        (quantity("NaN"), "/Quantity/QuantityString"),
        (quantity("1,5"), "/Quantity/QuantityString"),
        (quantity("1 000"), "/Quantity/QuantityString"),
        (quantity("٣"), "/Quantity/QuantityString"),
        (quantity("9" * 35), "/Quantity/QuantityString"),
        (quantity("", "KGM"), "/QuantityString"),
        (quantity("5", ""), "/Quantity"),
        ("", "/MaterialActual[2]"),
        (quantity(5) + quantity(6), "/Quantity[2]"),
    ],
)
def test_quantities_that_are_refused(amount, path):
    text = bod(operations(actual() + "\n" + actual(amount=amount)))
    refusal = refused(text, "quantity-invalid", path)
    assert "/MaterialActual[2]" in refusal.path
    assert refusal.line == 2
    assert "(line 2)" in refusal.rule


def test_an_end_before_the_start():
    times = (
        "<ActualStartTime>2026-01-31T07:00:00Z</ActualStartTime>"
        "<ActualEndTime>2026-01-31T07:30:00+01:00</ActualEndTime>"
    )
    text = bod(operations(actual(), times=times))
    refused(text, "time-invalid", "/SegmentResponse/ActualEndTime")
    more = times.replace("Actual", "")
    refused(bod(operations("", more=more)), "time-invalid", "Response/EndTime")


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        (job(actual(), order=None), "schema", "/JobResponse"),
        (bod(operations(actual(use=""))), "schema", "/MaterialActual"),
        (bod(operations(actual(code=""))), "schema", "/MaterialActual"),
        (
            bod(operations(actual(before="<MaterialDefinitionID>X</MaterialDefinitionID>"))),
            "schema",
            "/MaterialDefinitionID[1]",
        ),
        (bod(operations(actual("Inventoried"))), "not-supported", "/MaterialUse"),
        (bod(operations(actual("By-product Produced"))), "not-supported", "Actual"),
        (bod(job("", state="Aborted")), "not-supported", "/JobState"),
        (bod("<OperationsPerformance><OperationsType>Maintenance</OperationsType>"
             "</OperationsPerformance>"), "not-supported", "/OperationsType"),
        (bod(""), "schema", "/SyncThing"),
        (bod(job(""), verb="Get"), "not-supported", "/GetThing"),
        (bod(job(""), verb="Change"), "not-supported", "/ChangeThing"),
        ("<html/>", "not-supported", "/html"),
        (bod(job("")).replace("<Sync/>", '<Sync><ActionCriteria><ActionExpression '
         'actionCode="Delete"/></ActionCriteria></Sync>'),
         "not-supported", "/ActionExpression"),
        (bod(job(""), created="soon"), "time-invalid", "/CreationDateTime"),
    ],
)  # fmt: skip
def test_documents_that_are_refused(text, code, path):
    refused(text, code, path)


# -- identity --------------------------------------------------------------------------


def test_a_document_is_known_by_its_id():
    assert read(bod(operations(actual()))).identity == "MES/B-1"
    assert read(bod(operations(actual()), bodid=None)).identity == (
        "MES/OperationsPerformance/P"
    )
    long = read(bod(operations(actual()), bodid="x" * 400)).identity
    assert long.startswith("sha256-")


def test_without_an_id_it_is_known_by_all_it_says():
    body = b2mml_data.vendor("PES")
    known = read(body).identity
    assert read(body.replace(b"  ", b"\t")).identity == known
    text = body.decode("utf-8-sig").replace("utf-8", "utf-16")
    assert read(text.encode("utf-16")).identity == known
    assert read(body.replace(b"0.41", b"0.42")).identity != known
    assert read(body.replace(b"11:58:25", b"11:58:26")).identity != known


def test_its_meaning_is_what_it_says_and_where():
    known = read(bod(operations(actual()))).meaning
    for same in (
        bod(operations(actual()), created="2026-01-31T15:00:00Z"),
        bod(operations(actual())).replace("><", ">\n <!-- x --><"),
        bod(operations(actual())).replace("xmlns=", 'a="1" xmlns='),
    ):
        assert read(same).meaning == known
    for other in (
        bod(operations("<Description>x</Description>" + actual())),
        bod(operations(actual(amount=quantity(6)))),
        bod(operations(actual(), times="<Status/>")),
        bod(operations(actual())).replace(
            "<MaterialUse>", '<MaterialUse OtherValue="x">'
        ),
    ):
        assert read(other).meaning != known


def test_a_thousand_events_at_most():
    made = actual("Produced", "TABLE")
    assert len(read(bod(job(made * 1000))).facts) == 1000
    refused(bod(job(made * 1001)), "payload-too-large", "/MaterialActual[1001]")


def test_work_grows_with_the_document_and_not_with_its_square(monkeypatch):
    """Counted: how often an element's name is made, or looked at in another one."""
    looked = []
    names = property(lambda node: looked.append(1) or node.label.lower())
    monkeypatch.setattr(document.Node, "name", names)

    def work(number):
        looked.clear()
        person = "<PersonnelActual><Quantity>PT1M</Quantity></PersonnelActual>"
        found = read(job(person * number + "<b/>" * (10 * number)))
        assert len(found.facts) == number
        assert {fact.node.path for fact in found.facts}
        return len(looked)

    assert work(200) < 12 * work(20)


def test_every_event_of_a_document_has_an_id_of_its_own():
    inside = actual() + actual("Produced") + actual("Produced")
    found = read(bod(operations(inside + "<SegmentState>Completed</SegmentState>")))
    names = [fact.name for fact in found.facts]
    assert len(set(names)) == len(names) == 4


TEXT = st.text(max_size=20)
PART = st.builds(
    actual,
    st.sampled_from(["Consumed", "Produced", "", "Scrap", "Returned Sample"]),
    st.sampled_from(["BOARD", "", "x" * 200]),
    st.sampled_from([quantity(5), quantity("x"), "", quantity(0), quantity(1, "")]),
)
ESCAPED = st.sampled_from(
    ["a", "&lt;", "&#9;", "2026-01-31T06:00:00Z", "", "<X/>", "<ID>1</ID>"]
)


@given(st.lists(PART, max_size=3), ESCAPED, ESCAPED, st.sampled_from(["", "Running"]))
def test_whatever_comes_follows_the_schemas_or_is_refused(
    store, parts, order, time, state
):
    """What reads well is an event that the inbox takes, but for lengths of codes."""
    state = f"<SegmentState>{state}</SegmentState>" if state else ""
    times = f"<ActualStartTime>{time}</ActualStartTime>" if time else ""
    text = bod(operations("".join(parts) + state, order, times=times))
    try:
        found = read(text)
    except Refusal as refusal:
        assert refusal.path.startswith("/SyncThing")
        return
    for fact in found.facts:
        errors = store.errors(fact.type, fact.data)
        too_long = all("120 characters" in error.detail for error in errors)
        assert too_long, errors
        for error in errors:
            assert fact.place(error.pointer).line


def test_elements_keep_their_case_in_paths():
    root = etree.fromstring(b"<a><B/><b/><B/></a>")
    node = document.Node(root)
    assert [child.path for child in node.nodes] == ["/a/B[1]", "/a/b[2]", "/a/B[3]"]
