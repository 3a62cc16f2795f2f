const fill = (select, items, value) => {
  const known = JSON.stringify(items);
  if (select.khItems !== known) {
    select.khItems = known;
    select.replaceChildren(...items.map(([id, label]) => new Option(label, id)));
  }
  select.value = String(value);
};
export default function ({ parentElement: root, data, setStateValue }) {
  const named = (name) => root.querySelector(`[name=${name}]`);
  const [y, m, d] = ["y", "m", "d"].map(named);
  root.querySelector("fieldset").dir = data.direction;
  root.querySelector("legend").textContent = data.label;
  root.querySelectorAll("span").forEach((span, i) => {
    span.textContent = data.parts[i];
  });
  named("today").textContent = data.today_label;
  named("clear").textContent = data.clear_label;
  named("clear").hidden = !data.optional;
  const length = (year, month) => (month <= 6 ? 31 : month <= 11 || data.leaps.includes(year) ? 30 : 29);
  const say = (n) => (data.digits ? String(n).replace(/\d/g, (c) => data.digits[c]) : String(n));
  const blank = [["", "–"]];
  const show = ([year, month, day]) => {
    fill(y, blank.concat(data.years.map((n) => [n, say(n)])), year);
    fill(m, blank.concat(data.months.map((name, i) => [i + 1, name])), month);
    const days = length(Number(year), Number(month) || 1);
    const all = Array.from({ length: days }, (_, i) => [i + 1, say(i + 1)]);
    fill(d, blank.concat(all), day && Math.min(day, days));
  };
  const read = () => [y, m, d].map((select) => (select.value ? Number(select.value) : ""));
  const send = () => {
    show(read());
    setStateValue("day", read());
  };
  show(data.value);
  root.querySelector("fieldset").style.visibility = "visible"; // no reader meets lists without names
  y.onchange = m.onchange = d.onchange = send;
  named("today").onclick = () => {
    show(data.today);
    setStateValue("day", data.today);
  };
  named("clear").onclick = () => {
    show(["", "", ""]);
    setStateValue("day", ["", "", ""]);
  };
}
