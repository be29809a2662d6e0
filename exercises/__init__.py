"""Exercises, puzzles and worksheets: made, graded, handed in and marked. Pure functions; no screen."""
