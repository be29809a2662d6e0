"""Training: the steps of both methods, what they lead to, how it stops, and the bounds that nothing goes below."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.experiments import two_columns
from support.learning import drawn_opening, gentle, target_loss, with_drawn_tables

from attention_core import OPENING, Stage, attend
from attention_core.teaching import Teaching
from learning.best_possible import best_possible
from learning.forward import setup_of, tables_of, with_tables
from learning.losses import TargetLoss
from learning.methods import METHODS, Adam
from learning.training import BlewUpError, Training


def one_number(at):
    """(x - 3)², whose slope is 2 (x - 3)."""
    x = at[Stage.W_Q]
    return float(((x - 3) ** 2).sum()), {Stage.W_Q: 2 * (x - 3)}


def states(loss, tables, *, learns=(Stage.W_Q, Stage.W_K), method="adam", rate=0.05, steps=100):
    return list(Training(tables, loss, learns, method, rate, steps))


def test_gradient_descent_goes_the_way_that_can_be_worked_out_in_the_head():
    seen = states(one_number, {Stage.W_Q: np.array([[1.0]])}, method="descent", rate=0.25, steps=3)
    assert [each.tables[Stage.W_Q].item() for each in seen] == [1, 2, 2.5, 2.75]
    assert [(each.step, each.loss) for each in seen] == [(0, 4), (1, 1), (2, 0.25), (3, 0.0625)]


def test_adam_begins_with_the_learning_rate_whatever_the_gradient_is():
    for slope in (1e-3, 1.0, 1e3):
        step = Adam().step(np.array([slope, -slope]), 0.1)
        np.testing.assert_allclose(step, [-0.1, 0.1], rtol=1e-4)


def test_adam_is_the_algorithm_of_the_paper():
    adam, generator = Adam(), np.random.default_rng(5)
    mean = square = 0.0
    for t in range(1, 30):
        slope = generator.normal()
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope**2
        expected = -0.01 * (mean / (1 - 0.9**t)) / (math.sqrt(square / (1 - 0.999**t)) + 1e-8)
        assert adam.step(np.array([slope]), 0.01).item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("method", "rate"), [("descent", 20.0), ("adam", 0.1)])
def test_the_weights_move_towards_the_target_and_only_the_chosen_tables_change(method, rate):
    loss, tables = target_loss(drawn_opening())
    seen = states(loss, tables, method=method, rate=rate, steps=400)
    assert len(seen) == 401 and seen[-1].loss < 0.5 * seen[0].loss
    for table in (Stage.EMBEDDINGS, Stage.W_V):
        assert seen[-1].tables[table] is seen[0].tables[table]
    assert not np.array_equal(seen[-1].tables[Stage.W_K], tables[Stage.W_K])
    assert loss.of(attend(with_tables(drawn_opening(), seen[-1].tables)).attention.weights) == pytest.approx(
        seen[-1].loss, rel=1e-9
    )


def test_a_flipped_gradient_leads_away():
    loss, tables = target_loss(drawn_opening())
    seen = states(lambda at: (loss(at)[0], {t: -s for t, s in loss(at)[1].items()}), tables)
    assert seen[-1].loss > seen[0].loss


def test_the_same_start_gives_the_same_states_bit_for_bit():
    one, other = (states(*target_loss(drawn_opening())) for _ in range(2))
    assert [each.loss for each in one] == [each.loss for each in other]


def test_another_rounding_gives_the_same_decimals():
    loss, tables = target_loss(drawn_opening())
    generator = np.random.default_rng(1)

    def rounded_otherwise(at):
        value, slopes = loss(at)
        return value, {table: slope * (1 + generator.normal(0, 1e-15, slope.shape)) for table, slope in slopes.items()}

    exact, other = states(loss, tables, steps=400)[-1], states(rounded_otherwise, tables, steps=400)[-1]
    assert np.abs(exact.tables[Stage.W_Q] - other.tables[Stage.W_Q]).max() < 1e-8


def test_a_learning_rate_that_blows_up_stops_at_the_last_good_step_and_says_so():
    loss, tables = target_loss(drawn_opening())
    training = iter(Training(tables, loss, (Stage.W_Q, Stage.W_K), "descent", 1e9, 50))
    good = [next(training)]
    with pytest.raises(BlewUpError, match=r"learning rate 1e\+09 is too large: step 1 takes a number of W_Q beyond"):
        good += list(training)
    assert len(good) == 1 and np.isfinite(good[0].loss)


@settings(max_examples=30, deadline=None)
@given(gentle(), st.sampled_from(list(METHODS)), st.sampled_from([1e-3, 1.0, 1e3, 1e300]))
def test_no_training_gives_anything_but_good_states_or_a_sentence(drawn, method, rate):
    loss, tables = target_loss(drawn[0])
    try:
        for state in Training(tables, loss, tuple(tables), method, rate, 20):
            assert math.isfinite(state.loss)
            attend(with_tables(drawn[0], state.tables))
    except BlewUpError as error:
        assert "is too large" in str(error)


def test_a_training_of_no_table_is_refused():
    loss, tables = target_loss(drawn_opening())
    with pytest.raises(ValueError, match="nothing to train"):
        Training(tables, loss, (), "adam", 0.1, 5)


def test_a_table_of_positions_learns_to_tell_equal_words_apart():
    """Each of three equal words is to look at another place, which without places nothing can do."""
    experiment = OPENING.build().with_sentence("bank bank bank").with_positions(np.zeros((3, 4)))
    target = np.eye(3)[[1, 2, 0]]
    assert best_possible(*aimed(experiment, target)) == pytest.approx(2 / 3)  # as long as its positions stay zeros
    experiment = replace(experiment, teaching=Teaching(tables=("positions",)))
    calculation, loss = aimed(experiment, target)
    assert best_possible(calculation, loss) == 0
    tables = tables_of(with_drawn_tables(experiment, np.random.default_rng(2)))
    seen = states(loss, tables, learns=(Stage.POSITIONS,), rate=0.1, steps=800)
    assert seen[-1].loss < 0.01 and seen[-1].tables[Stage.W_Q] is tables[Stage.W_Q]


# --- bounds ----------------------------------------------------------------------------------------------------------


def aimed(experiment, target):
    calculation, target = attend(experiment), np.array(target, dtype=float)
    return calculation, TargetLoss(setup_of(calculation), target, target.any(axis=1))


def reached(experiment, target, seed=2):
    """The loss after a long training from drawn numbers."""
    calculation, loss = aimed(experiment, target)
    tables = tables_of(with_drawn_tables(experiment, np.random.default_rng(seed)))
    return best_possible(calculation, loss), states(loss, tables, learns=tuple(tables), rate=0.1, steps=1500)[-1].loss


def test_equal_words_miss_what_tells_them_apart_by_what_is_worked_out():
    experiment = OPENING.build().with_sentence("the cat the")
    best, found = reached(experiment, [[0, 1, 0], [0, 1, 0], [0, 0, 0]])
    assert best == 0 and found < 0.01
    best, found = reached(experiment, [[0, 1, 0], [0, 0, 0], [0, 0, 1]])
    # The mean of both rows is (0, ½, ½); the two places of "the" share the last half.
    assert best == pytest.approx((0.25**2 + 0.5**2 + 0.25**2 + 0.25**2 + 0.5**2 + 0.75**2) / 2)
    assert best <= found < best + 0.01


def test_a_causal_mask_leaves_what_looks_ahead():
    experiment = replace(OPENING.build().with_sentence("a b c"), masks=("causal",))
    best, found = reached(experiment, [[0, 1, 0], [0, 1, 0], [1, 0, 0]])
    assert best == pytest.approx(2 / 3) and best <= found < best + 0.01


def test_one_number_to_compare_leaves_the_words_in_the_middle():
    experiment = two_columns(
        "left middle right",
        {"left": (1, 0, 0), "middle": (0, 1, 0), "right": (0, 0, 1)},
        dimensions=("d1", "d2", "d3"),
        w_q=[[-2], [-0.5], [1]],
        w_k=[[-1], [-0.5], [1]],
        w_v=np.eye(3),
    )
    calculation, loss = aimed(experiment, np.eye(3))
    best = best_possible(calculation, loss)
    assert best == pytest.approx(1 / 6)  # the word in the middle shares its place with one of the others
    found = states(loss, tables_of(experiment), rate=0.1, steps=400)[-1].loss
    assert best < found < best + 0.02
    wider = experiment.resized(d_k=3)
    assert best_possible(*aimed(wider, np.eye(3))) == 0
    assert (
        states(
            aimed(wider, np.eye(3))[1],
            tables_of(with_drawn_tables(wider, np.random.default_rng(2))),
            rate=0.1,
            steps=400,
        )[-1].loss
        < 0.01
    )


@settings(max_examples=60, deadline=None)
@given(gentle(), st.integers(0, 99), st.booleans())
def test_no_tables_do_better_than_the_best_possible(drawn, seed, one_hot):
    experiment, generator = drawn
    n = len(experiment.words)
    target = np.eye(n)[generator.integers(0, n, n)] if one_hot else generator.dirichlet(np.ones(n), size=n)
    target[generator.random(n) < 0.3] = 0
    calculation, loss = aimed(experiment, target)
    bound = best_possible(calculation, loss)
    for scale in (1.0, 30.0):
        tables = {t: scale * generator.normal(size=m.shape) for t, m in tables_of(experiment).items()}
        assert loss(tables)[0] >= bound - 1e-9
    *_, last = Training(tables_of(experiment), loss, tuple(Stage(t) for t in tables_of(experiment)), "adam", 0.1, 60)
    assert last.loss >= bound - 1e-9
