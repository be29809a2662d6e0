"""What scores are divided by, as it is written: the root of how many numbers are compared, or a number of one's own."""

from attention_core import STAGES, Calculation, Stage
from presentation.text import in_full


def divided_by(calculation: Calculation) -> str:
    """√4, or the number that the person set."""
    return f"√{round(calculation.divisor**2)}" if calculation.divides_by_root else in_full(calculation.divisor)


def softmax_takes(calculation: Calculation) -> str:
    """What one number is called that enters the softmax."""
    return STAGES[Stage.SCALED_SCORES if calculation.experiment.scaled else Stage.SCORES].singular


def divided_by_in_short(calculation: Calculation) -> str:
    """To stand behind "score": ÷ √d, ÷ 0.5, or nothing where scaling is off."""
    if not calculation.experiment.scaled:
        return ""
    return f" ÷ {'√d' if calculation.divides_by_root else divided_by(calculation)}"
