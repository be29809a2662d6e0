// What Streamlit's page lacks for those who do not see it, or use no mouse. It changes nothing that is drawn.
//
// - A change is told in one sentence: the text that the app leaves, unseen, in .st-key-announced (ui/announcement.py) is
//   said by a live region, once nothing has changed for a moment. The region is ours because a live region has to stay
//   while its text changes, and Streamlit draws its elements anew.
// - The focus stays: where what had it is drawn anew or gone, what took its place gets it, and on another card of a
//   lesson the heading.
// - A popover that is opened with a key has its first control in focus.
(() => {
  "use strict";
  const PAUSE = 500; // milliseconds, so that a word that is typed is told once
  const FOCUSABLE = "a[href], button:enabled, input:enabled, textarea:enabled, select, canvas, summary, [tabindex='0']";
  const KEYED = "[class*='st-key-']";
  const POPOVER = "[data-testid='stPopoverBody']";

  const region = document.createElement("div");
  region.id = "announcer";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  region.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  document.body.append(region);

  let said = null; // what stood there last; null before the first run
  const tell = () => {
    const told = document.querySelector(".st-key-announced")?.textContent.trim() ?? "";
    if (said !== null && told && told !== said) region.textContent = told;
    said = told;
  };

  const controls = (place) => [...place.querySelectorAll(FOCUSABLE)].filter((each) => each.getClientRects().length);
  // The name of a keyed element without what changes with its value: st-key-embeddings-3 is one of st-key-embeddings-.
  const stem = (place) =>
    [...place.classList].find((name) => name.startsWith("st-key-")).replace(/[-:][^-:]*$/, (end) => end[0]);

  let trail = null; // where the focus was: the element, and its keyed places from the nearest outwards
  let opener = null; // the button of the popover that is open
  const remember = (element) => {
    const places = [];
    for (let place = element.closest(KEYED); place; place = place.parentElement.closest(KEYED))
      places.push({ place, stem: stem(place), at: controls(place).indexOf(element) });
    trail = { element, places, opener: element.closest(POPOVER) ? opener : null };
  };
  const successor = () => {
    for (const { place, stem, at } of trail.places) {
      const now = place.isConnected ? place : document.querySelector(`[class*="${CSS.escape(stem)}"]`);
      const found = now ? controls(now) : [];
      if (found.length) return found[Math.min(Math.max(at, 0), found.length - 1)];
    }
    if (trail.opener?.isConnected) return trail.opener;
    const heading = document.querySelector(".stMain h2, .stMain h1");
    heading?.setAttribute("tabindex", "-1");
    return heading;
  };
  const isLost = () => !document.activeElement || document.activeElement === document.body;
  const keep = () => {
    if (trail && !trail.element.isConnected && isLost()) successor()?.focus();
    const button = document.activeElement;
    if (button === opener && button?.dataset.byKey && button.getAttribute("aria-expanded") === "true") {
      const first = [...document.querySelectorAll(POPOVER)].flatMap(controls)[0];
      if (first) {
        delete button.dataset.byKey;
        first.focus();
      }
    }
  };

  document.addEventListener("focusin", ({ target }) => target.matches(FOCUSABLE) && remember(target));
  document.addEventListener("click", ({ target, detail }) => {
    const button = target.closest?.("[data-testid='stPopoverButton']");
    if (!button) return;
    opener = button;
    if (detail === 0) button.dataset.byKey = "yes"; // no mouse was there
  });
  let waiting = 0;
  const ran = () => {
    keep();
    clearTimeout(waiting);
    waiting = setTimeout(() => (keep(), tell()), PAUSE);
  };
  const state = { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] };
  new MutationObserver(ran).observe(document.getElementById("root"), state);
})();
