"""The lessons in their order, each a few cards: what a card explains, what to do on it, and what doing it shows.

A registry: the navigation, the pages, the tests and the README's table of pages read it. No Streamlit.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """One idea in two or three sentences, and one thing to do. Texts are Markdown and hold no words of a person."""

    id: str
    title: str
    text: str
    task: str
    done: str  # what it shows, said once the task is done


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page. `script` is its file in pages/ and its place in the address."""

    script: str
    title: str
    icon: str
    idea: str
    cards: tuple[Card, ...]

    @property
    def path(self) -> str:
        """As the main script sees it."""
        return f"../pages/{self.script}.py"


SIMILARITY = Lesson(
    "similarity",
    "Similarity",
    ":material/compare_arrows:",
    "How alike two words are, as one number: the dot product of their vectors.",
    (
        Card(
            "multiply",
            "Multiply and add",
            "To compare two vectors, multiply the numbers that stand in the same column and add up. That is their "
            "**dot product**. The article gets B · C = 26 and A · C = 11, and calls B and C the more similar pair. "
            "(It does not say its vectors; these are ours.)",
            "Change numbers of A until A · C is greater than B · C.",
            "A · C is the greater one now. Each column gave its own part to that.",
        ),
        Card(
            "angle",
            "Length and angle",
            "The dot product is length × length × cosine. The **cosine** looks at the angle alone: 1 for the same "
            "direction, 0 for a right angle, −1 for opposite ones. Attention uses the dot product, so a long vector "
            "gets a high score even where its direction fits less.",
            "Make A so long that A · C beats B · C, although the angle between A and C stays the wider one.",
            "A longer vector won, not a more similar direction.",
        ),
        Card(
            "words",
            "Words are vectors too",
            "Each word of your sentence is a row of the embeddings table. Choose a word: its dot product and its "
            "cosine with each word, itself too, say which one is most similar. By dot product a long vector can beat "
            "even the word itself; by cosine nothing can.",
            "Edit the embeddings until another word becomes the one that is most similar to yours.",
            "Another word is the most similar one now, because its numbers say so and nothing else.",
        ),
    ),
)

SAME_WORD = Lesson(
    "same_word",
    "Same word, two sentences",
    ":material/call_split:",
    "A table gives *bank* one vector. Attention gives it another one beside *river* than beside *money*.",
    (
        Card(
            "static",
            "One vector for both",
            "An embeddings table has one row for a word, whatever stands around it. In both sentences the shared word "
            "starts with exactly the same numbers, so nothing in them can tell a river bank from a money bank.",
            "Type two sentences of your own that share a word.",
            "Two meanings, one row in the table. The next card makes two vectors of it.",
        ),
        Card(
            "sum",
            "A sum of its neighbours",
            "Write the word as a **weighted sum** of the words around it: Bank = w₁ · Money + w₂ · Bank + … The "
            "weights are shares that come from the similarities and sum to 1. The article prints 0.2, 0.7 and 0.1, and "
            "for *bank* the vector [0.6, 0.2, 0.1, 0.7]; the other vectors are lost.",
            "Edit the numbers of the shared word until it keeps the greatest share for itself in both sentences.",
            "In both sentences the word now gives the largest share to itself.",
        ),
        Card(
            "moved",
            "Where it moved",
            "The arrows lead from the one static vector to the two contextual ones. The table says how far each is "
            "from the static one and from the words that only one sentence has.",
            "Edit the table until both sentences give the word the same vector again: closer than 0.01.",
            "The sentences pull alike now: the sums are equal although the words differ.",
        ),
    ),
)

STEP_BY_STEP = Lesson(
    "step_by_step",
    "Step by step",
    ":material/stairs:",
    "One word from its embedding to its context vector, in seven stages.",
    (
        Card(
            "stages",
            "One word, seven stages",
            "Every stage keeps the cells of the one before in their places. Click a row to choose the word looked at.",
            "Go through all stages, with the buttons or the keys N and B, to the context vector.",
            "That is the whole calculation for one word.",
        ),
        Card(
            "every",
            "Do it for every word",
            "Nothing in the stages depends on the other rows: each word asks with its own query, all at the same time. "
            "Together the rows are the full matrices.",
            "Find the greatest weight of the whole picture and click its cell.",
            "That word looks hardest of all.",
        ),
        Card(
            "printed",
            "A row as printed",
            "The article on the cat and the mouse prints this row of scores for *The*, and its softmax in three "
            "steps. It does not scale, and leaves out the second *the*. The numbers of its steps are right.",
            "Change one score and see all four weights change.",
            "One score changed, the sum changed with it, and so all four shares.",
        ),
        Card(
            "line",
            "Where the row cannot come from",
            "The article's embeddings lie on one straight line. A score is a query times a key, and a key is its "
            "embedding times W_K; so whatever the matrices are, the scores lie on a straight line too. The printed "
            "ones do not.",
            "Change the scores until each is on the line, as near as rounding to three decimals allows.",
            "This row could come from those embeddings.",
        ),
    ),
)

THREE_WAYS = Lesson(
    "three_ways",
    "Three ways",
    ":material/format_list_numbered:",
    "The lecture builds attention in three forms. Here they work side by side on the same numbers.",
    (
        Card(
            "forms",
            "Three forms of one idea",
            "**(a)** compares embeddings with embeddings. **(b)** makes a query and a key of each embedding and "
            "compares those; the context is made from the keys. **(c)** makes a value as well, and the context is "
            "made from the values.",
            "Click a cell on the diagonal, where a word looks at itself: (a) does not score it.",
            "In (a) a word has no weight for itself; in (b) and (c) it has.",
        ),
        Card(
            "alike",
            "Words that look for their like",
            "In (a) a word looks most at the word whose embedding gives the greatest dot product with its own: its "
            "like, always. Queries and keys fix that: a word may look for something else than itself.",
            "Change W_Q or W_K until in (b) at most half of the words look most at the word that is most like them.",
            "The queries ask for something else than the words are.",
        ),
        Card(
            "context",
            "What comes out",
            "In (a) the others are weighted and the word's own embedding is added just as it is. In (b) the word gets "
            "a mix of keys, made for being found. In (c) what is passed on has a table of its own, W_V.",
            "Change W_V: which of the three contexts follows?",
            "Only (c) uses W_V.",
        ),
        Card(
            "forty",
            "40 and 26",
            "In the lecture's second form a word gets the scores 40 and 26. Its vectors have four numbers, so the "
            "division is by √4 = 2: 20 and 13. The softmax of these gives nearly everything to the first.",
            "Open the lecture's numbers and switch scaling off: what happens to the second weight?",
            "Without the division the second weight falls from 0.00091 to 0.00000083.",
        ),
    ),
)

WHY_SCALE = Lesson(
    "why_scale",
    "Why scale?",
    ":material/balance:",
    "Vectors with more numbers make scores that lie further apart, and the softmax then follows one word alone.",
    (
        Card(
            "grow",
            "Scores grow like √d_k",
            "A dot product adds d_k products, so its spread grows with √d_k. Here are random queries and keys with "
            "numbers of mean 0 and standard deviation 1, many of them; the band holds the middle 80 of 100 scores.",
            "Set d_k so that the scores are spread more than 16 times as wide as one number.",
            "More than 256 numbers a vector do that: √256 = 16.",
        ),
        Card(
            "saturate",
            "The softmax saturates",
            "Great scores leave the softmax no choice: one word gets all the weight. Divided by √d_k the scores are "
            "as wide for 512 numbers as for 1, and the softmax keeps weighing.",
            "Find a d_k at which without scaling the largest weight is above 0.9 on average.",
            "Nine tenths for one of eight words, whatever the others say.",
        ),
        Card(
            "gradient",
            "The gradient vanishes",
            "Training changes scores a little and watches the weights. Where one weight is nearly 1, small changes of "
            "the scores change nothing: the gradient is nearly 0, and the word cannot learn to look elsewhere.",
            "Find a d_k at which the gradient without scaling is less than a third of that with scaling.",
            "Two thirds of the signal to learn from are gone.",
        ),
        Card(
            "own",
            "Your own row",
            "A word of your own sentence, with scaling and without. The entropy is 0 bits where one word has "
            "everything; the slope says how a weight answers when its own score grows.",
            "Edit the tables until scaling lowers the largest weight of the row by more than 0.3.",
            "With the division the row still listens to the other words.",
        ),
    ),
)

COURSE = (SIMILARITY, SAME_WORD, STEP_BY_STEP, THREE_WAYS, WHY_SCALE)
