"""Every cell of 02: tables, tiles, notes and actions of one company in which no two numbers are the same."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from drawn_for_tests import charts, held
from key_accounts_for_tests import SALES, company
from words_for_tests import plain

from kam_analysis.analysis import segments
from kam_analysis.batch.spreadsheet import tables_workbook
from kam_analysis.pages.html import Html
from kam_analysis.pages.key_accounts import explore, tables, tables_value
from kam_analysis.pages.key_accounts.advice import next_steps

IDS = list(SALES)
NAN = float("nan")


def per_account(**columns):
    return pd.DataFrame({"account_id": IDS, **columns})


@pytest.fixture(scope="module")
def found():
    base = company(on_list=["ada", "eve"], works={"ada": "pursuit", "bo": "rescue"}, strength=None, limit=2)
    scores = per_account(
        account_name=[each.title() for each in IDS],
        score=[0.91, 0.42, 0.63, 0.37, 0.55, 0.19],
        assessed_weight=[0.98, 0.87, 0.76, 0.65, 0.54, 0.43],
        top=[0.97, 0.41, 0.93, 0.12, 0.23, 0.04],
        error=[0.137, 0.222, 0.153, 0.004, 0.005, 0.006],
        badge=["firm", "borderline", "firm", "borderline", "borderline", "borderline"],
    )
    strength = pd.Series([0.81, 0.32, 0.52, 0.11, 0.73, 0.45], IDS)
    return replace(
        base,
        draws=1234,
        weights={"volume": 70.0},
        scores=scores,
        cut=segments.cut(base.keys, scores, 2, base.shares),
        usual=frozenset({"ada", "dag"}),
        customer="fay",
        work=base.work.assign(rule=[f"rule of {each}" for each in IDS], figures=[f"figures of {each}" for each in IDS]),
        strength=strength,
        matrix=segments.matrix(scores.set_index("account_id")["score"], strength),
        keys_before=pd.DataFrame({"account_id": ["ada", "caro", "dag"]}),
        criteria=per_account(volume=[1.0, 0.83, 0.46, 0.35, 0.24, 0.0], growth=[0.57, NAN, 0.68, 0.79, 0.12, 0.34]),
        left_out={"reach": "needs region in transactions or accounts"},
        changes=pd.DataFrame(
            {
                "criterion": ["volume", "growth", "ease"],
                "step": [0.8, -0.07, 0.1],
                "entered": [("bo", "dag"), (), ("eve",)],
                "left": [("caro",), ("ada", "eve", "fay"), ("dag",)],
            }
        ),
        standing=per_account(
            account_name=[each.title() for each in IDS],
            stage=["growing", "shrinking", "new", "steady", "steady", "lost"],
            why=[f"why {each}" for each in IDS],
        ),
        power=per_account(
            reading=["we depend on it", "balanced", "not assessed", "balanced", "balanced", "balanced"],
            our_dependence=[0.99, 0.88, 0.77, 0.5, 0.5, 0.5],
            their_dependence=[0.31, 0.0, NAN, 0.5, 0.5, 0.5],
            wallet_share=[0.62, 0.53, NAN, 0.5, 0.5, 0.5],
            exit_barrier=[0.17, 0.28, 0.39, 0.5, 0.5, 0.5],
        ),
        invoices=per_account(
            price_index=[0.95, 1.12, NAN, 1, 1, 1],
            margin_share=[0.31, -0.04, 0.22, 0.18, 0.27, -0.06],
            margin_change=[0.015, -0.043, NAN, 0, 0, 0],
            lines=[3.0, 1.0, 2.0, 4.0, 4.0, 4.0],
            lines_of=4.0,
        ),
        barriers=per_account(
            procedural=[0.11, 0.22, NAN, 0.5, 0.5, 0.5],
            financial=[0.33, 0.44, NAN, 0.5, 0.5, 0.5],
            relational=[0.55, 0.66, NAN, 0.5, 0.5, 0.5],
            strength=[0.37, 0.48, NAN, 0.5, 0.5, 0.5],
            note=["approved plant by plant", "", "", "", "", ""],
        ),
        easy=pd.DataFrame(
            {
                "account_id": ["ada", "eve"],
                "account_name": ["Ada", "Eve"],
                "amount": [40.0, 7.0],
                "share": [0.40, 0.07],
                "strength": [0.37, 0.29],
                "note": ["approved plant by plant", ""],
            }
        ),
    )


def heads(table):
    """The headings that the page shows."""
    [first, *_] = table.html().html.split("</tr>")
    return [plain(each.split("</th>")[0].split(">")[-1]) for each in first.split("<th")[2:]]


def rows(table):
    """The cells that the page shows, row by row."""
    body = table.html().html.split("<tbody>")[1].split("</tbody>")[0]
    cells = [each.replace("</th>", "</td>").split("</td>")[:-1] for each in body.split("</tr>")[:-1]]
    return [[plain(cell.replace("</span>", "").split(">")[-1]) for cell in row] for row in cells]


def notes(table):
    return [plain(each) for each in table.notes]


def test_the_first_screen(found):
    shown = found.result()
    assert plain(shown.answer) == (
        "Bo needs a rescue plan. 3 of 6 customers are key, above your capacity of 2: two are missing from your list."
    )
    assert [tuple(map(plain, (each.label, each.value, each.note))) for each in shown.shown] == [
        ("Key accounts", "3 of 6", "1 on your list, capacity for 2"),
        ("Share of sales", "79%", ""),
        ("Robust", "2 of 3", "in the top 2 in at least 90% of weightings, on 87% of the criteria's weight"),
        ("Need action now", "2", "1 rescue, 1 grow"),
    ]
    assert plain(shown.lead) == (
        "Missing from your list: Bo (30% of sales) and Caro. On it without qualifying: Eve (7.0% of sales). "
        "Compared with your settings, Caro comes in and Dag goes out. "
        "Fay is number 6 of 6 by value (0.19 of 1). It is not key (highest share 6.0% of sales, margin -6.0%)."
    )
    assert shown.caveats == [
        "The value score leaves out reach (needs region in transactions or accounts).",
        "More accounts are key than the 2 that can be served, so the list is cut by value.",
    ]
    assert {name: (each.value, each.unit) for name, each in shown.figures.items()} == {
        "key_accounts": (3, "accounts"),
        "key_accounts_firm": (2, "accounts"),
        "profit_after_service": (None, "EUR"),
        "customers_losing_money": (None, "accounts"),
    }
    assert (shown.provenance["seed"], shown.provenance["parameters"]) == (
        2,
        {"limit": 2, "draws": 1234, "key_share": 0.1, "weights": {"volume": 70.0}, "customer": "fay"},
    )


def test_the_actions(found):
    assert [(plain(each.what), plain(each.beside)) for each in next_steps(found)] == [
        ("Rescue Bo: figures of bo.", "by 14 Jan 2026 · €30 of sales at stake"),
        ("Grow Ada: figures of ada.", "by 1 Mar 2026"),
        ("Add Bo to your list: 30% of sales.", "by 1 Mar 2026 · €30 of sales at stake"),
        ("Add Caro to your list: 40% of Skids.", "by 1 Mar 2026 · €9 of sales at stake"),
        (
            "Ask why Eve is on your list: highest share 7.0% of sales, margin 27.0%.",
            "by 1 Mar 2026 · €7 of sales at stake",
        ),
        (
            'Raise switching barriers at Ada (0.37 of 1): today "approved plant by plant".',
            "by 1 Mar 2026 · €40 of sales at stake",
        ),
        (
            "Raise switching barriers at Eve (0.29 of 1): what keeps it today is not known.",
            "by 1 Mar 2026 · €7 of sales at stake",
        ),
    ]


def test_an_account_to_win_more_from_says_what_it_buys_elsewhere(found):
    traits = pd.DataFrame({"account_id": ["ada"], "annual_spend": [120.0]})
    standing = found.standing.assign(headroom_share=[0.75] + [NAN] * (len(found.standing) - 1))
    steps = next_steps(replace(found, traits=traits, standing=standing))
    [ada] = [each for each in steps if each.what.startswith("Grow Ada")]
    assert plain(ada.at_stake) == "€90 a year bought elsewhere"


def test_without_anybody_key_attention_is_spread(found):
    shares = found.shares.assign(significant=False)
    nobody = replace(found, shares=shares, keys=segments.key_accounts(shares), key_share=0.7)
    assert [plain(each.what) for each in next_steps(nobody)] == [
        "Spread attention: no customer carries 70% of anything that matters. At 35% (share under [significance] in the "
        "settings), 2 customers would be key."
    ]


def test_the_key_accounts_last_days_for_notice_where_contracts_run(found):
    days = pd.DataFrame(
        {
            "account_id": ["ada", "bo"],
            "ends_on": pd.to_datetime(["2026-12-31", "2026-03-31"]),
            "notice_by": pd.to_datetime(["2026-09-30", "2025-12-30"]),
        }
    )
    table = replace(found, traits=days).keys_table()
    at = heads(table).index("Last day for notice")
    assert [row[at] for row in rows(table)] == ["30 Sep 2026", "30 Dec 2025, too late this time", "no contract"]
    assert [(row["ends_on"], row["notice_by"]) for row in table.records()] == [
        ("2026-12-31", "2026-09-30"), ("2026-03-31", "2025-12-30"), (None, None),
    ]  # fmt: skip


def test_the_key_accounts(found):
    table = found.keys_table()
    assert heads(table) == [
        "Customer", "Recommended action", "Why key", "Robust?", "On your list?", "Among the 2 served?", "Share of sales",
    ]  # fmt: skip
    assert rows(table) == [
        ["Ada", "grow", "60% of Skids and 1 more", "robust", "yes", "yes", "40.0%"],
        ["Bo", "rescue", "30% of sales", "borderline", "no", "no: value 0.42, 0.63 needed", "30.0%"],
        ["Caro", "maintain", "40% of Skids", "robust", "no", "yes", "9.0%"],
    ]
    assert notes(table) == ["Robust: among the best 2 by value in at least 90% of weightings."]
    assert [{name: plain(each) if isinstance(each, str) else each for name, each in row.items()} for row in table.records()] == [
        {
            "account_id": "ada", "name": "Ada", "activities": ["product_line:Skids", "revenue"],
            "reasons": "60% of Skids, 40% of sales", "work": "pursuit", "firm": True, "on_list": True, "served": True,
            "amount": 40.0, "revenue_share": 0.4, "score": 0.91, "acceptability_share": 0.97, "quadrant": "Star",
            "rule": "rule of ada", "figures": "figures of ada",
        },
        {
            "account_id": "bo", "name": "Bo", "activities": ["revenue"], "reasons": "30% of sales", "work": "rescue",
            "firm": False, "on_list": False, "served": False, "amount": 30.0, "revenue_share": 0.3, "score": 0.42,
            "acceptability_share": 0.41, "quadrant": "Streamline", "rule": "rule of bo", "figures": "figures of bo",
        },
        {
            "account_id": "caro", "name": "Caro", "activities": ["product_line:Skids"], "reasons": "40% of Skids",
            "work": "review", "firm": True, "on_list": False, "served": True, "amount": 9.0, "revenue_share": 0.09,
            "score": 0.63, "acceptability_share": 0.93, "quadrant": "Star", "rule": "rule of caro",
            "figures": "figures of caro",
        },
    ]  # fmt: skip


def test_who_came_in_and_who_went_out(found):
    assert [plain(each) for each in tables.moves(found)] == [
        "Became key since the year before: Bo (30% of sales).",
        "No longer key: Dag.",
        "On your list but below every threshold: Eve (highest share 7.0% of sales, margin 27.0%).",
    ]
    same = replace(found, keys_before=found.keys, listing=None)
    assert tables.moves(same) == ["The same customers were key the year before."]


def test_the_action_and_its_rule(found):
    table = found.work_table()
    assert heads(table) == ["Customer", "Recommended action", "Because"]
    assert rows(table) == [
        ["Bo", "rescue", "Rule of bo: figures of bo."],
        ["Ada", "grow", "Rule of ada: figures of ada."],
        ["Caro", "maintain", "Figures of caro."],
    ]
    rules = rows(found.rules_table())
    assert rules[1] == ["rescue", "Has announced that it will leave"]
    assert rules[-2:] == [
        ["maintain", "No sign of danger, of a change or of more to win"],
        ["maintain", "Not assessed: the history is too short to tell a fall in sales; nothing else calls for action"],
    ]
    assert len(rules) == 18


def test_who_is_closest_to_the_threshold(found):
    table = found.threshold_table()
    assert heads(table) == ["Customer", "Now", "Value (0-1)", "Why"]
    assert rows(table) == [
        ["Ada", "inside", "0.91", "60% of Skids, 40% of sales, 0.49 of value ahead of the first outside"],
        ["Caro", "inside", "0.63", "40% of Skids, 0.21 of value ahead of the first outside"],
        ["Bo", "key, not served", "0.42", "30% of sales, 0.21 of value behind the last inside"],
    ]
    assert notes(table) == [
        "You have capacity for 2 key accounts and 3 qualify, so the 2 most valuable are served.",
        "Eve (0.55) is the most valuable of all who are not key: a high value alone does not make a customer key.",
    ]
    wide = replace(found, limit=7, cut=segments.cut(found.keys, found.scores, 7, found.shares)).threshold_table()
    assert rows(wide)[3:] == [
        ["Dag", "outside", "0.37", "highest share 8.0% of sales, 2.0 points short"],
        ["Eve", "outside", "0.55", "highest share 7.0% of sales, 3.0 points short"],
        ["Fay", "outside", "0.19", "highest share 6.0% of sales, 4.0 points short"],
    ]
    assert notes(wide)[0] == (
        "You have capacity for 7 key accounts and 3 qualify. To qualify, a customer needs 10% of something that matters: "
        "all sales, the margin, a product line."
    )
    [outside] = tables.outside_table(found).records()
    assert outside == {
        "rank": 3, "account_id": "bo", "account_name": "Bo", "key": True, "score": 0.42, "largest_share": 0.3,
        "activity": "revenue", "lead": pytest.approx(-0.21),
    }  # fmt: skip


def test_the_balance(found):
    table = found.balance_table()
    assert heads(table) == [
        "Customer", "Who depends", "Our dependence (0-1)", "Its dependence (0-1)", "Our part of its spend",
        "Switching barriers (0-1)",
    ]  # fmt: skip
    assert rows(table) == [
        ["Ada", "we depend on it", "0.99", "0.31", "62%", "0.17"],
        ["Bo", "balanced", "0.88", "0.00", "53%", "0.28"],
        ["Caro", "not assessed", "0.77", "not assessed", "not assessed", "0.39"],
    ]
    assert notes(table) == [
        "Our dependence reaches 1 at 10% of our margin (of sales, where no cost is known). Its dependence is the mean of "
        "our part of its spend and of what would make it hard to switch."
    ]
    unknown = replace(found, power=found.power.assign(their_dependence=NAN))
    assert unknown.balance_table().html().html == unknown.out_of_balance().html().html == ""


def test_those_out_of_balance_stand_open_and_the_others_are_folded(found):
    table = found.out_of_balance()
    assert rows(table) == rows(found.balance_table())[:1]
    assert notes(table) == []
    even = replace(found, power=found.power.assign(reading="balanced")).out_of_balance()
    assert even.html().html == (
        '<p class="kam-note">With every key account both sides depend on each other about equally.</p>'
    )


def test_what_the_invoices_show(found):
    table = found.invoices_table()
    assert heads(table) == ["Customer", "Price (others = 100)", "Margin", "Margin vs. last year", "Lines bought"]
    assert rows(table) == [
        ["Ada", "95", "31.0%", "+1.5 points", "3 of 4"],
        ["Bo", "112", "-4.0%", "-4.3 points", "1 of 4"],
        ["Caro", "not assessed", "22.0%", "not assessed", "2 of 4"],
    ]
    assert notes(table) == ["Price: what it pays for products that others buy too, their average being 100."]
    bare = replace(found, invoices=found.invoices.assign(price_index=NAN, margin_change=NAN)).invoices_table()
    assert (heads(bare), bare.notes) == (["Customer", "Margin", "Lines bought"], [])


def test_what_keeps_each(found):
    table = found.barriers_table()
    assert heads(table) == ["Customer", "Evidence", "Process", "Cost", "Personal", "Overall"]
    assert rows(table) == [
        ["Ada", "approved plant by plant", "0.11", "0.33", "0.55", "0.37"],
        ["Bo", "not assessed", "0.22", "0.44", "0.66", "0.48"],
        ["Caro", *["not assessed"] * 5],
    ]
    assert table.strong == [0]
    assert notes(table) == [
        "From 0, nothing keeps it, to 1, very hard to leave. Personal ties count as much as process and cost together. "
        "Bold: valuable and easy to lose.",
        "Not key, but at least 1% of sales and just as easy to lose: Eve (7.0% of sales).",
    ]


def test_robust_or_borderline(found):
    table = found.firmness_table()
    assert heads(table) == ["Customer", "Value (0-1)", "Rests on", "Among the best 2", "Robust?"]
    assert rows(table) == [
        ["Ada", "0.91", "98%", "97% ± 13.7", "robust"],
        ["Bo", "0.42", "87%", "41% ± 22.2", "borderline"],
        ["Caro", "0.63", "76%", "93% ± 15.3", "robust"],
    ]
    assert notes(table) == [
        "In how many of 1,234 weightings, drawn evenly from all possible ones, the customer is among the best 2 by value. "
        "Robust means 90% or more. After ±: the simulation error in points (seed 2). "
        '"Rests on": the part of the weight for which there is data on this customer.'
    ]


def test_who_changes_place(found):
    table = found.changes_table()
    assert heads(table) == ["Weight", "Comes in", "Goes out"]
    assert rows(table) == [
        ["Volume +80 points", "Bo, Dag (not key)", "Caro"],
        ["Growth -7 points", "nobody", "Ada, Eve and 1 more (not key)"],
    ]
    still = replace(found, changes=found.changes.tail(1)).changes_table()
    assert isinstance(still, Html)
    assert "No key account enters or leaves the best 2 when one weight moves by ten points." in still.html


def test_what_counts_as_value(found):
    table = found.criteria_table()
    assert heads(table) == ["Criterion", "Better if", "How it is measured", "Weight"]
    shown = {row[0]: row[1:] for row in rows(table)}
    assert shown["Volume"] == ["more", "sales in the period, net of credit notes (EUR)", "70.0%"]
    assert shown["Reach"] == ["more", "not assessed: needs region in transactions or accounts", "4.3%"]
    assert shown["Nearness"] == ["less", "distance as the crow flies to our nearest site (km)", "4.3%"]
    assert list(shown) == [each.label for each in segments.CRITERIA]
    assert notes(table) == [
        "Each is scaled between our customers: 0 is the 5th percentile, 1 the 95th. Weights are equal unless [criteria] in "
        "the settings says otherwise. What is not assessed for a customer leaves its weight to the others."
    ]
    parts = found.parts_table()
    assert heads(parts) == ["Customer", "Volume", "Growth"]
    assert rows(parts) == [["Ada", "1.00", "0.57"], ["Bo", "0.83", "not assessed"], ["Caro", "0.46", "0.68"]]


def test_the_stages(found):
    table = found.stages_table()
    assert heads(table) == ["Stage", "Customers", "Sales (€)", "Means"]
    assert [row[:3] for row in rows(table)] == [
        ["new", "1", "9"], ["growing", "1", "40"], ["steady", "2", "15"], ["shrinking", "1", "30"], ["quiet", "0", "0"],
        ["lost", "1", "6"],
    ]  # fmt: skip
    published = tables_value.lifecycle_table(found).records()
    assert published[1] == {"account_id": "bo", "account_name": "Bo", "stage": "shrinking", "why": "why bo"}


def test_what_each_is_key_on_is_published(found):
    assert tables.activities_table(found).records()[1:3] == [
        {"account_id": "bo", "account_name": "Bo", "activity": "revenue", "amount": 30.0, "share": 0.3, "significant": True},
        {"account_id": "caro", "account_name": "Caro", "activity": "product_line:Skids", "amount": 4.0, "share": 0.4,
         "significant": True},
    ]  # fmt: skip


def test_json_and_spreadsheet_are_the_page_s_tables(found):
    document = found.result().document()
    assert list(document["tables"]) == [
        "key_accounts",
        "just_outside",
        "lifecycle",
        "activities",
        "by_threshold",
        "left_out",
    ]
    assert document["tables"]["key_accounts"] == found.keys_table().records()
    kinds = {name: each["kind"] for name, each in document["columns"]["key_accounts"].items()}
    assert kinds == {
        "account_id": "text", "name": "text", "activities": "text", "reasons": "text", "work": "text", "firm": "flag",
        "on_list": "flag", "served": "flag", "amount": "money", "revenue_share": "share", "score": "number",
        "acceptability_share": "share", "quadrant": "text", "rule": "text", "figures": "text",
    }  # fmt: skip
    assert document["columns"]["key_accounts"]["amount"]["unit"] == "EUR"
    book = openpyxl.load_workbook(io.BytesIO(tables_workbook({explore.REPORT: document})))
    head, first, *_ = book["02 key accounts"].iter_rows()
    cells = {name.value: (cell.value, cell.number_format) for name, cell in zip(head, first, strict=True)}
    assert cells["revenue share"] == (0.4, "0.0%")
    assert cells["amount"] == (40, "#,##0")
    assert cells["score"] == (0.91, "#,##0.00")
    assert cells["firm"][0] is True
    [_, outside] = book["02 just outside"].iter_rows(values_only=True)
    assert outside == (3, "bo", "Bo", True, 0.42, 0.3, "revenue", pytest.approx(-0.21))


def test_the_charts_have_the_same_numbers_behind_them(found):
    served, matrix, firmness = (
        each.layout.meta for each in (found.served_chart(), found.matrix_chart(), found.firmness_chart())
    )
    assert served["title"] == "The 2 most valuable of 3 key accounts are served: 1 comes in, 1 goes out"
    assert [[plain(cell) for cell in row] for row in served["table"]["rows"]] == [
        ["Ada", "0.91", "60% of Skids", "served", ""],
        ["Caro", "0.63", "40% of Skids", "served", "comes in"],
        ["Bo", "0.42", "30% of sales", "not served", ""],
        ["Dag", "0.37", "8.0% of sales", "not key", "goes out"],
        ["Fay", "0.19", "6.0% of sales", "not key", ""],
    ]
    assert matrix["title"] == "2 of 3 key accounts have high value and a strong position"
    assert matrix["table"]["rows"] == [
        ["Fay", "0.45", "0.19", "serve at lower cost", "near a border"],
        ["Ada", "0.81", "0.91", "invest", ""],
        ["Bo", "0.32", "0.42", "serve at lower cost", ""],
        ["Caro", "0.52", "0.63", "invest", "near a border"],
    ]
    assert (
        "High value, weak position: Ada"
        in replace(found, matrix=segments.matrix(found.scores.set_index("account_id")["score"], pd.Series(0.2, IDS)))
        .matrix_chart()
        .layout.meta["title"]
    )
    assert plain(firmness["title"]) == "2 of 3 key accounts are in the top 2 in at least 90% of weightings"
    assert [[plain(cell) for cell in row] for row in firmness["table"]["rows"]] == [
        ["Ada", "97.0%", "robust"],
        ["Caro", "93.0%", "robust"],
        ["Bo", "41.0%", "borderline"],
        ["Fay", "4.0%", "borderline"],
    ]


def test_the_charts_draw_what_they_drew(found):
    many = replace(found, limit=7, customer="", cut=segments.cut(found.keys, found.scores, 7, found.shares))
    drawn = charts(found) | {f"{name}, room for 7": each for name, each in charts(many).items()}
    held("02_key_accounts", drawn, found.result().document()["columns"])


def test_the_frames_are_there_under_clear_names(found):
    frame = found.accounts
    assert frame[["account_id", "amount", "score", "key", "served"]].to_dict("records")[:4] == [
        {"account_id": "ada", "amount": 40.0, "score": 0.91, "key": True, "served": True},
        {"account_id": "bo", "amount": 30.0, "score": 0.42, "key": True, "served": False},
        {"account_id": "caro", "amount": 9.0, "score": 0.63, "key": True, "served": True},
        {"account_id": "dag", "amount": 8.0, "score": 0.37, "key": False, "served": False},
    ]
    assert found.keys.columns.tolist() == ["account_id", "account_name", "activities", "largest_share"]
    assert [plain(each) for each in repr(found).splitlines()] == [
        plain(found.answer),
        "Key accounts: 3 of 6 (1 on your list, capacity for 2)",
        "Share of sales: 79%",
        "Robust: 2 of 3 (in the top 2 in at least 90% of weightings, on 87% of the criteria's weight)",
        "Need action now: 2 (1 rescue, 1 grow)",
    ]
