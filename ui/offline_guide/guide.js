// The script of the offline guide. It contains no rules: it looks up the range of an odometer value, searches,
// and shows the age of the file. All figures are in the tables and in #known.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const state = { car: null, gearbox: {}, level: readSetting("level") || "", km: "", section: "service" };
  setLocale(readSetting("language") === "en" ? "en" : "fa");
  let data = null;
  let normalise = null;
  let comparisonKey = null;
  let texts = {};

  function readSetting(name) {
    try {
      return localStorage.getItem(`khodroyar-${name}`);
    } catch {
      return null;
    }
  }
  function saveSetting(name, value) {
    try {
      localStorage.setItem(`khodroyar-${name}`, value);
    } catch {
      /* no storage in this viewer */
    }
  }
  function setLocale(language) {
    root.lang = language;
    root.dir = language === "fa" ? "rtl" : "ltr";
  }
  const findAll = (selector, from = document) => [...from.querySelectorAll(selector)];
  const find = (selector, from = document) => from.querySelector(selector);

  // ---- elements, texts and numbers
  function createElement(name, className, ...parts) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...parts.filter((part) => part !== null && part !== ""));
    return element;
  }
  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  function formatNumber(value, words) {
    const grouped = String(value).replace(/\B(?=(\d{3})+$)/g, words.group);
    return grouped.replace(/\d/g, (digit) => words.digits[digit]);
  }
  // Parse an odometer value: digits of any script, with or without groups of three.
  // Return null for an empty text and NaN for an invalid one.
  function parseOdometer(text) {
    const digits = normalise(text).replace(/\s/g, "");
    if (!digits) return null;
    const value = /^\d{1,3}([,٬،.'_]\d{3})+$/.test(digits) ? digits.replace(/\D/g, "") : digits;
    return /^\d+$/.test(value) && Number(value) <= data.max_km ? Number(value) : NaN;
  }

  // ---- what is due
  function planName() {
    const own = data.cars[state.car];
    return own[state.gearbox[state.car]] ?? Object.values(own)[0];
  }
  function rangeAt(plan, km) {
    let match = null;
    for (const range of plan.ranges) if (range[0] <= km) match = range;
    return match;
  }

  // Read a service from its column of the table, for the chosen level.
  function service(table, km, words) {
    const heads = findAll("thead th", table);
    const index = heads.findIndex((head) => Number(head.dataset.km) === km);
    const { from, to } = heads[index].dataset;
    const items = findAll("tbody tr", table).flatMap((row) => {
      const cell = row.cells[index];
      if (!cell.dataset.cover) return [];
      const { cover, needs, other, otherNeeds } = cell.dataset;
      const result = verdict(cover, needs, words);
      const otherResult = other ? verdict(other, otherNeeds, words) : result;
      return [
        {
          name: row.cells[0].textContent,
          ...result,
          other: otherResult.label === result.label ? null : otherResult.label,
        },
      ];
    });
    return { km, from: Number(from), to: Number(to), items };
  }
  function verdict(cover, needs, words) {
    const letter = cover[data.levels.indexOf(state.level === "other" ? otherLevel() : state.level)];
    const neededLevel = words.needs[needs] ?? "";
    if (cover[0] === "o") return { className: "tariff", label: words.yours, note: "", owner: true };
    if (letter === undefined) return { className: "", label: neededLevel, note: "" };
    if (letter === "+") return { className: "free", label: words.free, note: neededLevel };
    return { className: "tariff", label: words.yours, note: words.reasons[letter] ?? neededLevel };
  }
  const otherLevel = () => data.levels.find((level) => !data.offered.includes(level));

  function itemList(entry, words) {
    const rows = entry.items.map((item) => {
      const cell = item.label ? createElement("span", `cell ${item.className || "plain"}`, item.label) : "";
      return createElement(
        "li",
        "",
        createElement("b", "", item.name),
        cell,
        item.note ? createElement("small", "", item.note) : "",
      );
    });
    const parts = [createElement("ul", "items", ...rows)];
    if (entry.items.some((item) => item.owner)) parts.unshift(createElement("p", "paragraph", words.owner));
    const changed = entry.items.filter((item) => item.other !== null);
    if (changed.length) {
      const list = changed.map((item) => fill(words.reading_item, { item: item.name, verdict: item.other }));
      const line = fill(words.reading_line, {
        km: formatNumber(entry.km, words),
        items: list.join(words.and),
      });
      parts.push(
        createElement(
          "div",
          "note",
          createElement("b", "", fill(words.other_reading, { said: line })),
          createElement("p", "", words.reading),
        ),
      );
    }
    return parts;
  }
  function windowText(entry, words) {
    return fill(words.window, {
      first: formatNumber(entry.from, words),
      last: formatNumber(entry.to, words),
    });
  }
  function foldedService(title, entry, words) {
    const heading = `${title}: ${formatNumber(entry.km, words)} ${words.km}`;
    const summary = createElement(
      "summary",
      "",
      createElement("b", "", heading),
      createElement("small", "", windowText(entry, words)),
    );
    return createElement("details", "fold", summary, ...itemList(entry, words));
  }

  // The bar with the previous service, the window, the next service, and the position of the car.
  function progressBar(odometer, stops, highlighted, words) {
    const marginPercent = 12;
    const firstKm = Math.min(odometer, ...stops.map((stop) => stop.from));
    const lastKm = Math.max(odometer, ...stops.map((stop) => stop.to));
    const position = (km) =>
      marginPercent + ((100 - 2 * marginPercent) * (km - firstKm)) / Math.max(1, lastKm - firstKm);
    const bar = createElement("div", "progress-bar");
    bar.setAttribute("aria-hidden", "true");
    const addMark = (className, km, ...parts) => {
      const mark = createElement("span", className, ...parts);
      mark.style.insetInlineStart = `${position(km)}%`;
      bar.append(mark);
      return mark;
    };
    bar.append(createElement("span", "track"));
    addMark("service-window", highlighted.from).style.width =
      `${position(highlighted.to) - position(highlighted.from)}%`;
    addMark("car", odometer, createElement("b", "", formatNumber(odometer, words)));
    for (const stop of stops) {
      const name = stop === highlighted ? "" : stop.km < highlighted.km ? words.previous : words.next;
      addMark(
        "service",
        stop.km,
        createElement("b", "", formatNumber(stop.km, words)),
        createElement("em", "", name),
      );
    }
    return bar;
  }

  function showDue(locale) {
    const words = texts[locale.lang];
    const dueSection = find(".due", locale);
    const fieldNote = find(".field-note", locale);
    dueSection.replaceChildren();
    const km = parseOdometer(state.km);
    fieldNote.className = Number.isNaN(km) ? "field-note invalid" : "field-note";
    fieldNote.textContent =
      km === null
        ? state.car
          ? words.enter_odometer
          : words.choose_car
        : Number.isNaN(km)
          ? words.unreadable
          : fill(words.understood, { km: formatNumber(km, words) });
    const table = state.car && find(`[data-plan="${planName()}"] table`, locale);
    for (const cell of findAll(".current", locale)) cell.classList.remove("current");
    if (!state.car || km === null || Number.isNaN(km)) return;
    const plan = data.tables[planName()];
    if (plan.until !== null && km > plan.until) {
      dueSection.append(
        createElement("p", "note", fill(words.beyond, { km: formatNumber(plan.until, words) })),
      );
      return;
    }
    const [, previousKm, currentKm, nextKm] = rangeAt(plan, km);
    const [previous, current, next] = [previousKm, currentKm, nextKm].map((serviceKm) =>
      serviceKm === null ? null : service(table, serviceKm, words),
    );
    const highlighted = current ?? next;
    if (!highlighted) {
      dueSection.append(
        createElement(
          "div",
          "answer",
          createElement("h2", "", words.no_more),
          createElement("p", "", words.no_more_line),
        ),
      );
    } else {
      const left = current ? highlighted.to - km : highlighted.from - km;
      const stops = [previous, current, next].filter(Boolean);
      dueSection.append(
        createElement(
          "div",
          "answer",
          createElement("h2", "", current ? words.due_now : words.due_next),
          createElement(
            "p",
            "figure",
            createElement("b", "", formatNumber(highlighted.km, words)),
            " ",
            createElement("span", "", words.km),
          ),
          createElement(
            "p",
            "state",
            createElement("span", `badge${current ? " open" : ""}`, current ? words.open : words.not_yet),
            " ",
            createElement(
              "span",
              "",
              fill(current ? words.left : words.to_window, { km: formatNumber(left, words) }),
            ),
          ),
          createElement("p", "window", windowText(highlighted, words)),
          progressBar(km, stops, highlighted, words),
        ),
      );
      dueSection.append(
        createElement("h2", "", fill(words.items, { km: formatNumber(highlighted.km, words) })),
        ...itemList(highlighted, words),
      );
      dueSection.lastElementChild.closest(".due").dataset.km = highlighted.km;
      for (const row of table.rows) {
        const index = [...table.tHead.rows[0].cells].findIndex(
          (head) => Number(head.dataset.km) === highlighted.km,
        );
        row.cells[index]?.classList.add("current");
      }
    }
    if (previous && !current) {
      dueSection.append(
        createElement(
          "p",
          "paragraph",
          fill(words.lost_line, {
            km: formatNumber(previous.km, words),
            last: formatNumber(previous.to, words),
          }),
        ),
      );
    }
    if (previous) dueSection.append(foldedService(words.previous, previous, words));
    if (next && next !== highlighted) dueSection.append(foldedService(words.next, next, words));
    scrollToColumn(table, "th.current");
  }

  // Scroll a table that is wider than the screen to the column.
  function scrollToColumn(table, column) {
    const head = find(column, table);
    const box = table.closest(".scroll-container");
    if (!head || !box.clientWidth) return;
    const center = head.getBoundingClientRect().left + head.offsetWidth / 2;
    const target = box.getBoundingClientRect().left + box.clientWidth / 2;
    box.scrollLeft += center - target;
  }

  // ---- rendering of the state
  function render() {
    for (const locale of findAll(".locale")) {
      setPressed(locale, ".tile", (tile) => tile.dataset.car === state.car);
      setPressed(locale, ".pills [data-level]", (button) => button.dataset.level === state.level);
      setPressed(
        locale,
        ".segments [data-level]",
        (button) =>
          button.dataset.level ===
          (!state.level || data.offered.includes(state.level) ? state.level : "other"),
      );
      for (const choice of findAll("[data-gearboxes]", locale)) {
        choice.hidden = choice.dataset.gearboxes !== state.car;
        const chosen =
          state.gearbox[choice.dataset.gearboxes] ?? Object.keys(data.cars[choice.dataset.gearboxes])[0];
        setPressed(choice, "[data-gearbox]", (button) => button.dataset.gearbox === chosen);
      }
      const plan = state.car ? planName() : null;
      for (const article of findAll("[data-plan]", locale)) article.hidden = article.dataset.plan !== plan;
      for (const article of findAll("[data-share-level]", locale))
        article.hidden = article.dataset.shareLevel !== state.level;
      find(".choose-card", locale).hidden = data.levels.includes(state.level);
      locale.classList.toggle("one-level", data.levels.includes(state.level));
      for (const cell of findAll("[data-of-level]", locale))
        cell.classList.toggle("chosen-level", cell.dataset.ofLevel === state.level);
      const level = data.levels.indexOf(state.level === "other" ? otherLevel() : state.level);
      for (const cell of findAll("[data-cover]", locale)) {
        const letter = level < 0 ? "" : cell.dataset.cover[level];
        cell.classList.toggle("covered", letter === "+");
        cell.classList.toggle("not-covered", letter !== "" && letter !== "+" && letter !== "o");
      }
      for (const section of findAll("[data-section]", locale))
        section.classList.toggle("open-section", section.dataset.section === state.section);
      for (const link of findAll("nav a", locale)) {
        if (link.dataset.to === state.section) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      const field = find(".odometer", locale);
      if (field !== document.activeElement) field.value = state.km;
      showDue(locale);
      for (const table of findAll(".comparison", locale)) scrollToColumn(table, "th.chosen-level");
    }
  }
  function setPressed(locale, selector, isPressed) {
    for (const button of findAll(selector, locale))
      button.setAttribute("aria-pressed", String(Boolean(isPressed(button))));
  }

  // ---- search
  function search(query) {
    const queryWords = query.split(/\s+/).map(comparisonKey).filter(Boolean);
    document.body.classList.toggle("searching", queryWords.length > 0);
    for (const locale of findAll(".locale")) {
      let count = 0;
      for (const entry of findAll("[data-search]", locale)) {
        const inName = queryWords.every((word) => entry.dataset.search.includes(word));
        const matchesQuery =
          inName ||
          queryWords.every((word) =>
            (entry.dataset.search + (entry.dataset.searchAlso ?? "")).includes(word),
          );
        entry.classList.toggle("no-match", !matchesQuery);
        entry.classList.toggle("weak-match", matchesQuery && !inName);
        const counted =
          matchesQuery &&
          !entry.closest("[data-share-level][hidden]") &&
          !entry.classList.contains("other-reading");
        if (counted) count += 1;
      }
      for (const block of findAll("[data-group], [data-section], .pairs, .scroll-container", locale)) {
        const entries = findAll("[data-search]", block);
        const matches = entries.filter((entry) => !entry.classList.contains("no-match"));
        block.classList.toggle(
          "weak-match",
          matches.length > 0 && matches.every((entry) => entry.classList.contains("weak-match")),
        );
        if (entries.length) block.classList.toggle("no-matches", matches.length === 0);
      }
      const words = texts[locale.lang];
      find(".match-count", locale).textContent = !queryWords.length
        ? ""
        : count
          ? fill(words.found, { count: formatNumber(count, words) })
          : words.nothing_found;
      const field = find(".search", locale);
      if (field !== document.activeElement) field.value = query;
    }
  }
  function clearSearch() {
    if (!document.body.classList.contains("searching")) return;
    for (const field of findAll(".search")) field.value = "";
    search("");
  }

  // ---- age of the file, by the device's clock in the time zone of Tehran
  function showAge() {
    let today;
    try {
      today = new Intl.DateTimeFormat("en-CA", {
        timeZone: "Asia/Tehran",
        year: "numeric",
        month: "2-digit",
        day: "2-digit",
      }).format(new Date());
    } catch {
      today = new Date().toISOString().slice(0, 10);
    }
    const days = Math.round((Date.parse(today) - Date.parse(data.made)) / 86400000);
    for (const locale of findAll(".locale")) {
      const old = find('[data-warn="old"]', locale);
      old.hidden = days <= data.stale_after_days;
      const line = find("[data-text]", old);
      line.textContent = fill(line.dataset.text, {
        days: formatNumber(Math.max(0, days), texts[locale.lang]),
      });
      find('[data-warn="clock"]', locale).hidden = days >= 0;
    }
  }

  // ---- events
  function openSection(section) {
    state.section = section;
    render();
  }
  function openSectionOfUrl() {
    const name = decodeURIComponent(location.hash.slice(1)).replace(/-en$/, "");
    if (find(`[data-section="${CSS.escape(name)}"]`)) {
      clearSearch();
      openSection(name);
      scrollTo(0, 0);
    }
  }
  function setLanguage(language) {
    setLocale(language);
    saveSetting("language", language);
    document.title = texts[language].title;
    render();
  }
  function onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { car, level, gearbox, language } = button.dataset;
    if (language) setLanguage(language);
    if (level !== undefined) {
      state.level = level;
      saveSetting("level", level);
      render();
    }
    if (gearbox) {
      state.gearbox[state.car] = gearbox;
      render();
    }
    if (car) {
      state.car = car;
      clearSearch();
      openSection("service");
      const locale = button.closest(".locale");
      const field = find(".odometer", locale);
      field.focus({ preventScroll: true });
      field.select();
      find(".inputs", locale).scrollIntoView({ block: "start" });
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    data = JSON.parse(document.getElementById("known").textContent);
    ({ normalise, comparisonKey } = normalisation(data.normalisation));
    texts = data.texts;
    if (state.level !== "other" && !data.levels.includes(state.level)) state.level = "";
    document.title = texts[root.lang].title;
    document.addEventListener("click", onClick);
    document.addEventListener("input", ({ target }) => {
      if (target.matches(".odometer")) {
        state.km = target.value;
        findAll(".locale").forEach(showDue);
      }
      if (target.matches(".search")) search(target.value);
    });
    document.addEventListener("keydown", ({ key: pressed, target }) => {
      if (pressed === "Enter" && target.matches("input")) target.blur();
      if (pressed === "Escape") clearSearch();
    });
    addEventListener("hashchange", openSectionOfUrl);
    document.addEventListener("visibilitychange", showAge);
    showAge();
    render();
    openSectionOfUrl();
  });
})();
