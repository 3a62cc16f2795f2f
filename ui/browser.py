"""The one piece of our own script in the page: what only a browser can do and Streamlit does not.

It writes the link without adding to the history, puts the attributes on the fields that Streamlit cannot,
scrolls a wide table to its current column, opens clauses beside their chips, and copies or prints when
something marked ``data-kh`` is clicked.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

_SCRIPT = r"""
const say = (text) => {
  let live = document.getElementById("kh-said");
  if (!live) {
    live = document.createElement("div");
    live.id = "kh-said";
    live.setAttribute("role", "status");
    document.body.append(live);
  }
  live.textContent = "";
  clearTimeout(live.khTimer);
  requestAnimationFrame(() => { live.textContent = text; live.dataset.shown = "yes"; });
  live.khTimer = setTimeout(() => { delete live.dataset.shown; }, 4000);
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {                                   // no clipboard without HTTPS: the old way still works there
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};

// What a clause says opens beside its chip, within the window; a click elsewhere or Escape closes it.
const MARGIN = 12;
const place = ({ target: chip }) => {
  if (!chip.matches?.(".kh-ref") || !chip.open) return;
  const panel = chip.querySelector(".kh-clause");
  const [around, size] = [chip.getBoundingClientRect(), panel.getBoundingClientRect()];
  const below = around.bottom + size.height + MARGIN < innerHeight;
  const start = getComputedStyle(chip).direction === "rtl" ? around.right - size.width : around.left;
  panel.style.top = `${below ? around.bottom + 6 : Math.max(MARGIN, around.top - size.height - 6)}px`;
  panel.style.left = `${Math.min(Math.max(MARGIN, start), innerWidth - size.width - MARGIN)}px`;
};
const closeAll = (but) => {
  for (const open of document.querySelectorAll(".kh-ref[open]")) if (open !== but) open.open = false;
};
const follow = () => document.querySelectorAll(".kh-ref[open]").forEach((target) => place({ target }));
const onKey = (event) => { if (event.key === "Escape") closeAll(); };

const onClick = async (event) => {
  const within = event.target.closest?.(".kh-ref");
  closeAll(within);
  const element = event.target.closest?.("[data-kh]");
  if (!element) return;
  const { kh, khText, khSaid } = element.dataset;
  if (kh === "print") {                  // on paper nothing can be opened: the working is opened before
    const folds = document.querySelectorAll('[class*="-why"] details:not([open]) > summary:not(.kh-chip)');
    folds.forEach((fold) => fold.click());
    setTimeout(() => window.print(), 500);
    return;
  }
  await copy(kh === "copy-link" ? location.href : khText);
  say(khSaid);
};

export default function ({ data, parentElement }) {
  const root = document.documentElement;
  root.lang = data.language;
  root.dir = data.direction;
  root.classList.toggle("kh-dark", data.dark);
  root.classList.toggle("kh-light", !data.dark);
  const search = data.query ? "?" + data.query : "";
  if (location.search !== search) history.replaceState(history.state, "", location.pathname + search);
  const ours = { click: onClick, keydown: onKey, toggle: place, scroll: follow };
  for (const [kind, listener] of Object.entries(ours)) {
    document.removeEventListener(kind, (document.khListeners ??= {})[kind], true);
    document.khListeners[kind] = listener;
    document.addEventListener(kind, listener, true);
  }

  const apply = () => {
    for (const [key, attributes] of Object.entries(data.attributes)) {
      const input = document.querySelector(`.st-key-${CSS.escape(key)} input`);
      if (!input) continue;
      for (const [name, value] of Object.entries(attributes)) {
        if (value === null) input.removeAttribute(name);
        else if (input.getAttribute(name) !== value) input.setAttribute(name, value);
      }
    }
    for (const [english, name] of Object.entries(data.names)) {
      for (const attribute of ["aria-label", "alt"]) {
        const named = document.querySelectorAll(`[${attribute}="${english}"]`);
        if (name !== english) named.forEach((element) => element.setAttribute(attribute, name));
      }
    }
    for (const chart of document.querySelectorAll('[data-testid="stVegaLiteChart"] svg:not([aria-hidden])')) {
      chart.setAttribute("aria-hidden", "true");                           // it is said in words beside it
    }
    for (const current of document.querySelectorAll(".kh-full th.cur")) {  // a wide table opens at its column
      const box = current.closest(".kh-wrap");
      if (box.khAt === current.textContent) continue;
      box.khAt = current.textContent;
      const [there, here] = [current.getBoundingClientRect(), box.getBoundingClientRect()];
      box.scrollLeft += there.x + there.width / 2 - here.x - here.width / 2;
    }
  };
  apply();
  document.khObserver?.disconnect();      // a clean-up runs at unmount only, and two observers would fight
  let due = false;                            // once a frame, however much a run changes
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; apply(); });
  };
  document.khObserver = new MutationObserver(soon);
  document.khObserver.observe(document.body, { childList: true, subtree: true });
}
"""

_component = st.components.v2.component("khodroyar_browser", js=_SCRIPT)


def tell_browser(
    *,
    language: str,
    direction: str,
    query: str,
    attributes: Mapping[str, Mapping[str, str | None]],
    names: Mapping[str, str],
) -> None:
    """Send the page's link, its fields' attributes, and the names of Streamlit's own English buttons."""
    data: dict[str, Any] = {
        "language": language,
        "direction": direction,
        "dark": st.context.theme.type == "dark",
        "query": query,
        "attributes": attributes,
        "names": names,
    }
    _component(key="browser", data=data)
