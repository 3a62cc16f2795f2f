const REFUSALS = { 1: "denied", 2: "unavailable", 3: "timeout" }; // codes of GeolocationPositionError
export default function ({ parentElement: root, data, setTriggerValue }) {
  const button = root.querySelector("button");
  const label = button.querySelector(".label");
  const updateLabel = () => {
    label.textContent = button.khBusy ? data.locating : data.label;
  };
  const send = (position) => {
    button.khBusy = false;
    button.removeAttribute("aria-disabled");
    updateLabel();
    setTriggerValue("position", position);
  };
  updateLabel();
  button.style.visibility = "visible"; // hidden until then, so that it is never shown without a label
  button.onclick = () => {
    if (button.khBusy) return;
    if (!navigator.geolocation || !window.isSecureContext) {
      send({ refused: "unsupported" });
      return;
    }
    button.khBusy = true;
    button.setAttribute("aria-disabled", "true");
    updateLabel();
    const succeed = ({ coords }) =>
      send({ lat: coords.latitude.toFixed(3), lon: coords.longitude.toFixed(3) });
    const fail = ({ code }) => send({ refused: REFUSALS[code] ?? "unavailable" });
    navigator.geolocation.getCurrentPosition(succeed, fail, { timeout: data.timeout_ms, maximumAge: 60000 });
  };
}
