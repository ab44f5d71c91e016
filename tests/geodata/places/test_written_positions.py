"""Links of map programs are read as they are pasted, without asking anybody."""

import pytest

from geodata.places.written_positions import (
    is_short_link,
    position_in,
    three_words_in,
    without_links,
)

LAT, LON = 51.44610, 0.21690
GOOGLE = "https://www.google.com/maps/"


@pytest.mark.parametrize(
    "link",
    [
        f"{GOOGLE}place/Dartford/@51.4,0.1,17z/data=!3m1!4b1!8m2!3d{LAT}!4d{LON}?entry=ttu",
        f"{GOOGLE}@{LAT},{LON},18z",
        f"{GOOGLE}search/?api=1&query={LAT}%2C{LON}",
        f"{GOOGLE}search/{LAT},+{LON}?sa=X",
        f"{GOOGLE}dir/?api=1&destination={LAT},{LON}",
        f"https://maps.google.com/?q={LAT},{LON}",
        f"Look: https://maps.google.com/maps?q=loc:{LAT},{LON}&z=17",
        f"https://www.openstreetmap.org/?mlat={LAT}&mlon={LON}#map=12/51.4/0.1",
        f"https://www.openstreetmap.org/#map=19/{LAT}/{LON}",
        f"https://maps.apple.com/?ll={LAT},{LON}&q=Pin",
        f"https://maps.apple.com/place?coordinate={LAT},{LON}&name=Pin",
        f"https://www.bing.com/maps?cp={LAT}~{LON}&lvl=17",
        f"https://waze.com/ul?ll={LAT}%2C{LON}&navigate=yes",
        f"geo:{LAT},{LON}?z=17",
        "51\N{DEGREE SIGN}26'45.96\"N 0\N{DEGREE SIGN}13'00.84\"E",  # 26.766 and 13.014 minutes
    ],
)
def test_the_position_of_a_link_is_read(link: str) -> None:
    position = position_in(link)
    assert position is not None
    assert (position.lat, position.lon) == pytest.approx((LAT, LON), abs=1e-6)


def test_a_short_link_of_openstreetmap_is_read_by_its_bits() -> None:
    """As its own site's tests have it: /go/0EEQjE-- is near 51.5108, 0.0549 at zoom 9."""
    position = position_in("https://osm.org/go/0EEQjE--")
    assert position is not None
    assert (position.lat, position.lon) == pytest.approx((51.5108, 0.0549), abs=0.01)


def test_the_middle_of_a_map_is_as_exact_as_its_zoom() -> None:
    """At zoom 11 a pixel is 97,500 / 2,048 = 47.6 m, and fifty are 2,380 m."""
    position = position_in(f"https://www.openstreetmap.org/#map=11/{LAT}/{LON}")
    assert position is not None
    assert position.accuracy_m == pytest.approx(2380, abs=1)


@pytest.mark.parametrize("text", ["", "High Street", "https://example.org/", "www.google.com/maps"])
def test_a_text_without_a_position_has_none(text: str) -> None:
    assert position_in(text) is None


def test_what_hides_its_place_is_known() -> None:
    assert is_short_link("https://maps.app.goo.gl/AbC123")
    assert not is_short_link(f"{GOOGLE}@{LAT},{LON},18z")


@pytest.mark.parametrize(
    "text",
    [
        "///filled.count.soap",
        " filled.count.soap ",
        "///Filled.Count.Soap",
        "By the bins ///filled.count.soap",
        "https://what3words.com/filled.count.soap",
        "I am here: https://w3w.co/filled.count.soap?alias=x",
        "%2F%2F%2Ffilled.count.soap",
    ],
)
def test_three_words_are_known_however_they_are_shared(text: str) -> None:
    assert three_words_in(text) == "filled.count.soap"


@pytest.mark.parametrize(
    "text", ["St. Mary. Street", "www.example.com", "High Street", "a.b.c", "1.22.333", "51.4, 0.2"]
)
def test_other_words_with_full_stops_are_no_three_words(text: str) -> None:
    assert three_words_in(text) is None


def test_words_beside_a_link_remain() -> None:
    assert without_links("Westgate  https://maps.app.goo.gl/AbC") == "Westgate"
