# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""Why a document is not taken, with the place in it."""


class Refusal(Exception):
    """A document, or a part of it, that is refused: a stable code, a rule, a place.

    `path` is an XPath without namespace prefixes, `line` the line it stands on.
    `document` is what was read before it was refused, if it is XML at all.
    """

    def __init__(self, code, detail, path="/", line=None):
        super().__init__(code, detail, path, line)
        self.code = code
        self.detail = detail
        self.path = path
        self.line = line
        self.document = None

    @property
    def rule(self):
        """What is wrong, and where for people who open the document."""
        return f"{self.detail} (line {self.line})" if self.line else self.detail

    def __str__(self):
        return f"{self.code}: {self.path}: {self.rule}"
