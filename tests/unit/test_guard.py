# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which addresses Odoo may push to."""

import ipaddress

import pytest
from engine import guard
from hypothesis import given
from hypothesis import strategies as st

PUBLIC = "93.184.215.14"
INSIDE = (
    "0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1"
    " 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1"
    " 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::7f00:1"
    " ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1"
    " 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: fc00::1"
    " fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 3fff::1"
).split()
OUTSIDE = [PUBLIC, "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_on_the_internet_is_refused(address):
    assert not guard.is_allowed(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_on_the_internet_is_allowed_with_tls_only(address):
    assert guard.is_allowed(address)
    assert not guard.is_allowed(address, plain=True)


def test_what_an_administrator_opened():
    allowed = guard.networks("10.20.0.0/16, 192.168.5.7/32 fd00::/8")
    for address in ("10.20.3.4", "192.168.5.7", "::ffff:10.20.3.4", "fd00::1"):
        assert guard.is_allowed(address, allowed)
        assert guard.is_allowed(address, allowed, plain=True)
    for address in ("10.21.0.1", "192.168.5.8", "127.0.0.1", "::1"):
        assert not guard.is_allowed(address, allowed)


@given(st.ip_addresses(v=4))
def test_ipv4_by_the_registry_of_the_standard_library(address):
    """Nothing the standard library calls private is let through."""
    if address.is_private or address.is_multicast or address.is_link_local:
        assert not guard.is_allowed(str(address))
    assert guard.is_allowed(f"::ffff:{address}") == guard.is_allowed(str(address))


@given(st.ip_addresses(v=6))
def test_ipv6_by_the_registry_of_the_standard_library(address):
    if guard.is_allowed(str(address)):
        plain = address.ipv4_mapped or address
        assert plain.is_global
        assert not plain.is_multicast
        assert getattr(address, "sixtofour", None) is None
        assert getattr(address, "teredo", None) is None


@given(st.ip_addresses(v=4), st.sampled_from(["64:ff9b::", "2002:", "::ffff:"]))
def test_an_inner_address_cannot_be_wrapped(address, prefix):
    number = int(address)
    wrapped = {
        "64:ff9b::": int(ipaddress.ip_address("64:ff9b::")) + number,
        "2002:": (0x2002 << 112) + (number << 80),
        "::ffff:": (0xFFFF << 32) + number,
    }[prefix]
    outer = str(ipaddress.IPv6Address(wrapped))
    assert not guard.is_allowed(outer) or guard.is_allowed(str(address))


def lookup(*addresses):
    return lambda host, port, **_more: [
        (2, 1, 6, "", (address, port)) for address in addresses
    ]


def test_a_name_that_points_inside_with_one_address_is_not_trusted():
    found = guard.resolve("x.example", 443, lookup=lookup(PUBLIC, "8.8.8.8"))
    assert [row[4][0] for row in found] == [PUBLIC, "8.8.8.8"]
    with pytest.raises(guard.Forbidden, match="10.0.0.1"):
        guard.resolve("x.example", 443, lookup=lookup(PUBLIC, "10.0.0.1"))


def test_without_tls_only_inside_and_the_text_says_so():
    with pytest.raises(guard.Forbidden, match="without TLS"):
        guard.resolve("x.example", 80, plain=True, lookup=lookup(PUBLIC))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://mes.example", ("https", "mes.example", 443, "/")),
        ("https://mes.example:8443/a?b=c", ("https", "mes.example", 8443, "/a?b=c")),
        ("http://10.0.0.1/x", ("http", "10.0.0.1", 80, "/x")),
        ("https://[fd00::1]:9/", ("https", "fd00::1", 9, "/")),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443, "/")),
    ],
)
def test_parts_of_an_address(url, expected):
    assert guard.parts(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mes.example",
        "ftp://mes.example",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@mes.example/",
        "https://user@mes.example/",
        "https://mes.example/#part",
        "https://mes.example/a b",
        "https://mes.example/\r\nX: y",
        "https://mes.example:99999/",
        "https://mes.example/ü",
        "https://a..b/",
    ],
)
def test_addresses_that_are_none(url):
    with pytest.raises(ValueError):
        guard.parts(url)


@pytest.mark.parametrize("text", ["10.0.0.0/33", "x", "10.0.0.1/8"])
def test_networks_that_are_none(text):
    with pytest.raises(ValueError):
        guard.networks(text)
