// Screen readers only announce changes of an existing region, so this one stays through every run.
const liveRegion = () => {
  let region = document.getElementById("kh-live-region");
  if (!region) {
    region = Object.assign(document.createElement("div"), {
      id: "kh-live-region",
      className: "kh-visually-hidden",
    });
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  return region;
};

const showToast = (text) => {
  let toast = document.getElementById("kh-toast");
  if (!toast) {
    toast = Object.assign(document.createElement("div"), { id: "kh-toast" });
    toast.setAttribute("aria-hidden", "true"); // the live region announces the text
    document.body.append(toast);
  }
  toast.textContent = text;
  toast.dataset.shown = "yes";
  liveRegion().textContent = text;
  clearTimeout(toast.khTimer);
  toast.khTimer = setTimeout(() => {
    delete toast.dataset.shown;
  }, 4000);
};

// Announce the answer, or what is missing for one, once the page has stopped changing.
const ANNOUNCED = ".kh-answer :is(h2, .kh-answer-figure, .kh-reason, .kh-answer-subtitle), .kh-empty";
const announce = () => {
  const lines = [...document.querySelectorAll(ANNOUNCED)]
    .map((part) => part.innerText.trim())
    .filter(Boolean);
  const [text, region] = [lines.join("\n"), liveRegion()];
  if (region.khAnswer !== text) region.textContent = region.khAnswer = text;
};

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // the Clipboard API needs HTTPS; execCommand works without it
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
};

// The text of a clause opens next to its badge, within the window; a click elsewhere or Escape closes it.
const WINDOW_MARGIN = 12;
const BADGE_GAP = 6;
const positionClause = ({ target: badge }) => {
  if (!badge.matches?.(".kh-clause-badge") || !badge.open) return;
  const panel = badge.querySelector(".kh-clause");
  const [badgeBox, panelBox] = [badge.getBoundingClientRect(), panel.getBoundingClientRect()];
  const fitsBelow = badgeBox.bottom + panelBox.height + WINDOW_MARGIN < innerHeight;
  const rtl = getComputedStyle(badge).direction === "rtl";
  const start = rtl ? badgeBox.right - panelBox.width : badgeBox.left;
  const above = Math.max(WINDOW_MARGIN, badgeBox.top - panelBox.height - BADGE_GAP);
  panel.style.top = `${fitsBelow ? badgeBox.bottom + BADGE_GAP : above}px`;
  panel.style.left = `${Math.min(Math.max(WINDOW_MARGIN, start), innerWidth - panelBox.width - WINDOW_MARGIN)}px`;
};
const closeClausesExcept = (kept) => {
  for (const badge of document.querySelectorAll(".kh-clause-badge[open]"))
    if (badge !== kept) badge.open = false;
};
const repositionOpenClauses = () => {
  for (const target of document.querySelectorAll(".kh-clause-badge[open]")) positionClause({ target });
};
// Streamlit's button groups take the direction of the arrow keys from the browser's language, not the page's.
const OPPOSITE_ARROW = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };
const browserDirection = /^(ar|fa|he|ur)\b/.test(navigator.language) ? "rtl" : "ltr";
const onKeyDown = (event) => {
  if (event.key === "Escape") closeClausesExcept(null);
  const [key, { target }] = [OPPOSITE_ARROW[event.key], event];
  if (!key || !event.isTrusted || document.documentElement.dir === browserDirection) return;
  if (!target.closest?.("[role=toolbar], [role=radiogroup]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  target.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true }));
};

const onClick = async (event) => {
  closeClausesExcept(event.target.closest?.(".kh-clause-badge"));
  const element = event.target.closest?.("[data-kh]");
  if (!element) return;
  const { kh, khText, khMessage } = element.dataset;
  if (kh === "print") {
    // open the steps first, so that they are printed
    const folds = document.querySelectorAll('[class*="-why"] details:not([open]) > summary:not(.kh-chip)');
    for (const fold of folds) fold.click();
    setTimeout(() => window.print(), 500);
    return;
  }
  await copy(kh === "copy-link" ? location.origin + location.pathname + document.khPermalinkQuery : khText);
  showToast(khMessage);
};

// A press of the mouse takes the focus from a field, which sends its value; if the answer moves the pressed control
// before the button is released, the browser sends the control no click. Send it here.
const PRESS_TOLERANCE = 8;
const onPointerDown = ({ button, pointerType, target, clientX, clientY }) => {
  const control = target.closest?.("button, a, label, summary, [role]") ?? target;
  const pressed = button === 0 && pointerType === "mouse";
  document.khPress = pressed ? { control, top: control.getBoundingClientRect().top, clientX, clientY } : null;
};
const onPointerUp = ({ target, clientX, clientY }) => {
  const { khPress: press } = document;
  document.khPress = null;
  if (!press?.control.isConnected || press.control.contains(target)) return;
  const moved = press.control.getBoundingClientRect().top !== press.top;
  const dragged = Math.hypot(clientX - press.clientX, clientY - press.clientY) > PRESS_TOLERANCE;
  if (!moved || dragged) return;
  setTimeout(() => press.control.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })));
};

// While the connection is lost, show a message in the page's language instead of Streamlit's; the answer stays
// readable. When the connection is back, request a run, so that the last input is sent.
const watchConnection = (offlineMessage, requestRun) => {
  const app = document.querySelector('[data-testid="stApp"]');
  let note = document.getElementById("kh-offline");
  if (!note) {
    note = Object.assign(document.createElement("div"), { id: "kh-offline" });
    note.setAttribute("role", "alert");
    document.body.append(note);
  }
  let wasOffline = false;
  const update = () => {
    const online = app.dataset.testConnectionState === "CONNECTED";
    document.documentElement.classList.toggle("kh-offline", !online);
    note.textContent = online ? "" : offlineMessage;
    if (online && wasOffline) requestRun();
    wasOffline = !online;
  };
  update();
  document.khConnectionObserver?.disconnect();
  document.khConnectionObserver = new MutationObserver(update);
  document.khConnectionObserver.observe(app, { attributeFilter: ["data-test-connection-state"] });
};
const dismissStreamlitDialog = () => {
  for (const dialog of document.querySelectorAll('html.kh-offline [role="dialog"]')) {
    if (dialog.textContent.includes("Is Streamlit still running?")) dialog.querySelector("button")?.click();
  }
};

export default function ({ data, setTriggerValue }) {
  const root = document.documentElement;
  root.lang = data.language;
  document.khPermalinkQuery = data.permalinkQuery;
  root.dir = data.direction;
  root.classList.toggle("kh-dark", data.dark);
  root.classList.toggle("kh-light", !data.dark);
  const search = data.query ? `?${data.query}` : "";
  if (location.search !== search) history.replaceState(history.state, "", location.pathname + search);
  const listeners = {
    click: onClick,
    keydown: onKeyDown,
    pointerdown: onPointerDown,
    pointerup: onPointerUp,
    toggle: positionClause,
    scroll: repositionOpenClauses,
  };
  document.khListeners ??= {};
  for (const [kind, listener] of Object.entries(listeners)) {
    document.removeEventListener(kind, document.khListeners[kind], true);
    document.khListeners[kind] = listener;
    document.addEventListener(kind, listener, true);
  }

  const apply = () => {
    dismissStreamlitDialog();
    for (const failed of document.querySelectorAll('[data-testid="stDownloadButtonError"]')) {
      if (failed.khReported) continue; // its English text is hidden by ui/styles/
      failed.khReported = true;
      showToast(data.downloadFailedMessage);
      setTriggerValue("rerun", Date.now()); // the next run shows the id of the log entry
    }
    for (const note of document.querySelectorAll(".kh-scroll-into-view")) {
      note.classList.remove("kh-scroll-into-view");
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
    for (const [english, name] of Object.entries(data.streamlitLabels)) {
      if (name === english) continue;
      for (const attribute of ["aria-label", "alt"]) {
        const elements = document.querySelectorAll(`[${attribute}="${english}"]`);
        for (const element of elements) element.setAttribute(attribute, name);
      }
    }
    for (const chart of document.querySelectorAll('[data-testid="stVegaLiteChart"] svg:not([aria-hidden])')) {
      chart.setAttribute("aria-hidden", "true"); // a text next to the chart describes it
    }
    for (const current of document.querySelectorAll(".kh-schedule-table th.current")) {
      // scroll a wide table to its current column
      const wrapper = current.closest(".kh-scroll-container");
      if (wrapper.khColumn === current.textContent) continue;
      wrapper.khColumn = current.textContent;
      const [columnBox, wrapperBox] = [current.getBoundingClientRect(), wrapper.getBoundingClientRect()];
      wrapper.scrollLeft += columnBox.x + columnBox.width / 2 - wrapperBox.x - wrapperBox.width / 2;
    }
  };
  watchConnection(data.offlineMessage, () => setTriggerValue("rerun", Date.now()));
  apply();
  document.khAnnounceTimer ??= setTimeout(announce, 600);
  // a clean-up function would run at unmount only, so replace the observer of the previous run here
  document.khObserver?.disconnect();
  let scheduled = false; // at most once per animation frame
  const schedule = () => {
    clearTimeout(document.khAnnounceTimer);
    document.khAnnounceTimer = setTimeout(announce, 600);
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      apply();
    });
  };
  document.khObserver = new MutationObserver(schedule);
  document.khObserver.observe(document.body, { childList: true, subtree: true });
}
