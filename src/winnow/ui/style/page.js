// Light or dark: what the visitor chose last, or what their system says.
const theme = () =>
  localStorage.getItem("winnow-theme") || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

function showTheme() {
  document.documentElement.dataset.theme = theme();
  if (globalThis.Quasar) Quasar.Dark.set(theme() === "dark");
}

function toggleTheme() {
  localStorage.setItem("winnow-theme", theme() === "dark" ? "light" : "dark");
  showTheme();
}

showTheme();
addEventListener("load", showTheme);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);

// A picture that is not there gives way to the letters below it.
addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLImageElement || target instanceof SVGImageElement) target.style.visibility = "hidden";
  },
  true,
);

// Who does not look costs nothing: pages that follow something stop while they are behind others.
document.addEventListener("visibilitychange", () => globalThis.emitEvent?.("looks", !document.hidden));

// Back and on: an address carries all that a page shows.
addEventListener("popstate", () => {
  if (!location.hash) location.reload();
});

// What is drawn again takes the focus with it: it goes to what has the same name now, or to what stands in its place.
let held = null;
const keyed = "[data-key]";
const part = (target) => (target.dataset.act ? `[data-act="${target.dataset.act}"]` : "a");
const cards = (list) => [...document.querySelectorAll(`.${list} [data-item]`)];

function hold(target) {
  const card = target.closest("[data-item]");
  if (card) {
    const list = card.closest(".shelf") ? "shelf" : "grid";
    held = { target, part: part(target), list, item: card.dataset.item, place: cards(list).indexOf(card) };
  } else held = { target, key: target.closest(keyed)?.dataset.key };
}

function successor() {
  if (held.key) return [...document.querySelectorAll(keyed)].find((each) => each.dataset.key === held.key);
  if (!held.item) return null;
  const now = cards(held.list);
  const card = now.find((each) => each.dataset.item === held.item) || now[Math.min(held.place, now.length - 1)];
  return card?.querySelector(held.part);
}

function keepFocus() {
  if (!held || held.target.isConnected || document.activeElement !== document.body) return;
  const target = successor();
  if (target) target.focus({ preventScroll: true });
}

addEventListener("focusin", ({ target }) => hold(target));
addEventListener("pointerdown", () => (held = null), true);

// What was in view, half of it and for a second, or clicked, is told several at a time: once for each item of an answer.
const SEEN_MS = 1000;
const seen = new Set();
const waiting = new Map();
let told = [];

function tellSeen() {
  if (told.length && globalThis.emitEvent) emitEvent("seen", told.splice(0));
}

function count(card) {
  const pair = [card.closest("[data-request]").dataset.request, card.dataset.item];
  if (seen.has(pair.join("\n"))) return;
  seen.add(pair.join("\n"));
  if (told.push(pair) === 1) setTimeout(tellSeen, SEEN_MS);
}

const view = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(waiting.get(target));
      waiting.delete(target);
      if (isIntersecting) waiting.set(target, setTimeout(() => isWatched(target) && count(target), SEEN_MS));
    }
  },
  { threshold: 0.5 },
);
const isWatched = (card) => card.isConnected && document.visibilityState === "visible";
const watched = new WeakSet();

function watch() {
  for (const card of document.querySelectorAll("[data-request] [data-item]")) {
    if (watched.has(card)) continue;
    watched.add(card);
    view.observe(card);
  }
}

addEventListener("click", ({ target }) => {
  const card = target.closest("[data-request] [data-item]");
  if (card) count(card);
}, true);
addEventListener("pagehide", tellSeen);

let isDrawn = false;
function drawn() {
  if (isDrawn) return;
  isDrawn = true;
  requestAnimationFrame(() => {
    isDrawn = false;
    keepFocus();
    watch();
  });
}
new MutationObserver(drawn).observe(document.documentElement, { childList: true, subtree: true });
