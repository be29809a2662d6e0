"""What is told of each page where its link is shown: title and one sentence, by its place in the address."""

from serving.front import SITE, Front

FRONTS = {
    "": Front(
        SITE,
        "Type a sentence, change a number in a table, switch scaling off, and see at once which word looks at which. "
        "Every number shows the sum that made it.",
    ),
    "playground": Front(
        f"Playground · {SITE}",
        "Your own sentence and tables: scores, attention weights and context vectors follow every change.",
    ),
    "similarity": Front(
        f"Similarity · {SITE}",
        "How alike two words are, as one number: the dot product of their vectors, worked out beside a picture.",
    ),
    "same_word": Front(
        f"Same word, two sentences · {SITE}",
        "“bank” beside “river” and beside “money”: one static vector, two contextual ones.",
    ),
    "step_by_step": Front(
        f"Step by step · {SITE}",
        "One word through embedding, query, key and value, scores, scaling, softmax and the weighted sum.",
    ),
    "three_ways": Front(
        f"Three ways · {SITE}",
        "Embeddings only, queries and keys, or full Q, K, V: three ways to attend, side by side on the same numbers.",
    ),
    "why_scale": Front(
        f"Why scale? · {SITE}",
        "What dividing the scores by √d_k does to the softmax and to its gradient, from 1 to 512 dimensions.",
    ),
    "transformer": Front(
        f"In a transformer · {SITE}",
        "From text to context, all at once, across thirty words, on pictures; and what comes before and after it.",
    ),
    "check_my_numbers": Front(
        f"Check my numbers · {SITE}",
        "Paste the numbers of an article or of homework: each is right, right but for rounding, or wrong and what it "
        "should be.",
    ),
    "take_it_with_you": Front(
        f"Take it with you · {SITE}",
        "The whole calculation as a link, a spreadsheet with live formulas, an article, a script, pictures and tables.",
    ),
}
