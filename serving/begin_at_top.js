// Scroll to the top of what was turned to. Another card takes the place of the one before, and the browser would keep
// its place on the page. Whoever turned with a button that is gone now goes on from the heading with the keyboard.
(() => {
  const [told, main] = ["[data-turned-to]", "[data-testid=stMain]"].map((one) => document.querySelector(one));
  const root = document.documentElement, to = told?.dataset.turnedTo, from = root.dataset.shown;
  root.dataset.shown = to;
  if (from === undefined || from === to) return;
  main?.scrollTo({ top: 0, behavior: "instant" });
  const heading = document.querySelector("h2") ?? document.querySelector("h1");
  if (heading && document.activeElement === document.body) {
    heading.tabIndex = -1;
    heading.style.outline = "none";
    heading.focus({ preventScroll: true });
  }
})();
