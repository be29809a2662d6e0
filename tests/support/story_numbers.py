"""A small calculation with names and wrong numbers, to tell of."""

from support.printed import UNSCALED, given

from checking.claims import claims_of
from checking.judge import judge

# q = [0, 1] and k = [0, ln 3], so the weights are 1/2, 1/2 and 1/4, 3/4.
WORDS = ("The", "cat")


Q, K = given("q", "0", "1", labels=WORDS), given("k", "0", "1.0986122886681098")


V = given("v", "0 1", "4 8")


def two(*tables, q=Q):
    return judge(claims_of([q, K, V, *tables]), UNSCALED)
