"""Right numbers are never called wrong, however they were rounded on the way."""

import numpy as np
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st
from support.checks import explain, found_out
from support.judging import only_right, random_experiment
from support.printed import beginning, told, worked_out

from attention_core import EXAMPLES, VARIANTS, Experiment, attend
from attention_core.masks import CAUSAL
from checking.claims import claims_of
from checking.impossible import impossible
from checking.judge import judge
from checking.model import Method
from checking.placing import placed
from checking.reading import read
from exports.article import article

pytestmark = pytest.mark.filterwarnings("error")


SETTINGS = settings(derandomize=True, deadline=None, max_examples=60)


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(st.integers(1, 6), *[st.integers(1, 5)] * 3),
    decimals=st.sampled_from([2, 3, 4]),
    scaled=st.booleans(),
    causal=st.booleans(),
    variant=st.sampled_from(sorted(VARIANTS)),
)
def test_correct_tables_from_an_exact_beginning_are_right_in_every_number(
    seed, sizes, decimals, scaled, causal, variant
):
    n, d_model, d_k, d_v = sizes
    start = beginning(seed, n=n, d_model=d_model, d_k=d_k, d_v=d_v)
    tables = worked_out(*start, scaled=scaled, causal=causal, variant=variant)
    # Somebody who compares embeddings has no queries.
    only = None if "q" in VARIANTS[variant].parts else ("embeddings", "scores", "scaled_scores", "weights", "context")
    judgement = judge(told(tables, decimals=decimals, only=only), Method(VARIANTS[variant], scaled, (CAUSAL,) * causal))
    assert only_right(judgement)
    assert not judgement.wrong and explain(judgement) is None
    assert impossible(judgement) == ()


@SETTINGS
@generated(
    seed=st.integers(0, 10**6),
    sizes=st.tuples(st.integers(2, 6), *[st.integers(1, 5)] * 3),
    decimals=st.sampled_from([2, 3, 4]),
)
def test_correct_tables_whose_beginning_was_rounded_in_print_raise_no_alarm(seed, sizes, decimals):
    n, d_model, d_k, d_v = sizes
    tables = worked_out(*beginning(seed, n=n, d_model=d_model, d_k=d_k, d_v=d_v, decimals=9))
    judgement = judge(told(tables, decimals=decimals, beginning_decimals=decimals), Method())
    assert judgement.wrong == 0
    assert impossible(judgement) == ()


def test_a_rounded_beginning_of_one_number_a_word_and_repeated_words_raises_no_alarm():
    # With so few independent numbers some are right to the last digit by chance.
    text = """Embeddings
dog: [0.26, -0.03, -0.15]

W_Q = [[-0.63, 0.06, 0.41], [-0.26, -0.46, 1.23], [-1.11, 1.03, 0.18]]

Queries
dog·1: [0.00, -0.13, 0.05]
dog·2: [0.00, -0.13, 0.05]
"""
    judgement = judge(claims_of(placed(read(text))), Method())
    assert judgement.checked == 6
    assert judgement.wrong == 0


def checked_article(experiment, word=1):
    markdown = article(attend(experiment), word=word).markdown
    claims = claims_of(placed(read(markdown)))
    return judge(claims, found_out(claims))


# An article shows the first rows and columns of a long sentence; of a softmax over words that are not shown nothing
# can be said.
SHOWN_IN_FULL = [name for name, example in EXAMPLES.items() if len(example.build().words) <= 12]


@pytest.mark.parametrize("decimals", [2, 4])
@pytest.mark.parametrize("name", SHOWN_IN_FULL)
def test_the_article_of_an_example_raises_no_alarm(name, decimals):
    experiment = Experiment(**{**vars_of(EXAMPLES[name].build()), "decimals": decimals})
    judgement = checked_article(experiment)
    assert judgement.wrong == 0 and impossible(judgement) == ()
    assert judgement.checked > 0 and (only_right(judgement) or not is_exact(experiment, decimals))
    method = judgement.method
    assert (method.variant.id, method.scaled, method.causal) == (
        experiment.variant,
        experiment.scaled,
        "causal" in experiment.masks,
    )


def is_exact(experiment, decimals):
    """Whether its numbers are printed as they are."""
    tables = (attend(experiment).table(stage) for stage in ("embeddings", "w_q", "w_k", "w_v"))
    return all(np.array_equal(np.round(table, decimals), table) for table in tables)


def vars_of(experiment):
    names = ("sentence", "rows", "dimensions", "variant", "scaled", "masks", "w_q", "w_k", "w_v", "example")
    return {name: getattr(experiment, name) for name in names}


@pytest.mark.parametrize("seed", range(24))
def test_the_article_of_a_random_experiment_raises_no_alarm(seed):
    judgement = checked_article(random_experiment(seed, decimals=(2, 4)[seed % 2], exact=seed % 3 > 0))
    assert judgement.checked > 0
    assert judgement.wrong == 0 and impossible(judgement) == ()
