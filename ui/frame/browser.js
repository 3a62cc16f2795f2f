// A reader hears only what changes in a region that was there before: this one stays through every run.
const region = () => {
  let heard = document.getElementById("kh-heard");
  if (!heard) {
    heard = Object.assign(document.createElement("div"), { id: "kh-heard", className: "kh-only-read" });
    heard.setAttribute("role", "status");
    document.body.append(heard);
  }
  return heard;
};

const say = (text) => {
  let shown = document.getElementById("kh-said");
  if (!shown) {
    shown = Object.assign(document.createElement("div"), { id: "kh-said" });
    shown.setAttribute("aria-hidden", "true"); // it is heard from the region
    document.body.append(shown);
  }
  shown.textContent = text;
  shown.dataset.shown = "yes";
  region().textContent = text;
  clearTimeout(shown.khTimer);
  shown.khTimer = setTimeout(() => {
    delete shown.dataset.shown;
  }, 4000);
};

// The answer, or why there is none yet, is heard once the page has been still for a moment.
const ANSWERS = ".kh-answer :is(h2, .kh-num, .kh-why, .kh-sub), .kh-empty";
const hear = () => {
  const said = [...document.querySelectorAll(ANSWERS)].map((part) => part.innerText.trim()).filter(Boolean);
  const [text, heard] = [said.join("\n"), region()];
  if (heard.khAnswer !== text) heard.textContent = heard.khAnswer = text;
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // no clipboard without HTTPS: the old way still works there
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
const follow = () => {
  for (const target of document.querySelectorAll(".kh-ref[open]")) place({ target });
};
// Streamlit's groups take the direction of their arrows from the browser's language, not from the page's.
const OTHER = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };
const browsersOwn = /^(ar|fa|he|ur)\b/.test(navigator.language) ? "rtl" : "ltr";
const onKey = (event) => {
  if (event.key === "Escape") closeAll();
  const [key, { target }] = [OTHER[event.key], event];
  if (!key || !event.isTrusted || document.documentElement.dir === browsersOwn) return;
  if (!target.closest?.("[role=toolbar], [role=radiogroup]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  target.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true }));
};

const onClick = async (event) => {
  const within = event.target.closest?.(".kh-ref");
  closeAll(within);
  const element = event.target.closest?.("[data-kh]");
  if (!element) return;
  const { kh, khText, khSaid } = element.dataset;
  if (kh === "print") {
    // on paper nothing can be opened: the working is opened before
    const folds = document.querySelectorAll('[class*="-why"] details:not([open]) > summary:not(.kh-chip)');
    for (const fold of folds) fold.click();
    setTimeout(() => window.print(), 500);
    return;
  }
  await copy(kh === "copy-link" ? location.origin + location.pathname + document.khToKeep : khText);
  say(khSaid);
};

// While the connection is gone it is said in the page's language, in place of Streamlit's words for
// developers, and the answer stays readable. Once it is back, what was typed last is sent: Streamlit asks for
// no run itself.
const rejoin = (text, ask) => {
  const app = document.querySelector('[data-testid="stApp"]');
  let note = document.getElementById("kh-gone");
  if (!note) {
    note = Object.assign(document.createElement("div"), { id: "kh-gone" });
    note.setAttribute("role", "alert");
    document.body.append(note);
  }
  let gone = false;
  const look = () => {
    const back = app.dataset.testConnectionState === "CONNECTED";
    document.documentElement.classList.toggle("kh-gone", !back);
    note.textContent = back ? "" : text;
    if (back && gone) ask();
    gone = !back;
  };
  look();
  document.khJoined?.disconnect();
  document.khJoined = new MutationObserver(look);
  document.khJoined.observe(app, { attributeFilter: ["data-test-connection-state"] });
};
const dismissStreamlitsOwn = () => {
  for (const dialog of document.querySelectorAll('html.kh-gone [role="dialog"]')) {
    if (dialog.textContent.includes("Is Streamlit still running?")) dialog.querySelector("button")?.click();
  }
};

export default function ({ data, setTriggerValue }) {
  const root = document.documentElement;
  root.lang = data.language;
  document.khToKeep = data.to_keep;
  root.dir = data.direction;
  root.classList.toggle("kh-dark", data.dark);
  root.classList.toggle("kh-light", !data.dark);
  const search = data.query ? `?${data.query}` : "";
  if (location.search !== search) history.replaceState(history.state, "", location.pathname + search);
  const ours = { click: onClick, keydown: onKey, toggle: place, scroll: follow };
  document.khListeners ??= {};
  for (const [kind, listener] of Object.entries(ours)) {
    document.removeEventListener(kind, document.khListeners[kind], true);
    document.khListeners[kind] = listener;
    document.addEventListener(kind, listener, true);
  }

  const apply = () => {
    dismissStreamlitsOwn();
    for (const failed of document.querySelectorAll('[data-testid="stDownloadButtonError"]')) {
      if (failed.khSaid) continue; // said in English there, and hidden by ui/styles/
      failed.khSaid = true;
      say(data.no_file);
      setTriggerValue("back", Date.now()); // the run says under which id it is logged
    }
    for (const note of document.querySelectorAll(".kh-into-view")) {
      note.classList.remove("kh-into-view");
      note.scrollIntoView({ block: "center" });
    }
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
        if (name === english) continue;
        for (const element of named) element.setAttribute(attribute, name);
      }
    }
    for (const chart of document.querySelectorAll('[data-testid="stVegaLiteChart"] svg:not([aria-hidden])')) {
      chart.setAttribute("aria-hidden", "true"); // it is said in words beside it
    }
    for (const current of document.querySelectorAll(".kh-full th.cur")) {
      // a wide table opens at its column
      const box = current.closest(".kh-wrap");
      if (box.khAt === current.textContent) continue;
      box.khAt = current.textContent;
      const [there, here] = [current.getBoundingClientRect(), box.getBoundingClientRect()];
      box.scrollLeft += there.x + there.width / 2 - here.x - here.width / 2;
    }
  };
  rejoin(data.gone, () => setTriggerValue("back", Date.now()));
  apply();
  document.khHearing ??= setTimeout(hear, 600);
  document.khObserver?.disconnect(); // a clean-up runs at unmount only, and two observers would fight
  let due = false; // once a frame, however much a run changes
  const soon = () => {
    clearTimeout(document.khHearing);
    document.khHearing = setTimeout(hear, 600);
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      apply();
    });
  };
  document.khObserver = new MutationObserver(soon);
  document.khObserver.observe(document.body, { childList: true, subtree: true });
}
