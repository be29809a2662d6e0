"""How a calculation is shown, on screen and on paper: labelled tables, charts, formulas, and how numbers look."""
