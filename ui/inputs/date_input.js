const fill = (select, options, value) => {
  const optionsKey = JSON.stringify(options);
  if (select.khOptions !== optionsKey) {
    select.khOptions = optionsKey;
    select.replaceChildren(...options.map(([id, label]) => new Option(label, id)));
  }
  select.value = String(value);
};
export default function ({ parentElement: root, data, setStateValue }) {
  const element = (name) => root.querySelector(`[name=${name}]`);
  const [yearSelect, monthSelect, daySelect] = ["year", "month", "day"].map(element);
  const [todayButton, clearButton] = ["today", "clear"].map(element);
  root.querySelector("fieldset").dir = data.direction;
  root.querySelector("legend").textContent = data.label;
  root.querySelectorAll("span").forEach((span, i) => {
    span.textContent = data.parts[i];
  });
  todayButton.textContent = data.today_label;
  clearButton.textContent = data.clear_label;
  clearButton.hidden = !data.optional;
  const daysInMonth = (year, month) =>
    month <= 6 ? 31 : month <= 11 || data.leap_years.includes(year) ? 30 : 29;
  const localise = (n) => (data.digits ? String(n).replace(/\d/g, (c) => data.digits[c]) : String(n));
  const blank = [["", "–"]];
  const show = ([year, month, day]) => {
    fill(yearSelect, blank.concat(data.years.map((n) => [n, localise(n)])), year);
    fill(monthSelect, blank.concat(data.months.map((name, i) => [i + 1, name])), month);
    const length = daysInMonth(Number(year), Number(month) || 1);
    const days = Array.from({ length }, (_, i) => [i + 1, localise(i + 1)]);
    fill(daySelect, blank.concat(days), day && Math.min(day, length));
  };
  const selects = [yearSelect, monthSelect, daySelect];
  const read = () => selects.map((select) => (select.value ? Number(select.value) : ""));
  const set = (value) => {
    show(value);
    setStateValue("day", value);
  };
  show(data.value);
  root.querySelector("fieldset").style.visibility = "visible"; // hidden until then: the lists had no labels
  for (const select of selects) {
    select.onchange = () => {
      show(read()); // a shorter month changes the day
      setStateValue("day", read());
    };
  }
  todayButton.onclick = () => set(data.today);
  clearButton.onclick = () => set(["", "", ""]);
}
