"""One customer's number with and without zeros before it: 0000004711 beside 4711, where the names say they are one.

Without names `kam check` warns of such pairs: two customers may well have them.
"""

from kam_analysis.exports.look import Look
from kam_analysis.ledger.reading.folding import folded
from kam_analysis.ledger.sniffing.choice import Choice


def padded_ids(choice: Choice, look: Look) -> tuple[str, ...]:
    """What is to be looked past in ids: leading zeros, where each pair that differs in them alone has one name."""
    index, name = choice.positions.get("account_id"), choice.account_name
    if index is None or name is None:
        return ()
    rows = look.rows([choice.header[index], choice.header[name]], []).drop_duplicates()
    rows.columns = ["id", "name"]
    rows = rows[(rows["id"] != "") & (rows["name"] != "")]
    plain = rows.assign(key=rows["id"].str.lstrip("0"), name=rows["name"].map(folded))
    by_key = plain.groupby("key").agg(ids=("id", "nunique"), names=("name", "nunique"), first=("id", "min"))
    twins = by_key[by_key["ids"] > 1]
    if twins.empty or (twins["names"] > 1).any():
        return ()
    choice.said.append(
        f"ids with and without leading zeros are one customer, such as {twins['first'].iloc[0]}: names agree"
    )
    return ("leading_zeros",)
