"""Same word, two sentences: one static vector for a word, and a contextual one for each sentence."""

from ui import controls, editors, lesson
from ui.course import SAME_WORD
from ui.lessons import same_word

card = lesson.opened(SAME_WORD)
with card.inputs:
    pair, word = same_word.sentences()
with card.look:
    match card.id:
        case "static":
            same_word.static_rows(pair, word)
            done = same_word.are_own(pair)
        case "sum":
            same_word.weighted_sums(pair, word)
            done = same_word.keeps_most_for_itself(pair, word)
        case "equations":
            same_word.equations(pair, word)
            done = same_word.is_reordered(pair)
        case "moved":
            same_word.moved(pair, word)
            done = same_word.meet(pair, word)
with card.edit:
    if card.id == "sum":
        controls.open_example(controls.BANK, "Open the article's numbers")
        controls.way_and_scaling()
    editors.editor("both")
card.close(done=done)
