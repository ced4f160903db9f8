# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What a sender can do to an XML parser, and what is done about it."""

import time

import pytest
from b2mml import door
from b2mml.refusal import Refusal
from hypothesis import given
from hypothesis import strategies as st

LAUGHS = """<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<x>&d;</x>"""


def refused(body, code="bad-request", **options):
    body = body if isinstance(body, bytes) else body.encode()
    with pytest.raises(Refusal) as caught:
        door.parse(body, **options)
    assert caught.value.code == code, caught.value
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><x/>',
        "<?xml version='1.0'?>\n<!-- first --><?php echo ?>\n <!DOCTYPE x><x/>",
        '<!DOCTYPE x [<!ATTLIST x y CDATA "z">]><x/>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_whatever_it_holds(text, encoding):
    assert "DTD" in refused(text.encode(encoding)).detail


def test_what_only_looks_like_a_document_type_is_read():
    root = door.parse(b"<x><!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE x>]]></x>")
    assert root.text == "<!DOCTYPE x>"


@pytest.mark.parametrize("text", ["<x>&lol;</x>", '<x y="&lol;"/>', "<x>&#0;</x>"])
def test_entities_nobody_declared_are_no_xml(text):
    refused(text)


def test_xinclude_is_refused_and_nothing_is_included():
    text = (
        '<x xmlns:i="http://www.w3.org/2001/XInclude">'
        '<i:include href="file:///etc/passwd" parse="text"/></x>'
    )
    assert "XInclude" in refused(text).detail


def test_limits():
    limits = door.Limits(size=1000, depth=5, nodes=20, run=100)
    assert door.parse(b"<a><a><a><a><a/></a></a></a></a>", limits=limits) is not None
    deep = refused(b"<a>\n" * 6 + b"</a>" * 6, limits=limits)
    assert (deep.line, "deeper than 5" in deep.detail) == (6, True)
    large = "payload-too-large"
    refused(b"<a>" + b"<b/>" * 20 + b"</a>", large, limits=limits)
    refused(b"<a>" + b" " * 1000 + b"</a>", large, limits=limits)
    refused(b"<a>" + b"x" * 101 + b"</a>", large, limits=limits)


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * 2_000_000,
        b"<a/>" * 2_000_000,
        b"<a>" + b"<b/>" * 2_000_000 + b"</a>",
        b"<a " + b"".join(b'b%d="" ' % i for i in range(600_000)) + b"/>",
        b"<a>" + b"x" * 8_000_000 + b"</a>",
        b"<!--" * 2_000_000,
        b"<?a ?>" * 1_300_000,
        b" " * 8_000_000,
        b"<" * 8_000_000,
        b"<!-- -->" * 1_000_000 + b"<!DOCTYPE a><a/>",
        b'<?xml version="1.0" ' + b" " * 8_000_000,
        b"<a>" + b"&lt;" * 16_000 + b"&amp;" * 5 + b"</a>" * 2_000,
    ],
    ids=range(12),
)
def test_eight_mebibytes_of_anything_are_refused_soon(body):
    assert len(body) <= door.Limits().size
    begin = time.process_time()
    with pytest.raises(Refusal):
        door.parse(body)
    assert time.process_time() - begin < 5


def test_more_than_eight_mebibytes_are_not_looked_at():
    refused(b"x" * (10 * door.MIB), "payload-too-large")


@pytest.mark.parametrize(
    ("declared", "encoding", "charset"),
    [
        ("", "utf-8", None),
        ("utf-8", "utf-8", None),
        ("UTF-8", "utf-8-sig", None),
        ("utf-16", "utf-16", None),
        ("utf-16", "utf-16-le", None),
        ("UTF-16BE", "utf-16-be", None),
        ("", "utf-16-le", "utf-16le"),
        ("ISO-8859-1", "latin-1", None),
        ("windows-1252", "cp1252", None),
        ("utf-8", "utf-16", None),  # recoded on its way: the mark is right
        ("iso-8859-1", "utf-8", '"UTF-8"'),  # the header wins over the document
    ],
)
def test_encodings(declared, encoding, charset):
    said = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    body = f"{said}<a>Grün</a>".encode(encoding)
    root = door.parse(body, charset)
    assert root.text == "Grün"
    assert root.sourceline == (2 if declared else 1)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', None),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>', None),
        (b"<a/>", "utf-32"),
        ("<a/>".encode("utf-32"), None),
        (b"<a>\xff</a>", None),
        (b'<?xml version="1.0" encoding="ascii"?><a>\xc3\xbc</a>', None),
        (b"\x00\x01\x02", None),
        (b"", None),
        (b"{}", None),
        (b"<a>", None),
        (b"<a/><a/>", None),
        (b"<a>\x00</a>", None),
        (b"<a b='1' b='2'/>", None),
        (b"<p:a/>", None),
    ],
)
def test_what_is_no_document(body, charset):
    refused(body, charset=charset)


@given(st.binary(max_size=200) | st.text(alphabet="<>!?&;[]\"'ax= -/", max_size=200))
def test_anything_is_read_or_refused(body):
    body = body.encode() if isinstance(body, str) else body
    try:
        assert door.parse(body) is not None
    except Refusal as refusal:
        assert refusal.code in ("bad-request", "payload-too-large")
