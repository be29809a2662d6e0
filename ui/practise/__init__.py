"""The page Practise: exercises and puzzles."""
