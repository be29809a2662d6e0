"""The process that makes files: takes orders from its standard input until that ends, and answers on its output."""

import os
import pickle
import sys
from typing import Any

from exports.catalogue import Order, made
from exports.pictures import warm_up
from sharing.document import from_json


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get between the answers

    def answer(kind: str, content: Any) -> None:
        pickle.dump((kind, content), answers)
        answers.flush()

    warm_up()
    while True:
        try:
            name, document, word, link = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        order = Order(from_json(document), word, link)
        try:
            answer("made", made(name, order, lambda done: answer("progress", done)))
        except ValueError as error:
            answer("refused", str(error))


if __name__ == "__main__":
    main()
