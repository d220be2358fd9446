"""The results document of `02_key_accounts`."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from kam_analysis.pages.about import with_parameters
from kam_analysis.pages.key_accounts import programme, tables, tables_value
from kam_analysis.pages.key_accounts.answer import answer, caveats, first_words, key_figures
from kam_analysis.pages.key_accounts.parameters import SEED
from kam_analysis.pages.key_accounts.reasons import against_settings, is_firm, where_it_stands
from kam_analysis.pages.results import Figure, Result
from kam_analysis.pages.table import Table
from kam_analysis.pages.words import said_in

if TYPE_CHECKING:
    from kam_analysis.pages.key_accounts.found import Found

say = said_in(__file__)

QUESTION = say("page.question")


def result(found: "Found") -> Result:
    """The results document of 02, with the first screen's answer and key figures."""
    about, ids, profit = found.about, found.ordered, tables_value.profit_table(found)
    said = [first_words(found), about.sold, against_settings(found), where_it_stands(found)]
    needs = [say("profit.needs", needed=found.profit_needs)] if found.profit_needs else []
    return Result(
        question=QUESTION,
        answer=answer(found),
        figures={
            "key_accounts": Figure(len(ids), "accounts"),
            "key_accounts_firm": Figure(sum(is_firm(found, each) for each in ids), "accounts"),
            **tables_value.profit_figures(found),
        },
        tables={
            "key_accounts": tables.keys_table(found),
            "just_outside": tables.outside_table(found),
            "lifecycle": tables_value.lifecycle_table(found),
            "activities": tables.activities_table(found),
            "by_threshold": tables.by_threshold_table(found),
            "left_out": tables.common_table(found),
            **({"profit_after_service": profit} if isinstance(profit, Table) else {}),
            **({"faring": programme.faring_table(found)} if found.faring else {}),
        },
        provenance=with_parameters(
            about,
            SEED,
            limit=found.limit,
            draws=found.draws,
            key_share=found.key_share,
            weights=dict(found.weights),
            customer=found.customer,
        ),
        caveats=caveats(found),
        assumptions=[asdict(each) for each in found.costs.values()],
        worth_collecting=[*about.worth_collecting, *needs],
        shown=key_figures(found) if ids else (),
        doubts=about.doubts,
        lead=" ".join(filter(None, said)),
    )
