# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Which network addresses Odoo may push to.

A URL is entered by whoever looks after the integration; without a check it would open
everything that Odoo's server can reach. So names are resolved and *addresses* checked,
at the moment of connecting, and the connection goes to the address that was checked.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

# Not on the public internet, or a way around to what is not (IANA special registries).
_SPECIAL = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64, local
        "100::/64",  # discard
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",  # unique local
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
    )
]


class Forbidden(Exception):
    """An address nobody allowed; the text is for people."""


def networks(text):
    """The networks of an allow-list: CIDR, separated by commas or white space.

    ValueError names the first one that is none.
    """
    words = (text or "").replace(",", " ").split()
    return tuple(ipaddress.ip_network(word) for word in words)


def parts(url):
    """(scheme, host, port, target) of a URL that may be pushed to.

    ValueError for anything else, with a text for people.
    """
    split = urlsplit(url)
    if split.scheme not in ("https", "http"):
        raise ValueError("The address must begin with https:// (or http://).")
    if split.username is not None or split.password is not None:
        raise ValueError("The address must not hold a name or a password.")
    if split.fragment or any(ord(letter) <= 32 for letter in url):
        raise ValueError("The address must have no fragment and no white space.")
    if not split.hostname:
        raise ValueError("The address names no host.")
    port = split.port or (443 if split.scheme == "https" else 80)
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    if not target.isascii():
        raise ValueError("Write letters beyond ASCII in the address as %XX.")
    return split.scheme, _ascii(split.hostname), port, target


def _ascii(host):
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        raise ValueError("The host's name is not valid.") from None


def is_allowed(address, allowed=(), plain=False):
    """Whether an IP address may be connected to.

    :param allowed: networks that an administrator opened
    :param plain: without TLS; only ever in those networks
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if any(ip in network for network in allowed):
        return True
    return not plain and not _is_special(ip)


def _is_special(ip):
    if ip.is_multicast or ip.is_reserved or not ip.is_global:
        return True
    return any(ip in network for network in _SPECIAL)


def resolve(host, port, allowed=(), plain=False, lookup=socket.getaddrinfo):
    """The addresses of a host, as getaddrinfo gives them: all allowed, or none.

    A name that points inside with one of its addresses is not trusted with the others.

    :raise Forbidden: naming the first one that is not allowed
    """
    found = lookup(host, port, type=socket.SOCK_STREAM)
    for *_kind, address in found:
        if not is_allowed(address[0], allowed, plain):
            how = "without TLS " if plain and is_allowed(address[0], allowed) else ""
            raise Forbidden(f"{host} is {address[0]}, which may not be used {how}here.")
    return found
