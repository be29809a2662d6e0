// What Streamlit's page lacks for those who do not see it, or use no mouse. It changes nothing that is drawn.
//
// - A change is told in one sentence: the text that the app leaves, unseen, in .st-key-announced (ui/announcement.py)
//   is said by a live region, once nothing has changed for a moment. The region is ours because a live region has to
//   stay while its text changes, and Streamlit draws its elements anew.
// - Each page, and each card of a lesson, begins at its top. The browser would keep its place, as Streamlit puts another
//   card where the one before was. ui/frame.py says what is on screen.
// - The focus stays: where what had it is drawn anew or gone, what took its place gets it, and on another card of a
//   lesson the heading.
// - A popover or a menu that is opened with a key has its first control in focus.
// - Ctrl+Z and Ctrl+Shift+Z are Undo and Redo wherever no text is being edited; Alt+Shift with S, W, T or P leads to the
//   sentence, the switches, the table or the picture, from where all that belongs to it is near.
// - A button that is pressed while the connection is already dead, which neither the browser nor Streamlit notices at
//   once, is pressed again when it is back. What a field or a switch holds, the browser tells of itself.
(() => {
  "use strict";
  const PAUSE = 500; // milliseconds, so that a word that is typed is told once
  const DRAWN = 200; // milliseconds after a run in which the last controls appear
  const FOCUSABLE = "a[href], button:enabled, input:enabled, textarea:enabled, select, canvas, summary, [tabindex='0']";
  const KEYED = "[class*='st-key-']";
  const POPOVER = "[data-testid='stPopoverBody']";

  const region = document.createElement("div");
  region.id = "announcer";
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  region.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  document.body.append(region);

  let said = null; // what stood there last; null before the first run
  const tell = () => {
    const told = document.querySelector(".st-key-announced")?.textContent.trim() ?? "";
    if (said !== null && told && told !== said) region.textContent = told;
    said = told;
  };

  let shown = null; // the page or card on screen; null before the first run
  let turned = false; // whether the run that is drawn is the first of another page or card
  const beginAtTop = () => {
    const turnedTo = document.querySelector("[data-turned-to]")?.dataset.turnedTo ?? null;
    if (turnedTo === null || turnedTo === shown) return;
    if (shown !== null) {
      document.querySelector("[data-testid='stMain']")?.scrollTo({ top: 0, behavior: "instant" });
      turned = true;
    }
    shown = turnedTo;
  };

  const controls = (place) => [...place.querySelectorAll(FOCUSABLE)].filter((each) => each.getClientRects().length);
  // The name of a keyed element without what changes with its value: st-key-embeddings-3 is one of st-key-embeddings-.
  const stem = (place) => [...place.classList].find((name) => name.startsWith("st-key-")).match(/^st-key-[^-]*-?/)[0];

  let trail = null; // where the focus was: the element, and its keyed places from the nearest outwards
  let opener = null; // the button of the popover that is open
  let opened = null; // the button that was pressed with a key, until what it opens has the focus
  const remember = (element) => {
    const places = [];
    for (let place = element.closest(KEYED); place; place = place.parentElement.closest(KEYED))
      places.push({ place, stem: stem(place), at: alike(place, element).indexOf(element) });
    trail = { element, places, opener: element.closest(POPOVER) ? opener : null };
  };
  const alike = (place, element) => controls(place).filter(({ tagName }) => tagName === element.tagName);
  const successor = () => {
    for (const { place, stem, at } of trail.places) {
      const now = place.isConnected ? place : document.querySelector(`[class*="${stem}"]`);
      const found = now ? alike(now, trail.element) : [];
      if (found.length) return found[Math.min(Math.max(at, 0), found.length - 1)];
    }
    if (trail.opener?.isConnected) return trail.opener;
    // A button that has nothing more to do, such as Undo, leaves it to its neighbour.
    for (let place = trail.element.isConnected && trail.element.parentElement; place; place = place.parentElement)
      if (controls(place).length) return controls(place)[0];
    return heading();
  };
  const heading = () => {
    const found = document.querySelector(".stMain h2") ?? document.querySelector(".stMain h1");
    found?.setAttribute("tabindex", "-1");
    return found;
  };
  const isLost = () => !document.activeElement || document.activeElement === document.body;
  const keep = () => {
    if (!trail || !isLost() || (trail.element.isConnected && !trail.element.matches(":disabled"))) return;
    (turned ? heading() : successor())?.focus({ preventScroll: turned });
  };
  const enter = () => {
    const button = document.activeElement;
    if (button !== opened || button.getAttribute("aria-expanded") !== "true") return;
    const item = document.querySelector("[role='menuitem']");
    const first = item ?? [...document.querySelectorAll(POPOVER)].flatMap(controls)[0];
    if (first && first !== button) {
      opened = null;
      first.focus();
    }
  };

  document.addEventListener("focusin", ({ target }) => target.matches(FOCUSABLE) && remember(target));
  document.addEventListener("click", ({ target, detail }) => {
    const button = target.closest?.("[data-testid='stPopoverButton'], [data-testid='stMenuButtonButton']");
    if (!button) return;
    if (button.dataset.testid === "stPopoverButton") opener = button;
    if (detail > 0) return; // a mouse was there
    opened = button;
    if (button !== opener) setTimeout(enter, DRAWN); // a menu opens without a run
  });
  const EDITED = "input:not([type='checkbox'], [type='radio']), textarea, [contenteditable='true']";
  document.addEventListener("keyup", () => setTimeout(keep, DRAWN)); // some things are drawn without a run
  const PLACES = { KeyS: "sentence", KeyW: "scaled", KeyT: "tables", KeyP: "attention" };
  document.addEventListener("keydown", (event) => {
    const place = event.altKey && event.shiftKey && document.querySelector(`.st-key-${PLACES[event.code]}`);
    const there = place ? controls(place) : [];
    if (there.length) {
      event.preventDefault();
      (there.find(({ tagName }) => tagName === "CANVAS") ?? there[0]).focus();
    }
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if (event.target.closest?.(EDITED)) return;
    event.preventDefault();
    document.querySelector(`.st-key-${event.shiftKey ? "redo" : "undo"} button:enabled`)?.click();
  });
  let pressed = null; // the key of the button that was pressed last, until a run begins
  let unheard = null; // the same, once it is known that the connection was dead
  document.addEventListener("click", ({ target }) => {
    const place = target.closest?.("[data-testid='stButton'] button")?.closest(KEYED);
    pressed = place ? [...place.classList].find((name) => name.startsWith("st-key-")) : null;
  });
  const hear = () => {
    const app = document.querySelector("[data-testid='stApp']");
    const { testConnectionState: connection, testScriptState: script } = app?.dataset ?? {};
    if (connection !== "CONNECTED") {
      unheard ??= pressed;
      pressed = null;
    } else if (script === "running") pressed = null;
    else if (unheard && script === "notRunning") setTimeout(pressAgain, DRAWN);
  };
  const pressAgain = () => {
    const button = unheard && document.querySelector(`.${CSS.escape(unheard)} button:enabled`);
    unheard = null;
    button?.click();
  };
  let waiting = [];
  const ran = () => {
    beginAtTop();
    waiting.forEach(clearTimeout);
    const rest = () => (keep(), enter(), (turned = false), tell());
    waiting = [setTimeout(() => (keep(), enter()), DRAWN), setTimeout(rest, PAUSE)];
  };
  const root = document.getElementById("root");
  const state = { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] };
  new MutationObserver(ran).observe(root, state);
  const connection = { ...state, attributeFilter: ["data-test-script-state", "data-test-connection-state"] };
  new MutationObserver(hear).observe(root, connection);
})();
