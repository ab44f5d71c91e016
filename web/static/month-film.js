// Plays the record month by month on the map. The page's form and table say the same without it.
"use strict";
self.monthFilm = (function () {
  const FRAME_MS = 140, LEAST_PX = 4, STEP_PX = 3;

  async function monthFilm(map, url, colours) {
    const form = document.getElementById("months");
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!form || !answer.ok) { return; }
    const film = await answer.json();
    const layer = drawing(map, film, colours);
    const bar = controls(form, film.months.length);
    let place = film.months.findIndex(({ month }) => month === form.elements.month.value);
    let timer = 0;

    function show(next) {
      place = next;
      const span = film.spans.indexOf(Number(form.elements.span.value));
      const { month, words, why_not: whyNot } = film.months[place];
      const why = whyNot[span];
      const counts = why ? new Map() : countsOf(film, place, film.spans[span]);
      layer.draw(counts, words[span]);
      const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
      const found = `${total.toLocaleString("en-GB")} ${total === 1 ? "incident" : "incidents"}`;
      bar.say(why ? `${words[span]}: no whole record` : `${words[span]}: ${found}`);
      bar.slider.value = place;
      bar.slider.setAttribute("aria-valuetext", words[span]);
      form.elements.month.value = month;
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      bar.play.textContent = "Play";
      keepInAddress(form);
    }

    function play() {
      if (timer) { stop(); return; }
      if (place === film.months.length - 1) { show(0); }
      bar.play.textContent = "Pause";
      timer = setInterval(() => {
        if (place === film.months.length - 1) { stop(); } else { show(place + 1); }
      }, FRAME_MS);
    }

    bar.play.addEventListener("click", play);
    bar.slider.addEventListener("input", () => { if (timer) { stop(); } show(Number(bar.slider.value)); });
    bar.slider.addEventListener("change", () => keepInAddress(form));
    form.elements.span.addEventListener("change", () => { show(place); keepInAddress(form); });
    form.elements.month.addEventListener("change", () => {
      show(form.elements.month.selectedIndex);
      keepInAddress(form);
    });
    show(Math.max(place, 0));
  }

  // Incidents by square of the months up to a place.
  function countsOf(film, place, span) {
    const counts = new Map();
    for (const [square, month, incidents] of film.entries) {
      if (month <= place && month > place - span) {
        counts.set(square, (counts.get(square) || 0) + incidents);
      }
    }
    return counts;
  }

  function drawing(map, film, colours) {
    const L = self.L;
    const rings = L.layerGroup().addTo(map), renderer = L.canvas();
    return { draw(counts, words) {
      rings.clearLayers();
      // The largest first, so that none hides a smaller one.
      for (const [square, n] of [...counts].sort((a, b) => b[1] - a[1])) {
        L.circleMarker(film.squares[square], { ...colours, renderer, weight: 2, fillOpacity: 0.35,
          radius: LEAST_PX + STEP_PX * Math.sqrt(n - 1) })
          .bindPopup(`${n} ${n === 1 ? "incident" : "incidents"} in this square of ${film.size_m} metres. ${words}`)
          .addTo(rings);
      }
    } };
  }

  function controls(form, months) {
    const bar = document.getElementById("months-player");
    const [play, slider, words] = ["button", "input", "output"].map((name) => bar.querySelector(name));
    slider.max = months - 1;
    bar.hidden = false;
    form.querySelector("button").hidden = true; // what is chosen is shown at once
    return { play, slider, say: (text) => { words.textContent = text; } };
  }

  // The table is of the month that the address names: a link to it renews both.
  function keepInAddress(form) {
    const query = new URLSearchParams(new FormData(form));
    const address = `?${query}${self.location.hash}`;
    self.history.replaceState(self.history.state, "", address);
    const table = document.getElementById("months-table-link");
    table.href = `?${query}#fullest`;
    table.hidden = false;
  }

  return monthFilm;
})();
