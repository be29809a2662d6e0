"""Worked examples of self-attention as text, right ones and ones with a slip, made without anything of this app.

Plain Python and NumPy: what is judged must not be made by the judge.
"""
