"""A text message that is too long for GOV.UK Notify loses words, and never a part of a link."""

from web.services.mail.notify import LONGEST, shortened

LINKS = "https://example.gov.uk/track/AB12\nStop these messages: https://example.gov.uk/stop/xyz"


def test_a_text_that_fits_is_sent_as_it_is() -> None:
    text = f"Cleared.\n{'x' * (LONGEST - len(LINKS) - 10)}\n{LINKS}"
    assert len(text) == LONGEST
    assert shortened(text) == text


def test_a_long_text_loses_whole_words_and_keeps_its_links_whole() -> None:
    words = "Council: " + "seven77 " * 200
    short = shortened(f"{words}\n(Translated by machine)\n{LINKS}")
    before, links = short.split("\n", 1)
    assert links == LINKS
    # Whole words are 8 letters with their blank: the next one would not have fitted.
    assert LONGEST - 8 < len(short) <= LONGEST
    assert before.startswith("Council: seven77 ")
    assert before.endswith("seven77...")


def test_a_long_text_without_a_link_ends_with_a_whole_word() -> None:
    # 17 letters of room: "one two three" and the dots are 16, "four" would make 21.
    assert shortened("one two three four five", 17) == "one two three..."


def test_links_are_kept_whole_even_where_there_is_no_room_for_words() -> None:
    assert shortened(f"Many words here\n{LINKS}", 20) == f"...\n{LINKS}"
