"""Take it with you without a browser: opened, acted on, and what its buttons hand to a browser."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from support.screen import arrived, run

from attention_core import EXAMPLES, OPENING
from exports import catalogue
from sharing.file import to_file

SCRIPT = "take_it_with_you"


HOME = "https://play.example/room/"


HOSTILE = {
    "markdown": "**bold** _it_ `code` # head [a](https://b.c)",
    "formulas": r"$x^2$ \frac{a}{b} =1+1 @cmd -x +y",
    "html": "<b>hi</b> <script>alert(1)</script> &lt;",
    "names": "nan None __index__ ✎ {{x}} %s ${y} :red[x] :material/home:",
    "scripts": "مرحبا \u202eabc\u202c नमस्ते ฉันรัก 我爱猫 👩\u200d👩\u200d👧",
    "long": "a" * 10_000,
}


def made_at_once(name, order, progress=lambda done: None, *, visitor=None, waiting=None):
    return catalogue.made(name, order, progress)


class FakeWorkshop:
    """Makes files at once, in this process; `make` can be replaced."""

    def __init__(self):
        self.make = made_at_once

    def get_ready(self):
        """There is nothing to start."""


def kept_in(page):
    """What the session holds."""
    return page.session_state["_session"].document.experiment


def experiment_of(sentence):
    return OPENING.build().with_sentence(sentence)


def words(count):
    return " ".join(f"w{position}" for position in range(count))


EXPERIMENTS = {
    **{name: example.build() for name, example in EXAMPLES.items()},
    "one word": experiment_of("bank"),
    **{f"hostile {name}": experiment_of(sentence) for name, sentence in HOSTILE.items()},
    "512 words": experiment_of(words(512)),
}


@dataclass(frozen=True)
class Served:
    """What a button gives to the browser."""

    label: str
    name: str
    mime: str
    content: bytes


def opened(experiment=None, **params):
    return arrived(SCRIPT, experiment, home=HOME, **params)


def upload(page, content, name="experiment.json"):
    (field,) = page.file_uploader
    return run(field.upload(name, content))


def opened_by_file(experiment):
    page = upload(opened(), to_file(experiment))
    assert not page.error
    return page


def served(page, handed_over):
    """What each download button serves: the name of the file -> it."""
    found = {}
    for each in page.get("download_button"):
        name, mime, content = handed_over[each.proto.deferred_file_id or each.proto.url]
        assert each.key == f"download_{name}" and each.proto.ignore_rerun
        found[name] = Served(each.proto.label, name, mime, content)
    return found


def links(page):
    return [each.value for each in page.get("code")]


def query_of(link):
    assert link.startswith(HOME)
    address = urlsplit(link)
    assert address.path == urlsplit(HOME).path
    return {name: value for name, (value,) in parse_qs(address.query, strict_parsing=bool(address.query)).items()}
