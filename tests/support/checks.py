"""Checking as the page does it, for the tests of its parts."""

from checking.finding_out import find
from checking.hypotheses import Said


def said_of(method):
    """Everything about a method, as somebody who knows it says it."""
    return Said(method.variant, method.scaled, method.causal, method.key_size)


def found_out(claims, **said):
    """The method that is found, with what is said taken as said."""
    return find(claims, Said(**said)).judgement.method


def explain(judgement):
    """The slip that is named for the claims of a judgement when its method is told; None for a misprint."""
    found = all_of(judgement)
    return found.slips[0] if found.slips and found.correction is None else None


def all_of(judgement):
    """Everything that the page finds when the method of a judgement is told."""
    return find(judgement.claims, said_of(judgement.method))
