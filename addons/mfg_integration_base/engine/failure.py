# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""One exception class for everything the suite refuses or cannot do yet.

The door and the posting raise the same `Failure`; what happens next (retry, park,
refuse) follows from the class that the catalogue gives to its code.
"""

from dataclasses import dataclass

from . import catalogue


def pointer(*parts):
    """Return the RFC 6901 JSON Pointer of `parts`; member names may hold ~ and /."""
    return "".join("/" + _escape(str(part)) for part in parts)


def _escape(part):
    return part.replace("~", "~0").replace("/", "~1")


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field: its JSON Pointer in the event and the rule."""

    pointer: str
    detail: str

    def as_dict(self):
        return {"pointer": self.pointer, "detail": self.detail}


NOT_SAID = object()


class Failure(Exception):
    """A refusal with a stable code, a sentence for people and the fields concerned.

    `wanted` is the (kind, code) whose mapping heals the message; `seen` what that code
    meant when it was refused, where the refusal says so: any other meaning is news.
    `value` is what could be read of a refused body, so that the answer can still name
    the event.
    """

    def __init__(self, code, detail, errors=(), wanted=None):
        super().__init__(code, detail, tuple(errors), wanted)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.wanted = tuple(wanted) if wanted else None
        self.value = None
        self.seen = NOT_SAID

    def __str__(self):
        return f"{self.code}: {self.detail}"

    @property
    def entry(self):
        """The catalogue's entry; a code nobody registered counts as a bug."""
        return catalogue.entry_or_internal(self.code)

    @property
    def failure_class(self):
        return self.entry.failure_class

    @property
    def rules(self):
        """What a person approves of: the code, at each field it was found at."""
        return [f"{self.code} {error.pointer}" for error in self.errors] or [self.code]

    def as_dict(self):
        """Return the `error` object of the HTTP answers (design.md section 3)."""
        return {
            "code": self.code,
            "title": self.entry.title,
            "detail": self.detail,
            "nextAction": self.entry.next_action,
            "errors": [error.as_dict() for error in self.errors],
        }
