// The guide's script. It knows no rule: it looks up the stretch of the road that a reading lies on, finds
// what is searched, and says how old the file is. Figures stand in the tables and in #known.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const state = { car: null, gearbox: {}, level: recall("level") || "", km: "", section: "service" };
  setLocale(recall("language") === "en" ? "en" : "fa");
  let known = null;
  let normalise = null;
  let comparisonKey = null;
  let say = {};

  function recall(name) {
    try {
      return localStorage.getItem(`khodroyar-${name}`);
    } catch {
      return null;
    }
  }
  function remember(name, value) {
    try {
      localStorage.setItem(`khodroyar-${name}`, value);
    } catch {
      /* a viewer without a store */
    }
  }
  function setLocale(language) {
    root.lang = language;
    root.dir = language === "fa" ? "rtl" : "ltr";
  }
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  // ---- words and numbers
  function make(name, look, ...parts) {
    const made = document.createElement(name);
    if (look) made.className = look;
    made.append(...parts.filter((part) => part !== null && part !== ""));
    return made;
  }
  const fill = (form, places) => form.replace(/\{(\w+)\}/g, (_, name) => places[name]);
  function number(value, words) {
    const grouped = String(value).replace(/\B(?=(\d{3})+$)/g, words.group);
    return grouped.replace(/\d/g, (digit) => words.digits[digit]);
  }
  // The odometer: digits of any script, in groups of three or in none. null: nothing; NaN: not readable.
  function reading(said) {
    const bare = normalise(said).replace(/\s/g, "");
    if (!bare) return null;
    const whole = /^\d{1,3}([,٬،.'_]\d{3})+$/.test(bare) ? bare.replace(/\D/g, "") : bare;
    return /^\d+$/.test(whole) && Number(whole) <= known.max_km ? Number(whole) : NaN;
  }

  // ---- what is due
  function planName() {
    const own = known.cars[state.car];
    return own[state.gearbox[state.car]] ?? Object.values(own)[0];
  }
  function stretchAt(plan, km) {
    let found = null;
    for (const each of plan.stretches) if (each[0] <= km) found = each;
    return found;
  }

  // A service as its column of the table has it, under the chosen level.
  function service(table, km, words) {
    const heads = all("thead th", table);
    const place = heads.findIndex((head) => Number(head.dataset.km) === km);
    const { from, to } = heads[place].dataset;
    const items = all("tbody tr", table).flatMap((row) => {
      const cell = row.cells[place];
      if (!cell.dataset.cover) return [];
      const { cover, needs, other, otherNeeds } = cell.dataset;
      const here = verdict(cover, needs, words);
      const there = other ? verdict(other, otherNeeds, words) : here;
      return [
        { name: row.cells[0].textContent, ...here, other: there.said === here.said ? null : there.said },
      ];
    });
    return { km, from: Number(from), to: Number(to), items };
  }
  function verdict(cover, needs, words) {
    const letter = cover[known.levels.indexOf(state.level === "other" ? otherLevel() : state.level)];
    const wanted = words.needs[needs] ?? "";
    if (cover[0] === "o") return { look: "tariff", said: words.yours, need: "", owner: true };
    if (letter === undefined) return { look: "", said: wanted, need: "" };
    if (letter === "+") return { look: "free", said: words.free, need: wanted };
    return { look: "tariff", said: words.yours, need: words.reasons[letter] ?? wanted };
  }
  const otherLevel = () => known.levels.find((level) => !known.offered.includes(level));

  function itemsOf(each, words) {
    const rows = each.items.map((item) => {
      const said = item.said ? make("span", `cell ${item.look || "plain"}`, item.said) : "";
      return make("li", "", make("b", "", item.name), said, item.need ? make("small", "", item.need) : "");
    });
    const parts = [make("ul", "items", ...rows)];
    if (each.items.some((item) => item.owner)) parts.unshift(make("p", "line", words.owner));
    const changed = each.items.filter((item) => item.other !== null);
    if (changed.length) {
      const list = changed.map((item) => fill(words.reading_item, { item: item.name, verdict: item.other }));
      const line = fill(words.reading_line, { km: number(each.km, words), items: list.join(words.and) });
      parts.push(
        make(
          "div",
          "note",
          make("b", "", fill(words.other_reading, { said: line })),
          make("p", "", words.reading),
        ),
      );
    }
    return parts;
  }
  function window_(each, words) {
    return fill(words.window, { first: number(each.from, words), last: number(each.to, words) });
  }
  function folded(title, each, words) {
    const head = `${title}: ${number(each.km, words)} ${words.km}`;
    const summary = make("summary", "", make("b", "", head), make("small", "", window_(each, words)));
    return make("details", "fold", summary, ...itemsOf(each, words));
  }

  // The road: the service before, the window, the one after, and the car between them.
  function road(odometer, stops, main, words) {
    const edge = 12;
    const first = Math.min(odometer, ...stops.map((each) => each.from));
    const last = Math.max(odometer, ...stops.map((each) => each.to));
    const at = (km) => edge + ((100 - 2 * edge) * (km - first)) / Math.max(1, last - first);
    const drawn = make("div", "road");
    drawn.setAttribute("aria-hidden", "true");
    const put = (look, km, ...parts) => {
      const made = make("span", look, ...parts);
      made.style.insetInlineStart = `${at(km)}%`;
      drawn.append(made);
      return made;
    };
    drawn.append(make("span", "track"));
    put("win", main.from).style.width = `${at(main.to) - at(main.from)}%`;
    put("car", odometer, make("b", "", number(odometer, words)));
    for (const each of stops) {
      const name = each === main ? "" : each.km < main.km ? words.previous : words.next;
      put("stop", each.km, make("b", "", number(each.km, words)), make("em", "", name));
    }
    return drawn;
  }

  function showDue(tree) {
    const words = say[tree.lang];
    const due = one(".due", tree);
    const echo = one(".echo", tree);
    due.replaceChildren();
    const km = reading(state.km);
    echo.className = Number.isNaN(km) ? "echo bad" : "echo";
    echo.textContent =
      km === null
        ? state.car
          ? words.enter_odometer
          : words.choose_car
        : Number.isNaN(km)
          ? words.unreadable
          : fill(words.understood, { km: number(km, words) });
    const table = state.car && one(`[data-plan="${planName()}"] table`, tree);
    for (const cell of all(".cur", tree)) cell.classList.remove("cur");
    if (!state.car || km === null || Number.isNaN(km)) return;
    const plan = known.tables[planName()];
    if (plan.until !== null && km > plan.until) {
      due.append(make("p", "note", fill(words.beyond, { km: number(plan.until, words) })));
      return;
    }
    const [, before, open, after] = stretchAt(plan, km);
    const [previous, current, next] = [before, open, after].map((each) =>
      each === null ? null : service(table, each, words),
    );
    const main = current ?? next;
    if (!main) {
      due.append(make("div", "answer", make("h2", "", words.no_more), make("p", "", words.no_more_line)));
    } else {
      const left = current ? main.to - km : main.from - km;
      const stops = [previous, current, next].filter(Boolean);
      due.append(
        make(
          "div",
          "answer",
          make("h2", "", current ? words.due_now : words.due_next),
          make("p", "figure", make("b", "", number(main.km, words)), " ", make("span", "", words.km)),
          make(
            "p",
            "state",
            make("span", `badge${current ? " open" : ""}`, current ? words.open : words.not_yet),
            " ",
            make("span", "", fill(current ? words.left : words.to_window, { km: number(left, words) })),
          ),
          make("p", "window", window_(main, words)),
          road(km, stops, main, words),
        ),
      );
      due.append(make("h2", "", fill(words.items, { km: number(main.km, words) })), ...itemsOf(main, words));
      due.lastElementChild.closest(".due").dataset.km = main.km;
      for (const row of table.rows) {
        const place = [...table.tHead.rows[0].cells].findIndex((head) => Number(head.dataset.km) === main.km);
        row.cells[place]?.classList.add("cur");
      }
    }
    if (previous && !current) {
      due.append(
        make(
          "p",
          "line",
          fill(words.lost_line, { km: number(previous.km, words), last: number(previous.to, words) }),
        ),
      );
    }
    if (previous) due.append(folded(words.previous, previous, words));
    if (next && next !== main) due.append(folded(words.next, next, words));
    bringIn(table, "th.cur");
  }

  // A table that is wider than the screen opens at the column in question.
  function bringIn(table, column) {
    const head = one(column, table);
    const box = table.closest(".wrap");
    if (!head || !box.clientWidth) return;
    const middle = head.getBoundingClientRect().left + head.offsetWidth / 2;
    const aim = box.getBoundingClientRect().left + box.clientWidth / 2;
    box.scrollLeft += middle - aim;
  }

  // ---- what is chosen
  function show() {
    for (const tree of all(".locale")) {
      press(tree, ".tile", (each) => each.dataset.car === state.car);
      const inService = (each) => each.dataset.level === state.level;
      press(tree, ".pills [data-level]", inService);
      press(
        tree,
        ".segments [data-level]",
        (each) =>
          each.dataset.level ===
          (!state.level || known.offered.includes(state.level) ? state.level : "other"),
      );
      for (const each of all("[data-gearboxes]", tree)) {
        each.hidden = each.dataset.gearboxes !== state.car;
        const chosen =
          state.gearbox[each.dataset.gearboxes] ?? Object.keys(known.cars[each.dataset.gearboxes])[0];
        press(each, "[data-gearbox]", (button) => button.dataset.gearbox === chosen);
      }
      const plan = state.car ? planName() : null;
      for (const each of all("[data-plan]", tree)) each.hidden = each.dataset.plan !== plan;
      for (const each of all("[data-share-level]", tree))
        each.hidden = each.dataset.shareLevel !== state.level;
      one(".choose-card", tree).hidden = known.levels.includes(state.level);
      tree.classList.toggle("one-level", known.levels.includes(state.level));
      for (const each of all("[data-of]", tree))
        each.classList.toggle("mine", each.dataset.of === state.level);
      const level = known.levels.indexOf(state.level === "other" ? otherLevel() : state.level);
      for (const cell of all("[data-cover]", tree)) {
        const letter = level < 0 ? "" : cell.dataset.cover[level];
        cell.classList.toggle("ok", letter === "+");
        cell.classList.toggle("not-covered", letter !== "" && letter !== "+" && letter !== "o");
      }
      for (const each of all("[data-section]", tree))
        each.classList.toggle("on", each.dataset.section === state.section);
      for (const each of all("nav a", tree)) {
        if (each.dataset.to === state.section) each.setAttribute("aria-current", "page");
        else each.removeAttribute("aria-current");
      }
      const field = one(".odometer", tree);
      if (field !== document.activeElement) field.value = state.km;
      showDue(tree);
      for (const table of all(".cmp", tree)) bringIn(table, "th.mine");
    }
  }
  function press(tree, selector, chosen) {
    for (const each of all(selector, tree)) each.setAttribute("aria-pressed", String(Boolean(chosen(each))));
  }

  // ---- search
  function search(said) {
    const wanted = said.split(/\s+/).map(comparisonKey).filter(Boolean);
    document.body.classList.toggle("searching", wanted.length > 0);
    for (const tree of all(".locale")) {
      let count = 0;
      for (const each of all("[data-k]", tree)) {
        const strong = wanted.every((word) => each.dataset.k.includes(word));
        const fits =
          strong || wanted.every((word) => (each.dataset.k + (each.dataset.kToo ?? "")).includes(word));
        each.classList.toggle("out", !fits);
        each.classList.toggle("weak", fits && !strong);
        const shown =
          fits && !each.closest("[data-share-level][hidden]") && !each.classList.contains("other");
        if (shown) count += 1;
      }
      for (const each of all("[data-group], [data-section], .pairs, .wrap", tree)) {
        const inside = all("[data-k]", each);
        const left = inside.filter((one_) => !one_.classList.contains("out"));
        each.classList.toggle(
          "weak",
          left.length > 0 && left.every((one_) => one_.classList.contains("weak")),
        );
        if (inside.length) each.classList.toggle("none", left.length === 0);
      }
      const words = say[tree.lang];
      one(".found", tree).textContent = !wanted.length
        ? ""
        : count
          ? fill(words.found, { count: number(count, words) })
          : words.nothing_found;
      const field = one(".search", tree);
      if (field !== document.activeElement) field.value = said;
    }
  }
  function clearSearch() {
    if (!document.body.classList.contains("searching")) return;
    for (const each of all(".search")) each.value = "";
    search("");
  }

  // ---- how old the file is, by the device's clock and the calendar of Tehran
  function age() {
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
    const days = Math.round((Date.parse(today) - Date.parse(known.made)) / 86400000);
    for (const tree of all(".locale")) {
      const old = one('[data-warn="old"]', tree);
      old.hidden = days <= known.stale_after_days;
      const line = one("[data-text]", old);
      line.textContent = fill(line.dataset.text, { days: number(Math.max(0, days), say[tree.lang]) });
      one('[data-warn="clock"]', tree).hidden = days >= 0;
    }
  }

  // ---- taps
  function open(section) {
    state.section = section;
    show();
  }
  function fromAddress() {
    const name = decodeURIComponent(location.hash.slice(1)).replace(/-en$/, "");
    if (one(`[data-section="${CSS.escape(name)}"]`)) {
      clearSearch();
      open(name);
      scrollTo(0, 0);
    }
  }
  function speak(language) {
    setLocale(language);
    remember("language", language);
    document.title = say[language].title;
    show();
  }
  function tapped(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { car, level, gearbox, language } = button.dataset;
    if (language) speak(language);
    if (level !== undefined) {
      state.level = level;
      remember("level", level);
      show();
    }
    if (gearbox) {
      state.gearbox[state.car] = gearbox;
      show();
    }
    if (car) {
      state.car = car;
      clearSearch();
      open("service");
      const tree = button.closest(".locale");
      const field = one(".odometer", tree);
      field.focus({ preventScroll: true });
      field.select();
      one(".ask", tree).scrollIntoView({ block: "start" });
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    known = JSON.parse(document.getElementById("known").textContent);
    ({ normalise, comparisonKey } = normalisation(known.normalisation));
    say = known.say;
    if (state.level !== "other" && !known.levels.includes(state.level)) state.level = "";
    document.title = say[root.lang].title;
    document.addEventListener("click", tapped);
    document.addEventListener("input", ({ target }) => {
      if (target.matches(".odometer")) {
        state.km = target.value;
        all(".locale").forEach(showDue);
      }
      if (target.matches(".search")) search(target.value);
    });
    document.addEventListener("keydown", ({ key: pressed, target }) => {
      if (pressed === "Enter" && target.matches("input")) target.blur();
      if (pressed === "Escape") clearSearch();
    });
    addEventListener("hashchange", fromAddress);
    document.addEventListener("visibilitychange", age);
    age();
    show();
    fromAddress();
  });
})();
