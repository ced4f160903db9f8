# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Remembering that a key fits its stored hash, so that the hash is not redone."""

import hashlib
import hmac
from collections import OrderedDict


class VerifiedKeys:
    """Spares the deliberate slowness of the key hash (milliseconds per request).

    Only a SHA-256 of the key is kept, beside the stored hash it was proven against.
    The caller still reads the stored hash from the database on every request: a key
    that was revoked, has expired or changed is refused at once, remembered or not.
    """

    def __init__(self, verify, size=512):
        self.verify = verify
        self.size = size
        self._digests = OrderedDict()

    def check(self, key, stored):
        digest = hashlib.sha256(key.encode()).digest()
        known = self._digests.get(stored)
        if known is not None:
            return hmac.compare_digest(known, digest)
        if not self.verify(key, stored):
            return False
        self._digests[stored] = digest
        while len(self._digests) > self.size:
            self._digests.popitem(last=False)
        return True
