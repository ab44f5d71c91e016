"""In the demonstration somebody can give the enforcement permission, and somebody reads the log."""

from geodata.accounts import users
from geodata.demo import ACCOUNTS, MAY_READ_ENFORCEMENT
from geodata.store.engine import Store
from tests.web.conftest import SignIn


def test_an_account_of_the_demo_gives_the_permission_and_reads_the_whole_log(
    signed_in: SignIn, council: Store
) -> None:
    assert "manager" in set(ACCOUNTS) & set(MAY_READ_ENFORCEMENT)
    manager = signed_in("manager", may_read_enforcement=True)
    signed_in("officer")
    with council.reading() as session:
        key = users.find(session, "officer-1").id
    page = manager.get(f"/admin/accounts/{key}")
    assert "May read enforcement data" in page.text
    form = {"role": "officer", "is_enforcer": "y"}
    assert manager.post(f"/admin/accounts/{key}", data=form).status_code == 302
    with council.reading() as session:
        assert users.find(session, "officer-1").may_read_enforcement
    log = manager.get("/admin/audit", query_string={"entity": "account"})
    assert log.status_code == 200
    assert "change" in log.text.lower()
