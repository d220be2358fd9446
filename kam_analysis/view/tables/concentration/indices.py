"""The indices behind the words, for those who want them."""

from kam_analysis.analysis.concentration import Concentration
from kam_analysis.view import style
from kam_analysis.view.blocks import Html, table


def indices(now: Concentration, companies: Concentration) -> Html:
    """The indices behind the words, at both levels, for those who want them."""
    return table(
        {"name": "Index|", "parent": "By customer", "entity": "By company"},
        _index_rows(now, companies),
        "Indices behind the words",
    )


def _index_rows(now: Concentration, companies: Concentration) -> list[dict[str, str]]:
    both = (now, companies)
    rows = {
        "accounts in the shares": [style.count(each.n) for each in both],
        "HHI (0-1)": [style.decimal(each.hhi, 4) for each in both],
        "equal customers (1/HHI)": [style.decimal(each.effective_accounts, 1) for each in both],
        "Gini (0-1)": [style.decimal(each.gini, 3) for each in both],
        "largest account": [style.share(each.top(1)) for each in both],
        "ten largest": [style.share(each.top(10)) for each in both],
        "accounts for 80 %": [style.count(each.accounts_for(0.8)) for each in both],
    }
    return [{"name": name, "parent": parent, "entity": entity} for name, (parent, entity) in rows.items()]
