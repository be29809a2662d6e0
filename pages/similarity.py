"""Similarity: the dot product of vectors, worked out beside a picture of them, and of the words of the sentence."""

from ui import controls, editors, lesson, pictures
from ui.course import SIMILARITY
from ui.lessons import similarity

card = lesson.opened(SIMILARITY)
if card.id == "words":
    calculation = card.shown.calculation
    with card.look:
        similarity.words(calculation)
    with card.inputs:
        controls.sentence_and_word(calculation, "Compare this word")
    with card.edit:
        editors.editor("embeddings")
else:
    table = card.shown.lessons.vector_table
    with card.look:
        picture, sums = pictures.side_by_side(2)
        with picture:
            similarity.picture(table)
        with sums:
            if card.id == "multiply":
                similarity.dot_products(table)
            else:
                similarity.lengths_and_angles(table)
    with card.edit:
        similarity.table_of_vectors(table)
card.close()
