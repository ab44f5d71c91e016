"""One rule of what is a reason, for every decision that needs one."""

import pytest

from geodata.core.errors import RefusedError
from geodata.core.reasons import reason_fault, refuse_no_reason


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "  ", "x", "...", "- -", "n/a", "N/A", "na", "ok", "xxx xxx", "aa aaa"),
        *("No reason", "not applicable", "See above", "Because", "1 2 3"),
    ],
)
def test_what_says_nothing_is_no_reason(text: str | None) -> None:
    assert "write why" in reason_fault(text)
    with pytest.raises(RefusedError, match="such as a decision or a mistake"):
        refuse_no_reason(text)


@pytest.mark.parametrize("text", ["Case 7", "Wrong plate", "Décision du 3 mai", "ਗਲਤ ਥਾਂ ਸੀ"])
def test_some_words_are_a_reason_in_any_script(text: str) -> None:
    assert reason_fault(text) == ""
    refuse_no_reason(text)
