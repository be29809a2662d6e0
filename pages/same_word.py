"""Same word, two sentences: one static vector for a word, and a contextual one for each sentence."""

from ui import controls, editors, lesson
from ui.course import BANK, SAME_WORD
from ui.lessons import same_word

card = lesson.opened(SAME_WORD)
pair, word = card.shown.pair, card.shown.shared_word
with card.inputs:
    same_word.sentences(pair, word)
with card.look:
    match card.id:
        case "static":
            same_word.static_rows(pair, word)
        case "sum":
            same_word.weighted_sums(pair, word)
        case "equations":
            same_word.equations(pair, word)
        case "moved":
            same_word.moved(pair, word)
with card.edit:
    if card.id in ("static", "sum"):
        controls.open_example(BANK, "Open the article's numbers")
    if card.id == "sum":
        controls.way_and_scaling()
    editors.editor("both")
card.close()
