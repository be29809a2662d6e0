"""What each page is called and is for, by its place in the address. The menu reads it, and whoever shows a link."""

from serving.front import SITE, Front

FRONTS = {
    "": Front(
        SITE,
        "Type a sentence, change a number in a table, switch scaling off, and see at once which word looks at which. "
        "Every number shows the sum that made it.",
    ),
    "playground": Front(
        "Playground",
        "Type a sentence, change any number, and watch which word looks at which.",
    ),
    "similarity": Front(
        "Similarity",
        "How alike two words are, as one number: the dot product of their vectors, worked out beside a picture.",
    ),
    "same_word": Front(
        "Same word, two sentences",
        "“bank” beside “river” and beside “money”: one static vector, two contextual ones.",
        "Same word",
    ),
    "step_by_step": Front(
        "Step by step",
        "One word through embedding, query, key and value, scores, scaling, softmax and the weighted sum.",
    ),
    "three_ways": Front(
        "Three ways",
        "Embeddings only, queries and keys, or full Q, K, V: three ways to attend, side by side on the same numbers.",
    ),
    "why_scale": Front(
        "Why scale?",
        "What dividing the scores by √d_k does to the softmax and to its gradient, from 1 to 512 dimensions.",
    ),
    "heads": Front(
        "Heads and word order",
        "Several heads at once, why word order is invisible without positions, what a causal mask and W_O are for.",
        "Heads",
    ),
    "transformer": Front(
        "In a transformer",
        "From text to context, all at once, across thirty words, on pictures; and what comes before and after it.",
        "Transformer",
    ),
    "teach_it": Front(
        "Teach it",
        "Paint where each word should look, press Train, and watch the numbers being learned, step by step.",
    ),
    "practise": Front(
        "Practise",
        "Exercises that grade themselves and name the slip, without end, and fifteen puzzles with a goal that is "
        "checked.",
    ),
    "worksheet": Front(
        "Worksheet",
        "Tasks for a class in one link: made by clicks, worked on and handed in as a link or a file, and marked in a "
        "table.",
    ),
    "check_my_numbers": Front(
        "Check my numbers",
        "Paste the numbers of an article or of your homework: each is right, right but for rounding, or wrong and what "
        "it should be.",
        "Check",
    ),
    "take_it_with_you": Front(
        "Take it with you",
        "Your experiment as a link, a spreadsheet with live formulas, an article, a script, pictures and tables.",
        "Take along",
    ),
}
