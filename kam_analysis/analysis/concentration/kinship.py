"""Which accounts probably belong together, where the customer master does not say so."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from kam_analysis.analysis.concentration.book import Concentration
from kam_analysis.analysis.concentration.indices import Floats
from kam_analysis.analysis.concentration.stems import compared, squeezed, words_of
from kam_analysis.analysis.frames import takes_frames

Ints = npt.NDArray[np.int64]
COLUMNS = ["account_id", "account_name", "amount", "parent_id", "parent_name", "parent_amount", "reason", "confirmed"]

# More accounts than this behind one domain are a provider's customers that no list knows, or a portal's.
MOST_BEHIND_A_DOMAIN = 20
_PAIR = ("account_id", "parent_id")
# The three ways to compare names are one reason.
_TOLD = {"spelling": "name", "name, written otherwise": "name"}
_HEAD = "head ?office|headquarter|hauptverwaltung|si[eè]ge social|(?:^|[^a-z])(?:hq|zentrale|holdings?|groupe?|gruppe)(?:[^a-z]|$)"


@takes_frames
def suggested_parents(
    accounts: pd.DataFrame, book: Concentration | None = None, refused: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Which companies may be one customer, so that the figures would be worse than they look?

    `accounts`: account_id and any of account_name, parent_id, vat_number, email; missing values allowed.
    Accounts belong together by the same VAT number, e-mail domain (no mail provider, at most 20
    accounts) or name stem, the strongest named as the reason. Returns one row per account without a
    parent that gets one suggested: account_id, account_name, amount, parent_id, parent_name, parent_amount, reason,
    and `confirmed`, empty for the company to fill with yes or no. Amounts are those in `book`, 0 where it has none.
    Nothing is applied here.

    The parent is the one that members already have, else a head office or holding by name, else the
    account with the largest amount in `book`, else the smallest id. Where members have different parents,
    nothing is suggested. Largest customers first (by the amount in `book`), then by parent and account.
    `refused` (account_id, parent_id): pairs that the company said no to; they are not suggested again.

    >>> rows = pd.DataFrame({"account_id": ["1", "2", "3"], "account_name": ["Acme Ltd", "ACME S.A.", "Other"]})
    >>> suggested_parents(rows)[["account_id", "parent_id", "reason"]].to_numpy().tolist()
    [['2', '1', 'same name: acme']]
    """
    rows = _plain(accounts)
    names = rows["account_name"]
    stem, written_out, spelled = compared(names)
    # Each sign as it is told, and as it is compared.
    signs = {
        "VAT number": (vat := _vat_numbers(rows["vat_number"]), vat),
        "e-mail domain": (domain := _domains(rows["email"]), domain),
        "spelling": (names, spelled),
        "name": (stem, squeezed(stem)),
        "name, written otherwise": (stem, squeezed(written_out)),
    }
    codes = {name: _codes(sign) for name, (_, sign) in signs.items()}
    # Accounts that share nothing are left out early; of a million, that is nearly all.
    shared = np.any([each >= 0 for each in codes.values()], axis=0)
    kin = rows[shared].assign(reason="", root=_roots(rows, rows[shared]), amount=_amounts(rows[shared], book))
    for name in reversed(signs):
        told = f"same {_TOLD.get(name, name)}: " + signs[name][0][shared]
        kin["reason"] = kin["reason"].mask(codes[name][shared] >= 0, told)
    kin["cluster"] = _clusters([each[shared] for each in codes.values()])
    found = _not_refused(_with_parents(kin), refused)
    chosen = rows[rows["account_id"].isin(list(found["parent_id"].unique()))]
    names = pd.Series(chosen["account_name"].to_numpy(), index=pd.Index(chosen["account_id"]), dtype="str")
    parents = found[["parent_id"]].rename(columns={"parent_id": "account_id"})
    told = {"parent_name": found["parent_id"].map(names).astype("str").fillna(""), "confirmed": ""}
    return found.assign(**told, parent_amount=_amounts(parents, book))[COLUMNS]


def _not_refused(found: pd.DataFrame, refused: pd.DataFrame | None) -> pd.DataFrame:
    if refused is None or refused.empty:
        return found
    said_no = pd.MultiIndex.from_frame(refused[["account_id", "parent_id"]].astype("str"))
    asked = (pd.MultiIndex.from_arrays([found[one], found[other]]) for one, other in (_PAIR, _PAIR[::-1]))
    return found[~np.any([each.isin(said_no) for each in asked], axis=0)].reset_index(drop=True)


def _plain(accounts: pd.DataFrame) -> pd.DataFrame:
    """The columns that are looked at, as text, "" where there is nothing."""
    names = ["account_id", "account_name", "parent_id", "vat_number", "email"]
    columns = {
        name: accounts[name].astype("str").fillna("").str.strip()
        if name in accounts
        else pd.Series("", accounts.index, dtype="str")
        for name in names
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def _amounts(rows: pd.DataFrame, book: Concentration | None) -> Floats:
    if book is None:
        return np.zeros(len(rows))
    at = pd.Index(book.accounts["account_id"]).get_indexer(pd.Index(rows["account_id"]))
    return np.where(at >= 0, np.append(book.amounts, 0.0)[at], 0.0)


def _roots(rows: pd.DataFrame, kin: pd.DataFrame) -> pd.Series:
    """The uppermost parent of each account of `kin` that is in a group by the master; "" for all others."""
    has = (rows["parent_id"] != "") & (rows["parent_id"] != rows["account_id"])
    above = pd.Series(rows.loc[has, "parent_id"].to_numpy(), index=pd.Index(rows.loc[has, "account_id"]), dtype="str")
    heads = pd.Index(above.unique()).get_indexer(pd.Index(kin["account_id"])) >= 0
    root = kin["parent_id"].where(has[kin.index], kin["account_id"].where(heads, ""))
    # Ten levels are more than any group has; a circle, which the check reports, ends there too.
    for _ in range(10):
        further = root.map(above).astype("str").fillna("")
        if (further == "").all():
            break
        root = further.where(further != "", root)
    return root


def _vat_numbers(values: pd.Series) -> pd.Series:
    """Letters and digits alone; "" for what cannot be a number: fewer than six digits, or one digit repeated."""
    plain = values.str.upper().str.replace("[^0-9A-Z]", "", regex=True)
    digits = plain.str.replace("[^0-9]", "", regex=True)
    filler = digits.str.fullmatch("|".join(f"{digit}+" for digit in range(10)))
    return plain.mask((digits.str.len() < 6) | filler, "")


def _domains(values: pd.Series) -> pd.Series:
    """The part after the first @; "" for mail providers and for domains that too many accounts share."""
    domain = values.str.lower().str.replace("^[^@]*@?", "", regex=True).str.replace("[^a-z0-9.-].*$", "", regex=True)
    domain = domain.where(domain.str.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}"), "")
    provider = domain.str.fullmatch(rf"(?:.*\.)?(?:{words_of('mail_providers')})\.(?:[a-z]{{2,3}}\.)?[a-z]{{2,}}")
    codes = pd.factorize(domain)[0]
    many = np.bincount(codes, minlength=1)[codes] > MOST_BEHIND_A_DOMAIN
    return domain.mask(provider | many, "")


def _codes(keys: pd.Series) -> Ints:
    """A number per key that at least two accounts share, -1 for all others."""
    codes = pd.factorize(keys)[0].astype(np.int64)
    shared = np.bincount(codes, minlength=1)[codes] > 1
    return np.where(shared & (keys != "").to_numpy(), codes, -1)


def _clusters(signs: list[Ints]) -> Ints:
    """A number per set of accounts that hang together by any sign, directly or through others."""
    label = np.arange(signs[0].size if signs else 0, dtype=np.int64)
    while True:
        before = label.copy()
        for codes in signs:
            known = codes >= 0
            lowest = np.full(codes.max(initial=-1) + 1, label.size, dtype=np.int64)
            np.minimum.at(lowest, codes[known], label[known])
            label[known] = lowest[codes[known]]
        if (label == before).all():
            return label


def _with_parents(rows: pd.DataFrame) -> pd.DataFrame:
    """The suggestions among clustered rows."""
    clusters = rows["cluster"]
    head = rows["account_name"].str.lower().str.contains(_HEAD, regex=True)
    loud = rows["account_name"].str.isupper()  # of equals, the spelling that people would write
    order = {"head": False, "amount": False, "loud": True, "account_id": True}
    first = rows.assign(head=head, loud=loud).sort_values(list(order), ascending=list(order.values()))
    chosen = first.drop_duplicates("cluster").set_index("cluster")["account_id"]
    known = rows[rows["root"] != ""].drop_duplicates(["cluster", "root"])
    roots = known.drop_duplicates("cluster", keep=False).set_index("cluster")["root"]
    parent = clusters.map(roots).astype("str").fillna(clusters.map(chosen).astype("str"))
    torn = clusters.isin(known.loc[known["cluster"].duplicated(), "cluster"])
    whole = rows.groupby("cluster")["amount"].transform("sum")
    found = rows.assign(parent_id=parent, whole=whole)
    found = found[(rows["root"] == "") & ~torn & (parent != rows["account_id"])]
    found = found.sort_values(["whole", "parent_id", "amount", "account_id"], ascending=[False, True, False, True])
    return found.reset_index(drop=True)
