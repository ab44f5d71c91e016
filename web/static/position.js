/* "Use where I am now": asks the device, fills the form's hidden fields and sends it. */
const box = document.querySelector("[data-position]");
const form = document.getElementById("find");
const status = box.querySelector("[data-position-status]");

const WORDS = {
  1: say("Your device does not allow it. Write a postcode, street or place instead."),
  2: say("Your device does not know where it is. Write a postcode, street or place instead."),
  3: say("Your device took too long. Try again, or write a postcode, street or place instead."),
};

function found(position) {
  form.elements.lon.value = position.coords.longitude.toFixed(6);
  form.elements.lat.value = position.coords.latitude.toFixed(6);
  form.elements.accuracy_m.value = Math.round(position.coords.accuracy);
  form.requestSubmit();
}

box.querySelector("[data-position-button]").addEventListener("click", () => {
  if (!navigator.geolocation) {
    status.textContent = WORDS[2];
    return;
  }
  status.textContent = say("Looking for where you are …");
  navigator.geolocation.getCurrentPosition(
    found,
    (error) => { status.textContent = WORDS[error.code]; },
    {enableHighAccuracy: true, timeout: 20000, maximumAge: 30000},
  );
});
