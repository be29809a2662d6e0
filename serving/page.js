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
// - A heat map can be walked with the arrow keys: each step points at the next number as a mouse would, which lights what
//   belongs to it and is said; Enter or the space bar clicks it, Escape ends it. Nothing of it reaches the server before
//   the click.
// - Where a number of the picture comes from the numbers of two words, their rows in the table of embeddings are lit.
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

  // --- walking through a heat map ---
  // A number is a path with a label, or a pixel of an image that tells how many rows and columns it has.
  const NUMBERS = "g.mark-rect.role-mark:not(.pointer_marks) > path[aria-label]";
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const TOLD = "Arrow keys go from number to number, Enter shows the sum of one, Escape leaves.";
  let walk = null; // the picture that is walked through, and the place in it that is pointed at
  const pictures = () => [...document.querySelectorAll("[data-testid='stVegaLiteChart'] svg.marks")];
  const letWalk = () => {
    for (const picture of pictures()) {
      if (picture.tabIndex === 0 || !boards(picture).length) continue;
      picture.setAttribute("tabindex", "0");
      picture.setAttribute("aria-description", TOLD);
    }
  };
  const boards = (picture) => {
    const numbers = [...picture.querySelectorAll(NUMBERS)].map((drawn) => ({ drawn, rows: 1, columns: 1 }));
    const maps = [...picture.querySelectorAll("image[aria-label^='Map of']")].map((drawn) => {
      const [rows, columns] = drawn.getAttribute("aria-label").match(/\d+/g).map(Number);
      return { drawn, rows, columns };
    });
    return [...numbers, ...maps].map((board) => ({ ...board, box: board.drawn.getBoundingClientRect() }));
  };
  // The middle of a number of a board, in pixels of the picture.
  const middle = ({ box, rows, columns }, row, column, origin) => ({
    x: box.x - origin.x + ((column + 0.5) * box.width) / columns,
    y: box.y - origin.y + ((row + 0.5) * box.height) / rows,
  });
  // The number of a board that comes first from a place in a direction, or lies nearest to it.
  const placeOn = (board, from, [right, down], origin) => {
    const { box, rows, columns } = board;
    const within = (count, at) => Math.min(Math.max(at, 0), count - 1);
    const column = ((from.x + origin.x - box.x) * columns) / box.width - 0.5;
    const row = ((from.y + origin.y - box.y) * rows) / box.height - 0.5;
    const next = (at, step) => (step > 0 ? Math.floor(at + 0.01) + 1 : step < 0 ? Math.ceil(at - 0.01) - 1 : Math.round(at));
    const place = middle(board, within(rows, next(row, down)), within(columns, next(column, right)), origin);
    const along = (place.x - from.x) * right + (place.y - from.y) * down;
    const aside = Math.abs((place.x - from.x) * down) + Math.abs((place.y - from.y) * right);
    const isThere = (!right && !down) || along > 1;
    const far = right || down ? along + 4 * aside : Math.hypot(place.x - from.x, place.y - from.y);
    return { ...place, drawn: board.drawn, far: isThere ? far : Infinity };
  };
  const nearest = (picture, from, step) => {
    const origin = picture.getBoundingClientRect();
    const places = boards(picture).map((board) => placeOn(board, from, step, origin));
    const found = places.reduce((best, each) => (each.far < best.far ? each : best), { far: Infinity });
    return found.far < Infinity ? found : null;
  };
  const beginning = (picture) => {
    const { x, y } = picture.getBoundingClientRect();
    const chosen = picture.querySelector(".chosen_marks > path")?.getBoundingClientRect();
    return nearest(picture, chosen ? { x: chosen.x - x + chosen.width / 2, y: chosen.y - y + chosen.height / 2 } : { x: 0, y: 0 }, [0, 0]);
  };
  const mouse = (picture, { x, y, drawn }, ...types) => {
    const origin = picture.getBoundingClientRect();
    const at = { clientX: origin.x + x, clientY: origin.y + y, bubbles: true, cancelable: true, view: window };
    const target = drawn?.isConnected ? drawn : picture;
    for (const type of types) target.dispatchEvent(new (type === "click" ? MouseEvent : PointerEvent)(type, at));
  };
  const labelled = ({ drawn }, picture) =>
    (drawn.tagName === "path" ? drawn : picture.querySelector(".pointer_marks > path"))?.getAttribute("aria-label") ?? "";
  const pointAt = (picture, place) => {
    walk = { picture, place };
    place.drawn.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    mouse(picture, place, "pointerover", "pointermove");
    setTimeout(() => {
      document.getElementById("vg-tooltip-element")?.setAttribute("aria-hidden", "true"); // it is said instead
      if (walk?.place === place) region.textContent = labelled(place, picture);
    }, 50);
  };
  const leave = () => {
    if (!walk) return;
    mouse(walk.picture, { x: -9, y: -9, drawn: walk.place.drawn }, "pointermove", "pointerout");
    walk = null;
    dim();
  };
  const walkBy = (event, picture) => {
    const step = STEPS[event.key];
    const isClick = event.key === "Enter" || event.key === " ";
    if (event.key === "Escape") leave();
    if ((!step && !isClick) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const here = walk?.picture === picture ? nearest(picture, walk.place, [0, 0]) : null;
    if (isClick && here) {
      const pointer = picture.querySelector(".pointer_marks > path");
      mouse(picture, here.drawn.tagName === "path" ? here : { ...here, drawn: pointer }, "click");
    } else if (!here) {
      const place = beginning(picture);
      if (place) pointAt(picture, place);
    } else if (step) {
      const place = nearest(picture, here, step);
      if (place) pointAt(picture, place);
    }
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") letWalk(); // before the browser looks for what comes next
    if (event.target.matches?.("svg.marks[tabindex]")) walkBy(event, event.target);
  });
  // --- the rows of the table that a number comes from ---
  const TABLE = ".st-key-tables [class*='st-key-embeddings'] .stDataFrame";
  const ROW = 35; // pixels, as ui/editors.py asks for
  const LIT = ["#2169d0", "#c66517"]; // the looking word's query, the other's key: presentation/palette.py
  const bars = LIT.map((colour) => {
    const bar = document.createElement("div");
    bar.className = "lit-row";
    bar.setAttribute("aria-hidden", "true");
    bar.style.cssText = `position:fixed;display:none;pointer-events:none;z-index:1;background:${colour}33;border-left:4px solid ${colour}`;
    document.body.append(bar);
    return bar;
  });
  // The rows, from 0, of the words that are compared in the score that is pointed at.
  const compared = (picture) => {
    const told = picture.querySelector(".pointer_marks > path");
    if (!told) {
      const scores = [...picture.querySelectorAll(NUMBERS)].filter((each) => each.ariaLabel?.startsWith("scores, "));
      const at = scores.indexOf(over);
      return at < 0 ? [] : [Math.floor(at / Math.sqrt(scores.length)), at % Math.sqrt(scores.length)];
    }
    const map = picture.querySelector("image[aria-label*='scores']");
    if (!told.ariaLabel?.startsWith("scores, ") || !map) return [];
    const [rows, columns, together = 1] = map.getAttribute("aria-label").match(/\d+/g).map(Number);
    const [box, place] = [map, told].map((each) => each.getBoundingClientRect());
    const row = ((place.y + place.height / 2 - box.y) / box.height) * rows;
    const column = ((place.x + place.width / 2 - box.x) / box.width) * columns;
    return together > 1 ? [] : [Math.floor(row), Math.floor(column)];
  };
  const lightRows = (picture) => {
    const table = document.querySelector(TABLE);
    const scroller = table?.querySelector(".dvn-scroller");
    const count = Number(table?.querySelector("[aria-rowcount]")?.getAttribute("aria-rowcount")) - 1;
    const rows = picture && scroller && count > 0 ? compared(picture) : [];
    bars.forEach((bar, which) => {
      bar.style.display = "none";
      if (!(rows[which] < count)) return;
      const box = scroller.getBoundingClientRect();
      const heading = scroller.scrollHeight - count * ROW;
      const top = box.y + heading + rows[which] * ROW - scroller.scrollTop;
      if (top < box.y + heading - 1 || top + ROW > box.bottom + 1) return;
      Object.assign(bar.style, { display: "block", left: `${box.x}px`, width: `${box.width}px`, top: `${top}px`, height: `${ROW}px` });
    });
  };
  let over = null; // what the mouse is over
  let looked = 0;
  const dim = () => {
    over = null;
    cancelAnimationFrame(looked);
    lightRows(null);
  };
  const lightSoon = ({ target }) => {
    const picture = target.closest?.(".st-key-attention svg.marks");
    if (!picture && !over) return;
    over = picture ? target : null;
    cancelAnimationFrame(looked);
    looked = requestAnimationFrame(() => lightRows(picture));
  };
  document.addEventListener("pointerover", lightSoon);
  document.addEventListener("pointermove", lightSoon);
  document.addEventListener("scroll", dim, true);

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("svg.marks")) target.setAttribute("role", "application"); // so that a screen reader passes keys on
  });
  document.addEventListener("focusout", ({ target }) => {
    if (!target.matches("svg.marks")) return;
    target.setAttribute("role", "graphics-document");
    leave();
  });

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
    if (place) letWalk();
    const there = place ? controls(place) : [];
    if (there.length) {
      event.preventDefault();
      (there.find((each) => each.matches("canvas, svg.marks")) ?? there[0]).focus();
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
    // The last elements of a run may be drawn after it has ended, also those that say what is on screen.
    const first = () => (beginAtTop(), letWalk(), keep(), enter());
    const rest = () => (first(), (turned = false), tell());
    waiting = [setTimeout(first, DRAWN), setTimeout(rest, PAUSE)];
  };
  const root = document.getElementById("root");
  const state = { subtree: true, attributes: true, attributeFilter: ["data-test-script-state"] };
  new MutationObserver(ran).observe(root, state);
  const connection = { ...state, attributeFilter: ["data-test-script-state", "data-test-connection-state"] };
  new MutationObserver(hear).observe(root, connection);
})();
