"""05 at its limits: whose account is key, and what a line of no sales is compared with."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from kam_analysis.pages.account_plan.answer import lead
from kam_analysis.pages.account_plan.found import Found
from kam_analysis.pages.account_plan.tables_sales import lines_table


@pytest.mark.parametrize(("account", "key"), [("b", True), ("a", False), ("c", False)])
def test_a_plan_says_whether_its_account_is_key(account: str, key: bool) -> None:
    keys = SimpleNamespace(
        keys=pd.DataFrame({"account_id": ["b"]}), why_key=lambda each: f"{each}: a tenth of all sales"
    )
    found: Any = SimpleNamespace(meant="", company=SimpleNamespace(keys=keys), account_id=account)
    found.is_key = Found.is_key.fget(found)  # type: ignore[attr-defined]
    assert found.is_key is key
    said = lead(found)
    assert (said == "Not a key account.") is not key
    assert ("b: a tenth of all sales" in said) is key


def test_a_line_of_no_sales_has_a_share_of_none_and_one_taken_back_has_no_share() -> None:
    lines = pd.DataFrame(
        {"product_line": list("wxyz"), "revenue": [30.0, 10.0, 0.0, -5.0], "before": [20.0, 0.0, 8.0, 7.0]}
    )
    found: Any = SimpleNamespace(lines=lines, unit="EUR")
    rows = lines_table(found).rows
    assert rows["share"].fillna(-1).tolist() == [0.75, 0.25, 0.0, -1]
    assert rows["change"].fillna(9).tolist() == [0.5, 9, -1.0, 9]
    found.lines = lines.assign(revenue=0.0)
    assert lines_table(found).rows["share"].isna().all()
