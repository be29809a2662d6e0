"""What a lesson of the course is: a few cards, each with one idea and one thing to do. No Streamlit."""

from dataclasses import dataclass

from serving.fronts import FRONTS


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
    icon: str
    cards: tuple[Card, ...]

    @property
    def title(self) -> str:
        return FRONTS[self.script].name

    @property
    def path(self) -> str:
        """As the main script sees it."""
        return f"../pages/{self.script}.py"
