"""Similarity: the dot product of vectors, worked out beside a picture of them, and of the words of the sentence."""

import streamlit as st

from attention_core import attend
from ui import controls, editors, explanation, lesson, state
from ui.course import SIMILARITY
from ui.lessons import similarity

card = lesson.opened(SIMILARITY)
match card.id:
    case "multiply" | "angle":
        with card.edit:
            table = similarity.vectors()
        with card.look:
            picture, sums = st.columns([0.46, 0.54], gap="small")
            with picture:
                similarity.picture(table)
            with sums:
                if card.id == "multiply":
                    similarity.dot_products(table)
                else:
                    similarity.lengths_and_angles(table)
        done = similarity.dot_beats(table) if card.id == "multiply" else similarity.length_beats_direction(table)
    case "words":
        calculation = attend(state.experiment())
        with card.edit:
            controls.sentence_with_problem()
            explanation.word_choice(calculation, "Compare this word")
            editors.editor("embeddings")
        with card.look:
            similarity.words(calculation)
        done = similarity.another_is_most_similar(calculation)
card.close(done=done)
