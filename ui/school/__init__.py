"""The page Worksheet: working on one, making one, marking what a class handed in."""
