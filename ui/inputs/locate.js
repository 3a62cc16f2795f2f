const CODES = { 1: "denied", 2: "unavailable", 3: "timeout" };
export default function ({ parentElement: root, data, setTriggerValue }) {
  const button = root.querySelector("button"),
    say = button.querySelector(".say");
  const label = () => {
    say.textContent = button.khBusy ? data.locating : data.label;
  };
  const tell = (found) => {
    button.khBusy = false;
    button.removeAttribute("aria-disabled");
    label();
    setTriggerValue("found", found);
  };
  label();
  button.style.visibility = "visible"; // no reader meets a button without its name
  button.onclick = () => {
    if (button.khBusy) return;
    if (!navigator.geolocation || !window.isSecureContext) {
      tell({ refused: "unsupported" });
      return;
    }
    button.khBusy = true;
    button.setAttribute("aria-disabled", "true");
    label();
    const at = ({ coords }) => tell({ lat: coords.latitude.toFixed(3), lon: coords.longitude.toFixed(3) });
    const fail = ({ code }) => tell({ refused: CODES[code] ?? "unavailable" });
    navigator.geolocation.getCurrentPosition(at, fail, { timeout: data.patience_ms, maximumAge: 60000 });
  };
}
