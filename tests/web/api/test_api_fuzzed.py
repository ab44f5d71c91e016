"""Whatever is sent, the answer is one that the description names."""

from datetime import timedelta

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from geodata.core.vocabulary import Scope
from tests.web.api.conftest import MakeKey


@pytest.mark.parametrize("store", ["geopackage"], indirect=True)
def test_schemathesis_finds_no_unexpected_answer(app: Flask, make_key: MakeKey) -> None:
    headers = {"Authorization": f"Bearer {make_key(*Scope, per_minute=100_000)}"}
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    tried = 0
    for result in described.get_all_operations():
        operation = result.ok()
        tried += 1

        @given(case=operation.as_strategy())
        @settings(
            max_examples=6,
            deadline=timedelta(seconds=20),
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        )
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers)

        check()
    assert tried > 12
