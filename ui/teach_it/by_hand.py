"""One step by hand: one number of a table, its gradient as sums, the step, and the loss before and after."""

import math
from collections.abc import Callable, Sequence

import streamlit as st

from attention_core import STAGES, Calculation, Derivation, Experiment, Quantity, Stage, attend
from attention_core.attention import Floats
from attention_core.stages import TABLE_OF, WEIGHT_TABLES
from learning.chain_rule import ChainRule, Slope, Taught, chain_rule
from learning.forward import tables_of, with_tables
from presentation import tables
from presentation.formulas import Namer, calculation_names
from presentation.palette import colour_of
from presentation.text import latex_text, plain, shown
from ui import explanation
from ui.state import current, edits, keys, teach, widgets
from ui.teach_it.target import sentence_and_loss

_TABLES = (Stage.W_Q, Stage.W_K, Stage.EMBEDDINGS, Stage.POSITIONS)  # the last where they are a table of one's own
_DECIMALS = 4
_ENOUGH = 6  # decimals of a loss, which one number changes little
_RATE = 0.5


def page() -> None:
    """The number to teach, the chain of sums behind its gradient, and what one step of it does to the loss."""
    st.markdown(
        "How does a number know which way to move? Its **gradient** says how the loss changes when the number grows. "
        "A small step against it makes the loss smaller. Here is one step of gradient descent, with your tables as "
        "they are now and the target of *Paint what you want*."
    )
    calculation = current.calculation()
    loss = sentence_and_loss(calculation, st.container())
    if loss is None:
        return
    rule = chain_rule(calculation, loss)
    table, row, column = _chosen(calculation)
    rate = _choice(calculation, table, row, column)
    slope = float(rule.by[table][row, column])
    if not loss.asked.any():
        st.info("The target asks for nothing, so the loss is 0, and so is every gradient. Paint a target first.")
        return
    _step(rule, table, row, column, rate)
    st.markdown(f"## Where the gradient {shown(slope, _DECIMALS)} comes from")
    for number, (told, sums) in enumerate(_chain(rule, table, row, column)):
        st.markdown(told)
        explanation.flow_sums(sums, _namer(calculation), decimals=_DECIMALS, key=f"chain_{number}")


def _chosen(calculation: Calculation) -> tuple[Stage, int, int]:
    """The number that was chosen, as far as it is there; at first the one that a step moves most of W_Q."""
    name, row, column = teach.number()
    options = _options(calculation)
    table = Stage(name) if name in options else options[0]
    rows, columns = calculation.table(table).shape
    return table, min(row, rows - 1), min(column, columns - 1)


def _options(calculation: Calculation) -> tuple[Stage, ...]:
    tables_there = tables_of(calculation.experiment)
    return tuple(table for table in _TABLES if table in tables_there)


def _choice(calculation: Calculation, table: Stage, row: int, column: int) -> float:
    """Which number is taught; the learning rate."""
    *boxes_of, last = st.columns(4)
    names = tables.stage_rows(calculation, table), tables.stage_columns(calculation, table)
    options_there = _options(calculation)
    boxes: list[tuple[str, Sequence[object], int, Callable[[int], str]]] = [
        ("Table", options_there, options_there.index(table), lambda at: STAGES[options_there[at]].heading),
        ("Row", names[0], row, names[0].__getitem__),
        ("Column", names[1], column, names[1].__getitem__),
    ]
    for place, ((label, options, index, called), where) in enumerate(zip(boxes, boxes_of, strict=True)):
        key = widgets.versioned(f"{keys.TEACH_NUMBER}_{place}", (table, row, column, names))
        with where:
            st.selectbox(
                label,
                range(len(options)),
                index=index,
                format_func=called,
                key=key,
                on_change=widgets.callback(_choose),
                args=(key, place, (_TABLES.index(table), row, column)),
            )
    with last:
        return _rate()


def _choose(key: str, place: int, shown: tuple[int, int, int]) -> None:
    picked = widgets.held_by(key)
    if isinstance(picked, int) and picked >= 0:
        chosen = [*shown[:place], picked, *shown[place + 1 :]]
        teach.choose_number(_TABLES[min(chosen[0], len(_TABLES) - 1)], chosen[1], chosen[2])


def _step(rule: ChainRule, table: Stage, row: int, column: int, rate: float) -> None:
    """The step, and the loss before and after."""
    calculation = rule.calculation
    step = rule.step(table, row, column, rate)
    explanation.flow_sums([step], _namer(calculation), decimals=_DECIMALS, key="step")
    before = rule.loss.of(calculation.attention.weights)
    moved = calculation.table(table).copy()
    moved[row, column] = step.target.value
    try:
        after = rule.loss.of(attend(_with(calculation, table, moved)).attention.weights)
    except ValueError as error:
        st.error(plain(str(error)), icon=":material/bolt:")
        return
    told = f"The loss was **{shown(before, _ENOUGH)}** and is **{shown(after, _ENOUGH)}** after this step."
    if after > before:
        told += " It has grown: the step was too long. The gradient is true for small steps only; try a smaller rate."
    elif step.target.value == step.terms[0][0].value:
        told += " This number has no part in the loss, so it stays."
    st.markdown(told)
    st.button(
        "Take this step",
        key="take_step",
        icon=":material/arrow_forward:",
        help="Puts the new number into your table. Undo brings the old one back.",
        on_click=widgets.callback(edits.set_table),
        args=(str(table), moved),
    )


def _with(calculation: Calculation, table: Stage, moved: Floats) -> Experiment:
    return with_tables(calculation.experiment, {**tables_of(calculation.experiment), table: moved})


def _rate() -> float:
    return st.number_input(
        "Learning rate",
        min_value=0.0,
        value=_RATE,
        step=0.1,
        format="%g",
        key="hand_rate",
        persist_state="session",
        on_change=widgets.keep_address,
    )


def _chain(rule: ChainRule, table: Stage, row: int, column: int) -> list[tuple[str, list[Derivation]]]:
    """The sums from the number back to the target; of each the term that counts most is followed."""
    labels = rule.calculation.labels
    step = rule.derive(table, row, column)
    chain: list[tuple[str, list[Derivation]]] = []
    while True:
        stage = _stage_of(step)
        if not step.terms:
            return [*chain, (_nothing(rule, step), [])]
        chain.append((_told(rule, step, labels), [step]))
        if stage is Stage.SCALED_SCORES and step.target.row is not None and step.target.column is not None:
            at = step.target.row, step.target.column
            mean, weight = rule.row_mean(at[0]), rule.derive(Stage.WEIGHTS, *at)
            told = (
                "The mean adds up the gradients by all weights of the row, each times its weight. And the gradient by "
                f"a weight is twice its miss, shared by the {rule.loss.rows} words that have a target:"
            )
            return [*chain, (told, [mean, *([weight] if weight.terms else [])])]
        followed = [term for term in step.terms if any(isinstance(factor.symbol, Slope) for factor in term)]
        term = max(followed, key=lambda term: abs(math.prod(factor.value for factor in term)))
        slope = next(factor for factor in term if isinstance(factor.symbol, Slope))
        assert isinstance(slope.symbol, Slope) and slope.row is not None and slope.column is not None
        step = rule.derive(slope.symbol.stage, slope.row, slope.column)


def _stage_of(step: Derivation) -> Stage:
    assert isinstance(step.target.symbol, Slope)
    return step.target.symbol.stage


def _nothing(rule: ChainRule, step: Derivation) -> str:
    return "The weights are not made with this number in this way to attend, so its gradient is 0."


def _told(rule: ChainRule, step: Derivation, labels: Sequence[str]) -> str:
    """What a sum of the chain adds up, before it is written."""
    stage = _stage_of(step)
    assert step.target.row is not None and step.target.column is not None
    word = f"*{plain(labels[step.target.row])}*" if stage not in WEIGHT_TABLES else ""
    if stage in WEIGHT_TABLES:
        made = next(STAGES[part].singular for part, made_with in TABLE_OF.items() if made_with is stage)
        return (
            f"The number is used once for each word: it takes a number of the word's embedding into its {made}. So "
            f"the gradient adds up, word by word, the embedding's number times the gradient by the {made}'s number:"
        )
    if stage is Stage.EMBEDDINGS:
        return "An embedding is used wherever its word stands, so the gradients of its places add up:"
    if stage is Stage.POSITIONS:
        return (
            f"What a place adds is used once, for {word}, so its gradient is that of the vector which it becomes a "
            "part of:"
        )
    if stage is Stage.SCORES:
        divided = (
            "divided like the score itself" if rule.calculation.divisor != 1 else "as it is, for nothing divides it"
        )
        return (
            f"A score reaches the softmax through the scaling, so its gradient is that of the scaled score, {divided}:"
        )
    if stage is Stage.SCALED_SCORES:
        return (
            "Softmax: a scaled score raises its own weight and lowers all others of the row. So what counts is how far "
            "the gradient by its own weight is from the row's mean, times the weight:"
        )
    return (
        f"Of these terms, the one that counts most goes through {word}. Its number stands in a score with every word, "
        "so its gradient adds up that of each score times the number that it is multiplied by there:"
    )


def _namer(calculation: Calculation) -> Namer:
    """What numbers of a training are called: ∂L/∂q₂(bank), new W_Q[living, 2]."""
    names = calculation_names(calculation)

    def number(stage: Stage, row: int, column: int) -> str:
        if stage not in (*WEIGHT_TABLES, Stage.EMBEDDINGS, Stage.POSITIONS):
            return names(Quantity(stage, row, column, 0.0))
        rows, columns = tables.stage_rows(calculation, stage), tables.stage_columns(calculation, stage)
        colour = colour_of(stage)
        return (
            f"\\textcolor{{{colour}}}{{{STAGES[stage].latex}}}[{latex_text(rows[row])}, {latex_text(columns[column])}]"
        )

    def name(quantity: Quantity) -> str:
        if isinstance(quantity.symbol, Slope):
            assert quantity.row is not None and quantity.column is not None
            return (
                f"\\frac{{\\partial L}}{{\\partial\\,{number(quantity.symbol.stage, quantity.row, quantity.column)}}}"
            )
        if quantity.symbol is Taught.ROW_MEAN:
            assert quantity.row is not None
            return f"\\text{{mean}}({latex_text(calculation.labels[quantity.row])})"
        if quantity.symbol is Taught.TURNED:
            assert quantity.row is not None and quantity.column is not None
            return f"\\text{{turned}}_{{{quantity.column + 1}}}({latex_text(calculation.labels[quantity.row])})"
        assert quantity.symbol is Taught.NEW
        return r"\text{new number}"

    return name
