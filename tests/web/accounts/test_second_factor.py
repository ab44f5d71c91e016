"""A second factor: set up with the password, asked for at sign-in, each code taken once."""

import re

import pyotp
from flask import Flask

from tests.web.conftest import PASSWORD, SignIn

RIGHT = {"name": "officer-1", "password": PASSWORD}


def test_a_code_is_asked_for_and_taken_once(app: Flask, signed_in: SignIn) -> None:
    officer = signed_in("officer")
    page = officer.get("/account/second-factor").text
    secret = re.sub(r"\s", "", re.search(r'break-word">([A-Z2-7 ]+)<', page)[1])
    code = pyotp.TOTP(secret).now()
    shown = officer.post("/account/second-factor", data={"password": PASSWORD, "code": code}).text
    codes = re.findall(r"<li>((?:\w{4}-){3}\w{4})</li>", shown)
    assert len(codes) == 10
    guest = app.test_client()
    assert guest.post("/sign-in", data=RIGHT).location == "/sign-in/code"
    assert guest.get("/officer/hotspots").status_code == 302
    assert guest.post("/sign-in/code", data={"code": code}).status_code == 400  # a replay
    assert guest.post("/sign-in/code", data={"code": codes[0]}).status_code == 302
    assert guest.get("/officer/hotspots").status_code == 200
    again = app.test_client()
    again.post("/sign-in", data=RIGHT)
    assert again.post("/sign-in/code", data={"code": codes[0]}).status_code == 400
