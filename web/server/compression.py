"""Answers of maps compressed on their way, where no proxy before us does it."""

import gzip

from flask import Flask, Response, request

COMPRESSED = ("application/json", "application/geo+json")
"""Data alone. A page holds a token beside what its address says: how well the two compress
together would tell the token to whoever can try addresses (BREACH)."""
LEAST, MOST = 1_000, 20_000_000
"""Bytes: less is not worth it, and more would hold up everybody else."""
LEVEL = 5


def compress_data(app: Flask) -> None:
    """Compress data of some size for who can read it so."""
    app.after_request(_compressed)


def _compressed(answer: Response) -> Response:
    if answer.mimetype not in COMPRESSED or answer.is_streamed or answer.direct_passthrough:
        return answer
    answer.vary.add("Accept-Encoding")
    size = answer.calculate_content_length() or 0
    is_open = answer.status_code == 200 and "Content-Encoding" not in answer.headers
    # A weak tag stands for both; a strong one only for the bytes that it was made of (RFC 9110).
    has_strong_tag = "ETag" in answer.headers and not answer.get_etag()[1]
    is_wanted = request.accept_encodings.quality("gzip") > 0
    if is_open and is_wanted and LEAST <= size <= MOST and not has_strong_tag:
        answer.set_data(gzip.compress(answer.get_data(), LEVEL, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return answer
