"""Documents to open a lesson with: examples, drawn numbers, and every way to attend."""

import numpy as np
from support.oracles import VARIANTS
from support.screen import coded

from attention_core import EXAMPLES
from sharing.document import to_document


def document(example="river-bank", **changed):
    return to_document(EXAMPLES[example].build()) | changed


def with_lessons(example="river-bank", decimals=2, sentence=None, variant=None, **changed):
    """The code of an example with other numbers of the lessons."""
    built = EXAMPLES[example].build()
    numbers = {name: getattr(built.lessons, name) for name in ("vectors", "other_sentence", "score_row")}
    numbers |= {"key_size": built.lessons.key_size, "seed": built.lessons.seed} | changed
    others = {"sentence": sentence or built.sentence, "variant": variant or built.variant, "decimals": decimals}
    return coded(document(example, lessons=numbers, **others))


def random_document(seed, sentence, sizes=(5, 3, 5), **changed):
    """Every number drawn from the seed; the sentence may have words twice."""
    generator = np.random.default_rng(seed)
    d_model, d_k, d_v = sizes
    vocabulary = list(dict.fromkeys(sentence.casefold().split()))

    def drawn(rows, columns):
        return np.round(generator.normal(size=(rows, columns)), 2).tolist()

    return document() | {
        "sentence": sentence,
        "dimensions": [f"d{column}" for column in range(1, d_model + 1)],
        "rows": dict(zip(vocabulary, drawn(len(vocabulary), d_model), strict=True)),
        "w_q": drawn(d_model, d_k),
        "w_k": drawn(d_model, d_k),
        "w_v": drawn(d_model, d_v),
        "example": "",
        **changed,
    }


RANDOM = random_document(7, "one two three one four bank", decimals=8)


WIDE = random_document(8, "The bank of the river bank", sizes=(3, 4, 2), decimals=6, scaled=False, masks=("causal",))


DOCUMENTS = {
    "opening": document(),
    "opening exactly": document(decimals=8),
    "cat-and-mouse": document("cat-and-mouse", decimals=8),
    "bank-as-printed": document("bank-as-printed", decimals=5),
    "unfold-causal-identity": document("unfold-causal-identity", decimals=8),
    "random": RANDOM,
    "random, another width": WIDE,
}


IN_EVERY_WAY = {
    f"{variant}, {'scaled' if scaled else 'not scaled'}, {'causal' if causal else 'all'}": RANDOM
    | {"variant": variant, "scaled": scaled, "masks": ["causal"] * causal}
    for variant in VARIANTS
    for scaled, causal in ((True, False), (False, False), (True, True))
}


EVERYTHING = DOCUMENTS | IN_EVERY_WAY
