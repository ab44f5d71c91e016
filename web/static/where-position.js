// Writes the device's position into the field "where"; the page works without it.
const button = document.querySelector("[data-where-here]");
const status = document.querySelector("[data-where-status]");
const field = document.getElementById("where");

function found({ coords }) {
  field.value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
  status.textContent = `Your position is taken, to ${Math.round(coords.accuracy)} metres.`;
}

function failed() {
  status.textContent = "Your position cannot be found: write a grid reference or a place.";
}

if ("geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = "Looking for your position …";
    navigator.geolocation.getCurrentPosition(found, failed,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
}
