"""What widgets are called: the keys that other people’s links and tests may rely on, and that code asks for.

Keys of widgets that nobody asks for, such as those of charts and buttons, stand where the widget is drawn. The
switch of a mask has the mask's id for its key.
"""

ADDRESS = "x"
CLASS_VIEW = "class"
SENTENCE = "sentence"
EXAMPLE = "example"
VARIANT = "variant"
SCALED = "scaled"
DECIMALS = "decimals"
SPLIT = "split"
SEED = "seed"
COMPARE = "compare"
PIN = "pin"
LOOKING = "looking_word"
LOOKED_AT = "looked_at_word"
ENTRY = "context_entry"
OTHER_SENTENCE = "other_sentence"
SHARED_WORD = "shared_word"
VECTOR_COUNT = "vector_count"
VECTOR_SIZE = "vector_size"
STAGE = "stage"
KEY_SIZE = "key_size"
RANDOM_SEED = "random_seed"
MEASURE = "measure"
EDITED = "edited_table"
CARD = "card"  # in the address, and card_similarity and so on, the choice of a card
OWN = "use_own"
PICTURE = "picture_name"
TABLE = "table_name"
HIDDEN = "hidden_controls"
TASK = "task"
UPLOAD = "upload"
PUBLISHED = "published_example"
NUMBERS = "numbers"
NUMBERS_CODE = "n"
CHECK_WAY = "check_way"
CHECK_SCALING = "check_scaling"
CHECK_MASK = "check_mask"
CHECK_KEY_SIZE = "check_key_size"
READ_TABLE = "read_table"
VERDICTS = "verdicts"
SIZES = ("d_model", "d_k", "d_v")
FILL = "fill"  # fill_w_q and so on, the menu of a table
LIKE = "like"  # like:zorp, what an unknown word is like
