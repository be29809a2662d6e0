"""The lessons in their order, each a few cards: what a card explains, what to do on it, and what doing it shows.

A registry: the navigation, the pages, the tests and the README's table of pages read it. No Streamlit.
"""

from ui.card import Card, Lesson

# The examples that the lessons offer.
BANK, CAT_AND_MOUSE, LECTURE = "bank-as-printed", "cat-and-mouse", "lecture-40-26"
LONG_SENTENCE, PICTURE = "long-sentence", "small-picture"

FAR = 15  # places that a look is to cross


SIMILARITY = Lesson(
    "similarity",
    ":material/compare_arrows:",
    (
        Card(
            "multiply",
            "Multiply and add",
            "To compare two vectors, multiply the numbers in the same column and add up the products. That is their "
            "**dot product**. The article gets B · C = 26 and A · C = 11, and calls B and C the more similar pair. "
            "(It does not print its vectors; these are ours.)",
            "Change the numbers of A until A · C is larger than B · C.",
            "A · C is the larger one now, and each column has its own part in that.",
        ),
        Card(
            "angle",
            "Length and angle",
            "The dot product is length × length × cosine. The **cosine** looks at the angle alone: 1 for the same "
            "direction, 0 for a right angle, −1 for opposite ones. Attention uses the dot product: as long as the "
            "angle stays below 90°, a longer vector scores higher, and can beat one whose direction fits better.",
            "Make A so long that A · C beats B · C, although the angle between A and C stays the wider of the two.",
            "The longer vector won, not the more similar direction.",
        ),
        Card(
            "words",
            "Words are vectors too",
            "Each word of your sentence is a row of the embeddings table. Choose a word and compare it with every "
            "word, itself included, by dot product and by cosine. By dot product a longer vector can beat even the "
            "word itself; by cosine nothing can.",
            "Edit the embeddings until another word becomes the most similar to yours.",
            "Another word is the most similar now, for no other reason than its numbers.",
        ),
    ),
)

SAME_WORD = Lesson(
    "same_word",
    ":material/call_split:",
    (
        Card(
            "static",
            "One vector for both",
            "An embeddings table has one row per word, whatever stands around it. In both sentences the shared word "
            "starts with exactly the same numbers, so nothing in them can tell a river bank from a money bank.",
            "Type two sentences of your own that share a word.",
            "Two meanings, one row in the table. The next card makes two vectors of it.",
        ),
        Card(
            "sum",
            "A sum of its neighbours",
            "The article writes the word as a **weighted sum** of the words around it and of itself: Bank = "
            "w₁ · Money + w₂ · Bank + … The weights are shares of one whole, made from the similarities. It prints "
            "0.2, 0.7 and 0.1, and for *bank* the vector [0.6, 0.2, 0.1, 0.7]; the other vectors are lost.",
            "Edit the numbers of the shared word until it keeps the largest share for itself in both sentences.",
            "In both sentences the word now keeps a larger share for itself than it gives to any other.",
        ),
        Card(
            "equations",
            "An equation for every word",
            "The article writes **each** word as a sum of its context words. A word that both sentences have stands "
            "on the left in both, but on the right there may be other words, or other shares of them. So the word "
            "keeps its name and gets a different vector.",
            "For sentence 2, type the words of sentence 1 in a different order. How many equations change?",
            "The same words in a different order. With no mask and no word order added, every word keeps its shares: "
            "attention by itself does not see the order.",
        ),
        Card(
            "moved",
            "Where it moved",
            "The arrows lead from the one static vector to the two contextual ones. The table says how far each is "
            "from the static one and from words that only one sentence has.",
            "Edit the table until both sentences give the word the same vector again: closer than 0.01.",
            "Both sentences now take the word to the same place, to within 0.01, although they differ.",
        ),
    ),
)

STEP_BY_STEP = Lesson(
    "step_by_step",
    ":material/stairs:",
    (
        Card(
            "stages",
            "One word, seven stages",
            "The formula of [Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762) lights up as the stages work it "
            "out. Cells keep their places from stage to stage. Click a row to see how the word on top looks at that "
            "word.",
            "Go through all stages, with the buttons or the keys N and B, to the context vector.",
            "That is the whole calculation for one word.",
        ),
        Card(
            "projections",
            "Q, K and V",
            "Every embedding is multiplied by the same three tables: X · :blue[W_Q] gives the :blue[queries], "
            "X · :orange[W_K] the :orange[keys], X · :green[W_V] the :green[values]. In a trained model nobody types "
            "these tables. They are **learned**: training begins with random numbers and nudges them, again and again, "
            "until the model predicts better; *Teach it* does so before your eyes.",
            "Change numbers in W_Q until at least two words have a different query.",
            "One table serves all words: it gave several of them a different query, and left keys and values alone.",
        ),
        Card(
            "every",
            "Do it for every word",
            "No word has to wait for the result of another, so all rows can be worked out at the same time. Together "
            "they are the full matrices.",
            "Find the largest weight in the whole picture and click its cell.",
            "No weight in the picture is larger than this one.",
        ),
        Card(
            "printed",
            "A row as printed",
            "The article on the cat and the mouse prints this row of scores for *The*, and its softmax in three "
            "steps. It does not scale, and it leaves out the second *the*. What it works out here is right.",
            "Change one score and see all four weights change.",
            "All four shares have changed: they are shares of one sum, so no score can change alone.",
        ),
        Card(
            "line",
            "Off the line",
            "The article's embeddings lie on one straight line. A score is a query times a key, and a key is its "
            "embedding times W_K; so whatever the matrices are, the scores lie on a straight line too. The printed "
            "ones do not.",
            "Change the scores until each is on the line, as near as rounding to three decimals allows.",
            "This row could come from those embeddings.",
        ),
        Card(
            "values",
            "What the row would give",
            "The article multiplies these weights by the values of the four words and adds up: that is the context of "
            "*The*. Its values are lost, so its context cannot be checked. Here its embeddings stand in for them; what "
            "else could the same weights give?",
            "Change the values until the context of *The* is 1, 0, 0, each to within 0.01.",
            "The same weights, another context: without its values nobody can say what the article's was.",
        ),
    ),
)

THREE_WAYS = Lesson(
    "three_ways",
    ":material/format_list_numbered:",
    (
        Card(
            "forms",
            "Three forms of one idea",
            "**(a)** compares embeddings with embeddings. **(b)** makes a query and a key of each embedding and "
            "compares those; the context is made from the keys. **(c)** makes a value as well, and the context is "
            "made from the values.",
            "Click a cell on the diagonal, where a word looks at itself: (a) leaves it out.",
            "In (a) a word is never compared with itself; in (b) and (c) it can be.",
        ),
        Card(
            "alike",
            "Like looks for like",
            "In (a) a word always prefers, of the others it may look at, the one whose embedding has the largest dot "
            "product with its own. It has no say in what it looks for. Queries and keys give it one: a word may look "
            "for something other than what it is.",
            "Change W_Q or W_K until in (b) at most half of the words prefer the word with the largest dot product.",
            "With queries and keys, words no longer have to look for what they are themselves.",
        ),
        Card(
            "context",
            "What comes out",
            "In (a) the others are weighted and the word's own embedding is added just as it is. In (b) the word gets "
            "a mix of keys, which are made to be found. In (c) what is passed on comes from a table of its own, W_V.",
            "Change W_V. Which of the three contexts changes with it?",
            "Only (c) uses W_V.",
        ),
        Card(
            "forty",
            "40 and 26",
            "In the lecture's second form a word gets the scores 40 and 26. Its vectors have four numbers, so the "
            "division is by √4 = 2: 20 and 13. The softmax of these gives nearly everything to the first. Each key is "
            "multiplied by its weight, and the sum of these is the context vector.",
            "Keep the lecture's numbers and switch scaling off: what happens to the second weight?",
            "With the lecture's numbers and no division, the second weight falls from 0.00091 to 0.00000083.",
        ),
    ),
)

WHY_SCALE = Lesson(
    "why_scale",
    ":material/balance:",
    (
        Card(
            "grow",
            "Scores grow like √d_k",
            "A dot product adds d_k products. If the numbers are random and independent, its spread grows like √d_k. "
            "Here are many random queries and keys with numbers of mean 0 and standard deviation 1; the band holds "
            "the middle 80 % of the scores.",
            "Set d_k so that the standard deviation of the scores is above 16.",
            "It takes about 256 numbers in a vector, as √256 = 16.",
        ),
        Card(
            "saturate",
            "The softmax saturates",
            "Softmax sees only **differences** between scores: equal scores share the weight evenly, however large "
            "they are. Random scores lie further apart the larger d_k is, until one word gets nearly all the weight. "
            "Divided by √d_k they are spread about as widely for 512 numbers as for 1.",
            "Find a d_k at which the largest weight without scaling is above 0.9 on average.",
            "On average, one of the eight words now gets more than nine tenths of the weight.",
        ),
        Card(
            "gradient",
            "The gradient vanishes",
            "Training nudges scores and follows how the weights respond. Where one weight is nearly 1, a nudge "
            "changes next to nothing: the softmax's own gradient is nearly 0. (A nudge to a query is another matter: "
            "scaling divides its effect by √d_k too. Both are shown.)",
            "Find a d_k at which the softmax's gradient without scaling is less than a third of that with scaling.",
            "On average, the softmax now responds to its scores less than a third as much as it does with scaling.",
        ),
        Card(
            "own",
            "One word's row",
            "One word of the sentence, with scaling and without. The entropy is 0 bits where one word has "
            "everything; the slope says how fast a weight grows with the score that enters the softmax.",
            "Edit the tables until scaling lowers the largest weight of the row by more than 0.3.",
            "With the division, more than 0.3 of the weight is left for the other words.",
        ),
    ),
)

HEADS = Lesson(
    "heads",
    ":material/alt_route:",
    (
        Card(
            "jobs",
            "Two heads, one sentence",
            "A **head** has a W_Q, a W_K and a W_V of its own. All heads read the same sentence at the same time, and "
            "each can look for something else. The small pictures show every head, the large one the head that you "
            "edit. Here the first head is set so that nouns look at the verb, and the second is a copy of it.",
            "Change W_Q or W_K of head 2 until the word you follow looks most at different words in the two heads.",
            "Each head has its own tables, so each can look for something else in the same sentence.",
        ),
        Card(
            "order",
            "Blind to order",
            "Queries, keys and values are made from the word alone. So without positions a word meets the same words "
            "with the same scores, whatever order they come in, and its context vector is the same. Here the sentence "
            "stands beside the same words in another order.",
            "Choose a word order with which the other order of the words gives other context vectors.",
            "Now a word's numbers depend on where it stands, so the order of the words counts.",
        ),
        Card(
            "twice",
            "The same word twice",
            "The two *the* of this sentence share one embedding, so without positions they look at the same words. "
            "This head is set to look for the place before a word's own, but no place has any numbers yet. Each row of "
            "the table is added to the word at that place.",
            "Type positions until the two *the* look most at different words.",
            "They are the same word; only their places tell them apart.",
        ),
        Card(
            "writing",
            "Writing word by word",
            "A model that writes adds one word after another, and it learns by guessing the next word of texts. So no "
            "word may look at those after it, which would give the answer away. Here each context vector stands beside "
            "the one from before the last word was written.",
            "Choose a mask with which writing the last word changes no context vector before it.",
            "With this mask, what was worked out for earlier words stays as it is when another word is written.",
        ),
        Card(
            "output",
            "What W_O is for",
            "What the heads make of a word stands side by side: first the numbers of head 1, then those of head 2. "
            "**W_O** mixes them into the context vector, which can have any number of columns. To begin with it passes "
            "everything on as it is, so each number comes from one head.",
            "Change W_O until some number of a context vector takes from both heads.",
            "What one head found is mixed with what the other found. In a trained model W_O is learned, too.",
        ),
    ),
)

TRANSFORMER = Lesson(
    "transformer",
    ":material/layers:",
    (
        Card(
            "pipeline",
            "From text to context",
            "**Word2Vec** and **GloVe** give each word one row of learned numbers, its *static* vector. Attention "
            "makes a *contextual* vector of it, which depends on the sentence. **BERT** lets every word look at all, "
            "**GPT** only at itself and those before it; both do so layer after layer.",
            "Read it as GPT does: switch on the causal mask. Which word still sees the whole sentence?",
            "The last word: it alone has all the others before it.",
        ),
        Card(
            "at_once",
            "All at once",
            "A recurrent network reads word after word, so what the first says travels through every word on the way. "
            "In attention each word looks at all others directly: one step, whatever the distance. The paper compares "
            "the two, n steps against 1, and gives that as a reason for leaving recurrence out.",
            "Take steps until the last word has heard of the first in both ways.",
            "Read one after another, each further word takes a step, which cannot begin before the last one is done.",
        ),
        Card(
            "far",
            "Far apart",
            "A score is a query times a key, and neither says where its word stands. A look across thirty words takes "
            "as many products as one across two, and can be just as strong. What a recurrent network read long ago has "
            "to survive every step between.",
            f"Get a word to look most at one that is at least {FAR} places away.",
            "The distance is in none of these numbers. Transformers tell the model by adding positions to the "
            "embeddings.",
        ),
        Card(
            "patches",
            "Not only words",
            "Attention needs rows of numbers, and a row may be anything: a word, a letter, a sound, a patch of a "
            "picture. Here each row of the table is drawn as pixels. Vision transformers cut pictures into such "
            "[patches](https://arxiv.org/abs/2010.11929).",
            "Edit the numbers of the small picture until the last patch looks most at the first.",
            "The last patch looks at the first because of their numbers; it cannot see where they lie.",
        ),
        Card(
            "network",
            "A query from a network",
            "The lecture makes queries with a matrix *or* with a small **feed-forward network**: multiply, turn what "
            "is below 0 into 0, multiply again. With a matrix, half an embedding gives half its query. A network can "
            "give none at all until something is strong enough.",
            "Set a bias in the first table so that a word that had a query has none: 0 throughout.",
            "With a query of zeros every score is 0, so the word looks equally at all that it may look at.",
        ),
        Card(
            "next",
            "Where it goes next",
            "The context vectors are passed to a **feed-forward network**: the same for every position, each position "
            "alone. Then the next layer attends again. (A transformer also adds what went in and evens the numbers "
            "out; that is left out here.)",
            "Change the first table until all hidden numbers of all words are 0. What comes out?",
            "Every word gets the same output, the bias of the second table: nothing of the word itself came through.",
        ),
    ),
)

COURSE = (SIMILARITY, SAME_WORD, STEP_BY_STEP, THREE_WAYS, WHY_SCALE, HEADS, TRANSFORMER)
LESSONS = {lesson.script: lesson for lesson in COURSE}
