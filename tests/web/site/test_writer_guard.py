"""The rule that nothing slow is done under the writer's lock, and that the guard sees it broken."""

import argon2
import pytest
from flask import Flask, g

from geodata import frames
from geodata.store.engine import Store
from tests.writer_guard import SlowUnderLockError, refuse
from web.database import commits, read_session


def test_a_view_that_writes_may_not_hash_a_password_or_read_the_record(
    app: Flask, council: Store
) -> None:
    with app.test_request_context():
        with pytest.raises(SlowUnderLockError, match="a password was hashed while this thread"):
            commits(lambda: argon2.PasswordHasher().hash("x"))()
        for reads in (frames.reports, frames.incidents):
            with pytest.raises(SlowUnderLockError):
                commits(lambda reads=reads: reads(g.session))()
        assert commits(lambda: len(frames.reports(g.session, keys=[1])))() == 0


def test_a_view_that_reads_may(app: Flask, council: Store) -> None:
    with app.test_request_context():
        assert frames.reports(read_session()).empty
    refuse("nothing")


def test_what_a_test_arranges_in_its_own_transaction_is_let_through(council: Store) -> None:
    with council.writing() as session:
        assert frames.reports(session).empty
