// Fills in the device's position; the page works without it, by grid reference or known place.
const button = document.querySelector("[data-use-position]");
const status = document.querySelector("[data-position-status]");
const fields = ["longitude", "latitude", "accuracy_m"].map((id) => document.getElementById(id));

function fill(values, words) {
  fields.forEach((field, n) => { field.value = values[n]; });
  status.textContent = words;
}

function found({ coords }) {
  const metres = Math.round(coords.accuracy);
  fill([coords.longitude.toFixed(6), coords.latitude.toFixed(6), coords.accuracy.toFixed(1)],
    `Your position is taken, to ${metres} metres.`);
}

function failed() {
  fill(["", "", ""], status.dataset.failed
    ?? "Your position cannot be found: choose a place or give a grid reference.");
}

if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Looking for your position …";
    navigator.geolocation.getCurrentPosition(found, failed,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
  document.getElementById("place")?.addEventListener("change", () => fill(["", "", ""], ""));
}
