"""An experiment as a worked example to publish: Markdown with LaTeX, told step by step for one chosen word.

The steps are those of sources.CAT_AND_MOUSE: embeddings, queries, keys and values, scores, scaling, softmax, weighted
sum. Words are people's text and are escaped wherever they stand.
"""

from dataclasses import dataclass

import numpy as np

from attention_core import EXAMPLES, STAGES, Calculation, Stage, derive
from attention_core.attention import Floats
from attention_core.origins import Source, origin_of
from attention_core.positions import SINUSOIDAL
from attention_core.softmax_steps import softmax_steps
from attention_core.sources import PAPER
from attention_core.stages import PROJECTED, TABLE_OF
from exports.article_tables import MAX_ROWS, Written
from exports.article_target import target_chapter
from exports.article_text import block, capitalized, counted, figure, listed, number_word, plain_name, sentence
from exports.pictures import OF_ALL_HEADS, Picture, picture
from presentation.formulas import row_names, sums
from presentation.heads_text import in_head
from presentation.looks import looks_most, row_sums
from presentation.scaling import divided_by, softmax_takes
from presentation.tables import row_labels, stage_columns, stage_rows
from presentation.text import plain, shown
from presentation.training_text import learned_tables, learned_text, tables_text

PLAYGROUND = "Self-attention playground"


_ORIGINS = {  # where numbers come from -> what the article says of them
    Source.HAND_SET: "set by hand",
    Source.FORM: "set by hand, for another form of the word",
    Source.TRANSLATION: "set by hand, for the English word",
    Source.LIKE: "copied from a similar word",
    Source.EXAMPLE: "the example's",
    Source.LEARNED: "learned",
    Source.EDITED: "changed here",
    Source.MADE_UP: "made up",
    Source.UNKNOWN: "0, because nothing is known of the word",
}


@dataclass(frozen=True)
class Article:
    """`markdown` refers to its pictures as pictures/NAME.svg, by their names in `pictures`."""

    title: str
    markdown: str
    pictures: dict[str, Picture]


def article(calculation: Calculation, *, word: int, link: str = "") -> Article:
    """The worked example of a calculation. `word`: the position to follow, from 0; `link` opens the experiment."""
    told = _Told(calculation, word)
    sentence = " ".join(calculation.experiment.sentence.split())
    title = "Self-attention by hand: “{}”"
    paragraphs = [f"# {title.format(plain(sentence))}", *told.opening(link)]
    chapters = (
        told.embeddings,
        told.positions,
        told.projections,
        told.turning,
        told.scores,
        told.scaling,
        told.softmax,
        told.context,
        told.other_heads,
        told.all_heads,
    )
    written = [paragraphs_of for chapter in chapters if (paragraphs_of := chapter())]
    for number, (heading, *rest) in enumerate(written, start=1):
        paragraphs += [f"## Step {number}: {heading}", *rest]
    paragraphs += target_chapter(told)
    paragraphs += ["## What happened", *told.ending(link)]
    named = ["scores", "weights", *([OF_ALL_HEADS] if len(calculation.heads) > 1 else [])]
    pictures = {name: picture(calculation, name) for name in named}
    return Article(title.format(sentence), "\n\n".join(paragraphs) + "\n", pictures)


@dataclass(frozen=True)
class _Told(Written):
    """The chapters, each a heading and its paragraphs; none where the way to attend has no such step."""

    def opening(self, link: str) -> list[str]:
        opened = f" [Open this experiment]({link}) to change any of them and watch the rest follow." if link else ""
        return [
            "How does a Transformer know which words of a sentence belong together? By **self-attention**: every word "
            "looks at the words around it and takes something from each, more from those that suit it better. Here it "
            f"is worked out by hand for one sentence, and the word {self.bold(self.word)} is followed through every "
            "step.",
            self._in_one_line(),
            *self._heads(),
            f"All numbers are calculated without rounding and printed with {self.decimals()}. Where the printed parts "
            f"of a sum do not give its printed result to the last digit, ≈ stands before it instead of =.{opened}",
        ]

    def embeddings(self) -> list[str]:
        experiment = self.calculation.experiment
        names = listed([plain(name) for name in experiment.dimensions])
        repeated = len(experiment.vocabulary) < len(self.calculation.words)
        return [
            "Words become vectors",
            f"Each word becomes a row of {counted(experiment.d_model, 'number')}, its **embedding**: {names}. "
            f"{self._origin()}",
            self._embeddings(),
            *(["A word that comes more than once has one embedding for all its places."] if repeated else []),
        ]

    def positions(self) -> list[str]:
        calculation = self.calculation
        if not calculation.word_order.adds:
            return []
        columns = range(calculation.experiment.d_model)
        stages = [Stage.POSITIONS, Stage.X] if calculation.word_order is SINUSOIDAL else [Stage.X]
        return [
            "Word order",
            f"{calculation.word_order.told} Places count from 0. For {self.bold(self.word)}:",
            *(self.sums(derive(calculation, stage, self.word, column) for column in columns) for stage in stages),
            "The positions of all words:",
            self.by_word(calculation.positions, stage_columns(calculation, Stage.POSITIONS)),
            "From here on “embedding” means the embedding with the numbers of its place:",
            self.by_word(calculation.x, stage_columns(calculation, Stage.X)),
        ]

    def projections(self) -> list[str]:
        calculation = self.calculation
        used = [part for part in PROJECTED if part in calculation.variant.parts]
        if not used:
            return []
        made = listed([f"a **{STAGES[part].singular}** ({STAGES[part].gist})" for part in used])
        paragraphs = [
            capitalized(listed([STAGES[part].plural for part in used])),
            f"{capitalized(number_word(len(used)))} tables of weights turn each embedding into {made}. "
            f"{tables_text(self.calculation.experiment, [TABLE_OF[part] for part in used])}",
        ]
        for table in map(TABLE_OF.__getitem__, used):
            names = stage_rows(calculation, table), stage_columns(calculation, table)
            paragraphs += [f"${STAGES[table].latex}$:", self.table(calculation.table(table), *names)]
        paragraphs.append(f"For {self.bold(self.word)}, whose embedding is {self.vector(calculation.x[self.word])}:")
        for part in used:
            columns = range(calculation.table(part).shape[1])
            paragraphs.append(self.sums(derive(calculation, part, self.word, column) for column in columns))
        paragraphs.append("The same for every word:")
        for part in used:
            paragraphs += [
                f"{STAGES[part].heading} ${STAGES[part].latex}$:",
                self.by_word(calculation.table(part), stage_columns(calculation, part)),
            ]
        return paragraphs

    def turning(self) -> list[str]:
        calculation = self.calculation
        if not calculation.word_order.turns:
            return []
        paragraphs = [
            "Word order",
            f"{calculation.word_order.told} Places count from 0, and angles are in radians. For "
            f"{self.bold(self.word)}:",
        ]
        for stage in calculation.compared:
            columns = range(calculation.table(stage).shape[1])
            paragraphs.append(self.sums(derive(calculation, stage, self.word, column) for column in columns))
        for stage in calculation.compared:
            names = stage_columns(calculation, stage)
            paragraphs += [f"{STAGES[stage].heading} of all words:", self.by_word(calculation.table(stage), names)]
        return paragraphs

    def scores(self) -> list[str]:
        asking, asked = (STAGES[stage].singular for stage in self.calculation.compared)
        compared = (
            "The embeddings are compared as they are"
            if self.calculation.compared == (Stage.X, Stage.X)
            else f"The {asking} of the word that looks is compared with the {asked} of every word"
        )
        return [
            "Scores",
            f"{compared}: their numbers are multiplied pair by pair and added up. This **dot product** is the score, "
            f"and it is large where two long vectors point the same way. For {self.bold(self.word)}:",
            self.sums(derive(self.calculation, Stage.SCORES, self.word, other) for other in self.followed()),
            f"All scores, a row for each word that looks and a column for each word it meets ({self._product()}):",
            self.square(self.calculation.attention.scores),
            figure("scores", "The scores as a heat map: green above 0, brown below."),
        ]

    def scaling(self) -> list[str]:
        calculation, size = self.calculation, self.calculation.table(self.calculation.variant.key).shape[1]
        allowed = [derive(calculation, Stage.SCALED_SCORES, self.word, other) for other in self.followed()]
        if calculation.experiment.scaled and not calculation.divides_by_root:
            heading = "Scaling"
            told = [
                f"In this experiment every score is divided by {divided_by(calculation)}. The usual divisor would be "
                f"$\\sqrt{{{size}}}$, as the vectors that are compared have {counted(size, 'number')} ({PAPER}). A "
                "smaller divisor sharpens the softmax of the next step, a larger one evens it out."
            ]
        elif calculation.experiment.scaled:
            heading = "Scaling"
            told = [
                f"The vectors that are compared have {counted(size, 'number')}, so every score is divided by "
                f"$\\sqrt{{{size}}} = {shown(calculation.divisor, calculation.experiment.decimals)}$. "
                + (
                    "Here that changes nothing; it matters for vectors with many numbers."
                    if size == 1
                    else "The more numbers vectors have, the further apart their scores tend to lie. With many numbers "
                    "and no division, the softmax of the next step tends to give nearly all weight to one word, and "
                    f"its gradient vanishes ({PAPER})."
                )
            ]
        else:
            heading = "No scaling"
            told = ["The scores are used as they are: in this experiment they are not divided by the root of the size."]
        told += self._masks()
        if not calculation.experiment.scaled and calculation.allowed.all():
            return [heading, *told]
        return [
            heading if calculation.allowed.all() else f"{heading} and mask",
            *told,
            f"For {self.bold(self.word)}:",
            self.sums(allowed),
            "All of them:",
            self.square(calculation.attention.scaled_scores),
        ]

    def softmax(self) -> list[str]:
        calculation = self.calculation
        row = softmax_steps(calculation.attention.scaled_scores[self.word])
        decimals = calculation.experiment.decimals
        names = row_names(calculation.labels, score=softmax_takes(calculation), lowered=bool(row.subtracted))
        seen = [other for other in self.followed() if calculation.allowed[self.word, other]]
        called = "scaled scores" if calculation.experiment.scaled else "scores"
        masked = "" if calculation.allowed.all() else ", and where a word may not look its weight is 0"
        paragraphs = [
            "Softmax",
            f"The **softmax** turns the {called} of a row into shares: raise $e$ to each, add the results up, and "
            f"divide each by that sum. {capitalized(row_sums(calculation.allowed))}{masked}.",
        ]
        if seen:
            if row.subtracted:
                paragraphs.append(
                    "From each score the largest is subtracted first. It changes no share, but keeps the powers small."
                )
            steps = [*map(row.exponential, seen), row.sum(), *map(row.share, seen)]
            paragraphs += [
                f"For {self.bold(self.word)}:",
                block(sums([(step, names) for step in steps], decimals=decimals)),
            ]
        else:
            paragraphs.append(f"{capitalized(self.bold(self.word))} may look at no word, so all its weights are 0.")
        return [
            *paragraphs,
            "All attention weights:",
            self.square(calculation.attention.weights),
            figure("weights", "The attention weights as a heat map: the darker, the more weight."),
        ]

    def context(self) -> list[str]:
        calculation, variant = self.calculation, self.calculation.variant
        given = STAGES[variant.value].singular
        added = " At the end the word's own embedding is added just as it is." if variant.adds_itself else ""
        stage = Stage.HEAD_CONTEXT if calculation.joins else Stage.CONTEXT
        mixed = calculation.table(stage)
        called = "what this head makes of the word" if calculation.joins else "the **context vector**"
        heading = "What this head makes of all words" if calculation.joins else "The context vectors of all words"
        return [
            "The weighted sum",
            f"Each word gives its {given}, multiplied by its weight, and all of that is added up. The sum is "
            f"{called}.{added} For {self.bold(self.word)}:",
            self.sums(derive(calculation, stage, self.word, column) for column in range(mixed.shape[1])),
            f"{heading}:",
            self.by_word(mixed, stage_columns(calculation, stage)),
        ]

    def other_heads(self) -> list[str]:
        """The tables of each and what they lead to."""
        calculation = self.calculation
        others = [calculation.of_head(at) for at in range(len(calculation.heads)) if at != calculation.place]
        if not others:
            return []
        paragraphs = ["The other heads", "The same steps with tables of their own."]
        for head in others:
            paragraphs.append(f"**{plain(head.head_name(head.place))}**")
            tables = [TABLE_OF[part] for part in PROJECTED if part in calculation.variant.parts]
            for stage in (*tables, Stage.WEIGHTS, Stage.HEAD_CONTEXT):
                name = f"${STAGES[stage].latex}$" if stage in tables else STAGES[stage].heading
                names = stage_rows(head, stage), stage_columns(head, stage)
                square = stage is Stage.WEIGHTS
                told = self.square(head.attention.weights) if square else self.table(head.table(stage), *names)
                paragraphs += [f"{name}:", told]
        return [*paragraphs, figure(OF_ALL_HEADS, "The attention weights of all heads, a heat map for each.")]

    def all_heads(self) -> list[str]:
        """What the heads made, side by side, and mixed."""
        calculation = self.calculation
        if not calculation.joins:
            return []
        heading = "All heads together" if len(calculation.heads) > 1 else "The output"
        paragraphs = [
            heading,
            "What each head made of a word stands side by side, that of the first head first:",
            self.by_word(calculation.joined, stage_columns(calculation, Stage.JOINED)),
        ]
        if not calculation.mixes_heads:
            return [*paragraphs, "That is the **context vector** of each word."]
        names = stage_rows(calculation, Stage.W_O), stage_columns(calculation, Stage.W_O)
        columns = range(calculation.context.shape[1])
        return [
            *paragraphs,
            "$W_O$ mixes it into the **context vector**:",
            self.table(calculation.w_o, *names),
            f"For {self.bold(self.word)}:",
            self.sums(derive(calculation, Stage.CONTEXT, self.word, column) for column in columns),
            "The context vectors of all words:",
            self.by_word(calculation.context, stage_columns(calculation, Stage.CONTEXT)),
        ]

    def ending(self, link: str) -> list[str]:
        calculation = self.calculation
        weights, allowed = calculation.attention.weights[self.word], calculation.allowed[self.word]
        name, decimals = self.bold(self.word), calculation.experiment.decimals
        bold = [self.bold(at) for at in range(len(calculation.words))]
        looks = looks_most(name, weights, allowed, bold, decimals=decimals)
        told = [f"{in_head(calculation)}{looks}"] if allowed.any() else []
        if calculation.context.shape == calculation.x.shape:
            before, after = calculation.x[self.word], calculation.context[self.word]
            moved = shown(float(np.linalg.norm(after - before)), decimals)
            told.append(f"{self._started(before)} In this one it is {self.vector(after)}, a distance of {moved} away.")
        made = f"Made with the {PLAYGROUND}."
        return [
            " ".join(told) or f"{name} keeps to itself.",
            f"{made} [Open the experiment]({link}), change a number, and see what follows." if link else made,
        ]

    def _heads(self) -> list[str]:
        calculation = self.calculation
        if len(calculation.heads) == 1:
            return []
        return [
            f"There are {counted(len(calculation.heads), 'attention head')}, each with tables of its own "
            f"({PAPER}, section 3.2.2). The steps follow one of them, "
            f"**{plain(calculation.head_name(calculation.place))}**; the others come after."
        ]

    def _started(self, before: Floats) -> str:
        if self.calculation.word_order.adds:
            return f"At this place its vector started as {self.vector(before)}, whatever words stand around it."
        return f"Its vector was {self.vector(before)} in every sentence."

    def _in_one_line(self) -> str:
        variant, experiment = self.calculation.variant, self.calculation.experiment
        query, key, value = (STAGES[part].latex for part in (*self.calculation.compared, variant.value))
        product = f"{query}{key}^\\top"
        if experiment.scaled:
            root = "\\sqrt{d}" if variant.key == Stage.X else "\\sqrt{d_k}"
            product = (
                f"\\frac{{{product}}}{{{root if self.calculation.divides_by_root else divided_by(self.calculation)}}}"
            )
        added = " + X" if variant.adds_itself else ""
        made = "head" if self.calculation.joins else "context"
        output = " \\qquad \\text{context} = [\\text{head}_1\\ \\dots]" if self.calculation.joins else ""
        output += "\\,W_O" if self.calculation.mixes_heads else ""
        return block(f"\\text{{{made}}} = \\operatorname{{softmax}}\\left({product}\\right){value}{added}{output}")

    def _product(self) -> str:
        query, key = self.calculation.compared
        return f"${STAGES[query].latex}{STAGES[key].latex}^\\top$"

    def _masks(self) -> list[str]:
        told = [mask.told for mask in self.calculation.masks]
        return [" ".join([*told, "What is forbidden counts as $-\\infty$ and will get no weight."])] if told else []

    def _origin(self) -> str:
        """Where the numbers come from, so that nothing made up passes for learned."""
        experiment = self.calculation.experiment
        named: dict[str, list[str]] = {}
        for word, label in zip(experiment.vocabulary, row_labels(experiment, "embeddings"), strict=True):
            named.setdefault(_ORIGINS[origin_of(experiment, word).source], []).append(label)
        told = []
        example = EXAMPLES.get(experiment.example)
        if example is not None:
            told.append(f"The experiment started from the example “{example.title}”. {example.source}")
        for origin, words in named.items():
            italic = [f"*{plain_name(word)}*" for word in words]
            shown_words = listed(italic) if len(italic) <= MAX_ROWS else f"{len(italic)} words"
            told.append(f"The numbers of {shown_words} are {origin}.")
        learned = Stage.EMBEDDINGS in learned_tables(experiment)
        return " ".join([*map(sentence, told), learned_text(experiment) if learned else "None is learned."])

    def _embeddings(self) -> str:
        """A row for each different word, or of a long sentence for each place that is followed."""
        experiment = self.calculation.experiment
        if len(experiment.vocabulary) <= MAX_ROWS:
            return self.table(experiment.embeddings, row_labels(experiment, "embeddings"), experiment.dimensions)
        given = experiment.embeddings[experiment.vocabulary_index]
        return self.by_word(given, experiment.dimensions)
