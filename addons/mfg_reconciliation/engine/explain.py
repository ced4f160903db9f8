# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""What accounts for a difference between two counts: plain arithmetic, no ORM."""

from dataclasses import dataclass
from decimal import Decimal

MANY = 4096  # sums that are kept in mind at once


@dataclass(frozen=True)
class Evidence:
    """Something that may account for a part of a difference.

    ``amount`` is how much less (or more, negative) Odoo has of it than the plant;
    None: nobody can tell. A ``fact`` is known to be there, whether or not the plant
    counted it; the rest is only possible.
    """

    cause: str
    amount: Decimal | None
    messages: tuple = ()
    fact: bool = True
    text: str = ""


def explained(difference, evidence, tolerance=Decimal()):
    """The evidence that accounts for a difference, and what is left of it.

    Of all ways that account for it the one with most facts and fewest guesses. When
    there is none: all facts.

    :param evidence: those whose amount is known
    :return: (list of Evidence, what they leave)
    """
    ways = {Decimal(): ((0, 0), ())}
    for item in evidence:
        ways = _with(ways, item)
    close = [total for total in ways if abs(total - difference) <= tolerance]
    if close:
        best = min(close, key=lambda total: (ways[total][0], abs(total - difference)))
        chosen = list(ways[best][1])
    else:
        chosen = [item for item in evidence if item.fact]
    return chosen, difference - sum((item.amount for item in chosen), Decimal())


def _with(ways, item):
    """All sums with and without one more item, the best way to each."""
    found = {}
    for total, ((left_out, guessed), chosen) in ways.items():
        without = (left_out + item.fact, guessed)
        _keep(found, total, (without, chosen))
        taken = (left_out, guessed + (not item.fact))
        _keep(found, total + item.amount, (taken, (*chosen, item)))
    if len(found) <= MANY:
        return found
    best = sorted(found.items(), key=lambda entry: entry[1][0])
    return dict(best[:MANY])


def _keep(found, total, way):
    if total not in found or way[0] < found[total][0]:
        found[total] = way


def beside(correction, by_hand):
    """The part of a correction that does not make up for what people changed."""
    if correction * by_hand >= 0:
        return correction
    left = max(abs(correction) - abs(by_hand), Decimal())
    return left.copy_sign(correction)


def beyond(difference, value, percent, absolute):
    """Whether a difference is more than the larger of a percent of what is counted
    and an absolute quantity."""
    allowed = max(abs(value) * percent / 100, absolute)
    return abs(difference) > allowed
