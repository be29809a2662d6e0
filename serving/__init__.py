"""How the app is served: headers, the page before the scripts load, packed files, a short log, a push that is taken in.

ASGI alone: nothing here knows an experiment, and nothing draws.
"""
