"""How the tests of the core compare numbers, and the smallest input with every step in it."""

from math import sqrt

import numpy as np


def same(actual, expected, tolerance=1e-14):
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


def exactly(actual, expected):
    np.testing.assert_array_equal(actual, expected)


# Two words: the query is √2 times the second key, so that the scores are 0 and √2, and after ÷√2 they are 0 and 1.
QUERY = [[0, sqrt(2)]]


KEYS = [[1, 0], [0, 1]]


VALUES = [[1.0, 0.0, 10.0], [0.0, 1.0, 20.0]]


NO, YES = False, True


def kinds(result):
    return {array.dtype for array in (result.scores, result.scaled_scores, result.weights, result.context)}
