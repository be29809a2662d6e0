"""The pages of a browser, used by one test after the other."""

_LISTEN = """
window.refused = [];  // by the page's policy: what, and where it wanted to go
document.addEventListener('securitypolicyviolation',
    event => window.refused.push(event.violatedDirective + ' ' + event.blockedURI));
"""


class Tabs:
    """A page for each kind of screen, with a browser's memory of its own.

    A page that was there before opens in a third of the processor's time, as its process has read all scripts already.
    So a page is kept for the next test, unless it is asked for fresh: by tests for which it matters what the browser
    remembers, and by those that listen to the page or intercept what it loads, which nothing takes back.
    """

    def __init__(self, browser):
        self._browser = browser
        self._contexts = {}
        self._kinds = {}  # of the pages that will be used again
        self._waiting = {}

    def take(self, settings, *, fresh=False):
        """A page for Playwright's `settings` of a context; a fresh one has nothing in its memory."""
        if fresh:
            return self._context(settings).new_page()
        kind = repr(sorted(settings.items()))
        if page := self._waiting.pop(kind, None):
            page.set_viewport_size(settings["viewport"])
            page.emulate_media(color_scheme=settings.get("color_scheme", "light"))
            page.mouse.move(0, 0)
        else:
            if kind not in self._contexts:
                self._contexts[kind] = self._context(settings)
            page = self._contexts[kind].new_page()
            self._kinds[page] = kind
        return page

    def give_back(self, page):
        """Whoever takes it next finds an empty page."""
        kind = self._kinds.get(page)
        if kind is None:
            page.context.close()
        elif page.is_closed() or kind in self._waiting:
            page.close()
            del self._kinds[page]
        else:
            page.goto("about:blank")
            page.context.clear_cookies(name="cards")  # what one test has done is not done in the next
            self._waiting[kind] = page

    def _context(self, settings):
        context = self._browser.new_context(**settings)
        context.set_default_timeout(60_000)  # a busy machine is slow to load the first page
        context.add_init_script(_LISTEN)
        return context
