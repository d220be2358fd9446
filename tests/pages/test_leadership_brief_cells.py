"""What a brief shows, to the last cell, on pages made by hand in which every figure is another; then its edges."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from types import SimpleNamespace

import leadership_brief_for_tests as made
import pandas as pd
import pytest
from drawn_for_tests import charts, held
from words_for_tests import plain

from kam_analysis.pages.history import History, Record
from kam_analysis.pages.leadership_brief import asks, at_stake
from kam_analysis.pages.leadership_brief.five_figures import written

OLD = {
    "dependence": {"revenue_in_shares": (8000.0, "EUR"), "top_5_share": (0.39, "share"), "revenue_total": (9000.0, "EUR")},
    "losses": {"worst_case_top_1": (250.0, "EUR"), "bad_year_loss": (900.0, "EUR")},
    "people": {"executive_calls_overdue": (10, "accounts")}, "keys": {"key_accounts": (2, "accounts")},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _plans(monkeypatch):
    for module in (asks, at_stake):
        monkeypatch.setattr(module, "plan_of", made.plan_of)


def earlier(**other):
    work = made.pages().keys.work.assign(work=["assessment", "pursuit", "review"])
    return made.pages(made.THEN, figures=OLD, **({"work": work, "ordered": ["A1", "B1", "E1"], "lost": []} | other))


@pytest.fixture
def brief():
    return made.brief(made.pages(), earlier())


def rows(table):
    return [[plain(text) for text in row.values()] for row in table.written()]


def said(html):
    return [
        plain(unescape(re.sub("<[^>]+>", "", each)))
        for each in re.findall(r"<(?:li|p)[^>]*>(.*?)</(?:li|p)>", html.html)
    ]


def test_the_first_screen(brief):
    assert plain(brief.answer) == (
        "Ash Mills can give notice until 1 March, Birch until 31 March. The manager of 29% of sales leaves on 28 February."
    )
    assert [(each.label, plain(each.value), plain(each.note), each.tone, bool(each.mark)) for each in brief.result().shown] == [
        ("Sales of twelve months", "€8.4k", "+5.0%, above its two-year range", "good", True),
        ("Five largest together", "41.0%", "+2.0 points, within its two-year range", "", True),
        ("Margin lost if the largest goes", "€289", "+15.6%", "bad", False),
        ("Margin lost in a 1-in-20 year", "€890", "-1.1%", "good", False),
        ("Key accounts without an executive call", "11", "+1", "bad", False),
    ]  # fmt: skip
    assert plain(brief.result().lead) == "Sold. Changes since 30 September 2025."


def test_what_is_to_be_decided(brief):
    assert rows(brief.asks_table()) == [
        ["How we keep Ash Mills. Notice possible, one contact.", "1) A retention programme for €6 a year: worth it if the chance of leaving falls from 54% to 53%. 2) A price concession at renewal, €45.6 a year: worth it if the chance falls to 45%. 3) Do nothing: a chance of 54% that it leaves within a year.", "Sue Field", "14 Jan 2026", "€289 of margin a year"],
        ["Who takes over Ann Hill's 3 customers. Ann Hill leaves on 28 Feb 2026.", "1) Hand over to Ben Lake and Sue Field as on the coverage page: avoids losing €65 of sales. 2) Hire from outside: none of that loss is avoided.", "Sue Field", "15 Jan 2026", "€12 of margin a year, from 2 customers not counted above"],
        ["What to cut first if the worst case happens. Losing Ash Mills, Birch takes us below break-even, to a result of -€46.", "1) Agree the contingency plan of 3 steps: we can lose €424 of margin before that. 2) Decide when it happens: fixed costs continue until then.", "to be named", "no day on file", "counted above"],
    ]  # fmt: skip
    assert [(each.report, each.cost, each.account_ids) for each in brief.asks] == [
        ("03_churn_impact", 289.0, ("A1",)), ("04_coverage", 12.0, ("A1", "C1", "D1")), ("03_churn_impact", None, ("A1", "B1")),
    ]  # fmt: skip
    told = said(brief.actions())
    assert told[:3] == [
        "1. How we keep Ash Mills",
        "Notice possible, one contact.Sue Field decides by 14 Jan 2026. At stake: €289 of margin a year.",
        "A retention programme for €6 a year: worth it if the chance of leaving falls from 54% to 53%.",
    ]
    assert (
        "Losing Ash Mills, Birch takes us below break-even, to a result of -€46.Who decides: to be named. At stake: counted above."
        in told
    )
    assert (
        said(made.brief(made.Pages(as_of=made.DAY)).actions())[0]
        == "Nothing on file needs a leadership decision in this period."
    )


def test_asks_by_what_the_pages_found():
    calm = made.pages(
        work=made.pages().keys.work.assign(work="review"), managers=made.pages().people.departing.managers.head(1)
    )
    worst, missing = made.brief(calm).asks
    assert (worst.cost, worst.cost_of, plain(worst.options[0])) == (
        439.0,
        "margin a year",
        "Agree the contingency plan of 3 steps: we can lose €424 of margin before that",
    )
    assert (missing.what, missing.why, missing.cost, missing.cost_of) == (
        "Whether to add Birch and Cedar to the list of key accounts",
        "2 customers qualify but are not on the list",
        None,
        "no amount of its own",
    )
    one = made.brief(replace(calm, losses=None, keys=made.pages(missing=("C1",), work=calm.keys.work).keys)).asks
    assert [(each.what, each.why) for each in one] == [
        ("Whether to add Cedar to the list of key accounts", "It qualifies but is not on the list")
    ]
    bare = made.pages(
        contingency=None,
        keeping=pd.DataFrame(),
        renewals=pd.DataFrame(),
        absorbable=SimpleNamespace(largest=0, below_already=False, margin=SimpleNamespace(value=1.0)),
    )
    first, _, third = made.brief(bare).asks
    assert [plain(each) for each in first.options] == ["Do nothing: a chance of 54% that it leaves within a year"]
    assert plain(third.options[0]) == "Agree now what to cut: we can lose €1 of margin before that"
    for largest, below in ((3, False), (1, True)):
        room = SimpleNamespace(largest=largest, below_already=below, margin=SimpleNamespace(value=1.0))
        assert [each.report for each in made.brief(made.pages(absorbable=room, missing=())).asks] == [
            "03_churn_impact",
            "04_coverage",
        ]
    small = made.pages(keeping=pd.DataFrame({"account_id": ["A1"], "can_pay": [True], "probability": [0.54], "effect_needed": [0.0]}),
                       renewals=pd.DataFrame({"account_id": ["A1"], "cost": [45.6], "pays_at": [None]}))  # fmt: skip
    assert [plain(each) for each in made.brief(small).asks[0].options[:2]] == [
        "A retention programme for €6 a year: worth it if the chance of leaving, 54%, falls by less than a point",
        "A price concession at renewal, €45.6 a year",
    ]  # fmt: skip
    alone = made.pages(handover=made.pages().people.handover.tail(1).assign(to_id="M2"))
    _, leaves, _ = made.brief(alone).asks
    assert (leaves.options[0], leaves.due) == ("Hand over to Ben Lake as on the coverage page", date(2026, 2, 28))


def test_what_is_agreed_or_answered(brief):
    first, second = brief.asks[:2]
    on_file = pd.DataFrame({"decision_id": [first.decision_id, second.decision_id], "status": ["declined", "open"], "owner": [None, "Eve Moor"], "due": made.days(None, "2026-01-05"), "date": made.days("2025-12-01", "2025-12-01"),
                            "decision": "x", "account_id": None})  # fmt: skip
    left = made.brief(made.pages(), ledger=made.Ledger(decisions=on_file)).asks
    assert [each.what[:8] for each in left] == ["Who take", "What to ", "Whether "]
    # What was asked of Ash Mills is answered: its money counts at its manager's departure now.
    assert (left[0].owner, left[0].due, left[0].cost, left[0].cost_of) == (
        "Eve Moor",
        date(2026, 1, 5),
        32.0,
        "margin a year",
    )


def test_what_changed(brief):
    assert rows(brief.changes_table()) == [
        ["business", "Ann Hill, who looks after 29% of sales, leaves on 28 Feb 2026", "04_coverage"],
        ["business", "Ash Mills: now rescue, was investigate", "02_key_accounts"], ["business", "Key now: Cedar", "02_key_accounts"],
        ["business", "No longer key: E1", "02_key_accounts"], ["business", "Lost: Gone & Co", "03_churn_impact"],
    ]  # fmt: skip
    assert [(plain(each.what), each.before and plain(each.before), plain(each.now)) for each in brief.changes[5:]] == [
        ("Sales of twelve months: €8.4k, above its two-year range", "€8k", "€8.4k"),
        ("Margin lost if the largest goes: €289, +15.6%. Its usual range is not known yet", "€250", "€289"),
        ("Key accounts without an executive call: 11, +1. Its usual range is not known yet", "10", "11"),
    ]  # fmt: skip
    assert said(brief.actions())[-2:] == [
        "3 more changes in tables.xlsx.",
        "Figures for 30 Sep 2025 are recalculated from today's data, as no report of that day is kept. Later corrections do not show.",
    ]  # fmt: skip
    assert said(replace(brief, compared=True).actions())[-1] == "The figures reported for 30 Sep 2025 still stand."
    none = replace(brief, changes=[])
    assert said(none.actions())[-1] == "No figure has left its usual range since 30 Sep 2025."
    assert (
        said(replace(none, figures=brief.figures[2:]).actions())[-1]
        == "No change is known since 30 Sep 2025. The usual range of the figures is not known yet."
    )
    assert said(replace(none, before=None, why_not_before="").changes_table().html()) == [
        "What changed is not known: there is no earlier day to compare with."
    ]
    assert said(replace(none, before=None).changes_table().html()) == ["What changed is not known: too short."]
    told = made.brief(made.pages(), earlier(), ledger=made.Ledger(announced="2025-09-30")).changes[0]
    assert told.what.startswith("Ash Mills: now rescue")
    many = made.brief(made.pages(lost=["A", "B", "C", "D", "E"]), earlier()).changes
    assert "Lost: A, B, C and 2 more" in [each.what for each in many]


def test_a_figure_that_is_another_for_the_very_same_day(brief):
    figures = {"revenue_in_shares": 8000.0, "top_5_share": 0.37, "revenue_total": 9100.0}
    record = Record(
        report="01_concentration",
        as_of=made.THEN,
        version="1",
        settings="s",
        data="d",
        parameters=_asked(brief),
        figures=figures,
    )
    found = made.brief(made.pages(), earlier(), history=History(records=[record]))
    assert [(each.kind, plain(each.what)) for each in found.changes if each.kind != "business"] == [
        ("restated data or method", "Top 5 share of 30 Sep 2025: reported 37.0%, today 39.0%"),
        ("restated data or method", "Revenue total of 30 Sep 2025: reported €9.1k, today €9k"),
    ]  # fmt: skip
    shown = said(replace(found, changes=found.changes[-1:]).actions())
    assert shown[-1] == "Restated data or method: Revenue total of 30 Sep 2025: reported €9.1k, today €9k."
    assert said(found.caveats())[-1].startswith("A change counts as one of settings or method where these differ")


def _asked(brief):
    from kam_analysis.pages.history import _fingerprint

    return _fingerprint(brief.before.results["01_concentration"].provenance["parameters"])


def test_decisions(brief):
    assert rows(brief.decisions_table()) == [
        ["overdue", "Check the pumps with Ann", "Ben Lake", "30 Dec 2025", ""], ["due soon", "Old but late", "Eve Moor", "31 Dec 2025", ""],
        ["due soon", "Visit Birch", "Ben Lake", "30 Jan 2026", ""], ["open", "Hire", "", "", ""],
    ]  # fmt: skip
    assert brief.decisions[["decision_id", "kind", "account_name", "result"]].astype(object).where(lambda each: each.notna(), None).values.tolist() == [
        ["D1", "action", "Ash Mills", None], ["D5", "action", "Ash Mills", None], ["D2", "decision", "Birch", None], ["D4", "decision", None, None],
        ["D3", "action", "Birch", "Sent"],
    ]  # fmt: skip
    assert brief.decisions_table().notes == ["1 more line in tables.xlsx."]
    kept_back = made.brief(made.pages(), ledger=made.Ledger(announced="2026-01-01"))
    assert rows(kept_back.decisions_table())[0][1] == "Action of 2 Nov 2025"
    nobody_s = made.brief(made.pages(), ledger=made.Ledger(names="initials"))
    assert [row[1] for row in rows(nobody_s.decisions_table())] == [
        "Action of 2 Nov 2025",
        "Action of 2 Aug 2025",
        "Decision of 3 Nov 2025",
        "Decision of 5 Dec 2025",
    ]
    assert nobody_s.voice.empty
    empty = replace(brief, decisions=brief.decisions.head(0))
    assert said(empty.decisions_table().html()) == ["No decision is overdue, due soon or new."]
    assert said(replace(empty, has_decisions=False).decisions_table().html()) == ["No decisions are on file."]


def test_five_figures(brief):
    assert rows(brief.figures_table()) == [
        ["Sales of twelve months", "€8.4k", "€8k", "+5.0%", "€7.24k", "€8.16k", "above its two-year range"],
        ["Five largest together", "41.0%", "39.0%", "+2.0 points", "40.6%", "42.9%", "within its two-year range"],
        ["Margin lost if the largest goes", "€289", "€250", "+15.6%", "", "", "no range yet"],
        ["Margin lost in a 1-in-20 year", "€890", "€900", "-1.1%", "", "", "no range yet"],
        ["Key accounts without an executive call", "11", "10", "+1", "", "", "no range yet"],
    ]  # fmt: skip
    records = brief.figures_table().records()
    assert [plain(records[0][name]) for name in ("label", "written", "beside", "report", "name", "unit")] == [
        "Sales of twelve months", "€8.4k", "+5.0%, above its two-year range", "01_concentration", "revenue_in_shares", "EUR",
    ]  # fmt: skip
    assert brief.figures_table().caption == "Five figures, compared with 30\xa0Sep\xa02025"
    assert replace(brief, before=None).figures_table().caption == "Five figures"
    assert [
        plain(written(*each))
        for each in ((0.5, "share"), (1200, "count"), (1200, "accounts"), (1200.0, "amount"), (-5.0, "EUR"))
    ] == ["50.0%", "1,200", "1,200", "1.20k", "-€5"]


def test_other_periods_and_pages_that_failed(brief):
    year = {**OLD["dependence"], "period": "2025"}
    found = made.brief(
        made.pages(
            figures={"dependence": year, "people": {}, "losses": {"worst_case_top_1": (0.0, "EUR")}},
            trend=pd.DataFrame(),
        ),
        earlier(),
    )
    assert [(each.label, each.low) for each in found.figures] == [
        ("Sales, 2025", None), ("Five largest together", None), ("Margin lost if the largest goes", None), ("Key accounts", None),
    ]  # fmt: skip
    longer = made.pages(made.THEN, figures=OLD)
    longer.results["01_concentration"].provenance["first_day"] = "2023-12-31"
    assert [each.before for each in made.brief(made.pages(), longer).figures] == [None, None, 250.0, 900.0, 10]
    failed = made.brief(
        made.pages(failed={"04_coverage": "no staff"}), earlier(failed={"03_churn_impact": "too short"})
    )
    assert (
        plain(failed.result().lead)
        == "Sold. Changes since 30 September 2025. Missing from this brief, because it failed: 04_coverage."
    )
    assert said(failed.caveats()) == [
        "04_coverage failed and is not in the brief: no staff",
        "Figures of 30 Sep 2025 are recalculated from today's data. The customer list, contracts and staff have no history, so today's are used for both days.",
        "03_churn_impact failed for that day: too short",
    ]  # fmt: skip
    assert failed.result().caveats[-1] == "A warning."
    first = made.brief(made.pages(), history=History(alien=2, reason="no access"))
    assert said(first.caveats()) == [
        "Nothing is compared with an earlier day: too short",
        "2 files in the history folder are not our figures and are ignored.",
        "The history folder cannot be read (no access).",
    ]
    assert plain(first.result().lead) == "Sold."


def test_the_course_of_earlier_reports_is_the_range():
    now = made.pages()
    days = [date(2024, month, 1) for month in (3, 4, 5, 6)]
    with_figures = [
        Record(
            report="03_churn_impact",
            as_of=day,
            version="1",
            settings="s",
            data="d",
            parameters=_asked(made.brief(now, earlier())),
            figures={"bad_year_loss": 800.0 + at},
        )
        for at, day in enumerate(days)
    ]
    found = {each.name: each for each in made.brief(now, history=History(records=with_figures)).figures}
    assert (found["bad_year_loss"].low, found["bad_year_loss"].high, found["bad_year_loss"].reading) == (
        800.0,
        803.0,
        "above its two-year range",
    )
    assert found["bad_year_loss"].course == (800.0, 801.0, 802.0, 803.0, found["bad_year_loss"].value)
    assert {each.name: each for each in made.brief(now, history=History(records=with_figures[1:])).figures}[
        "bad_year_loss"
    ].low is None


@pytest.mark.parametrize(("other", "answer"), [
    ({"contracts": made.pages().losses.contracted.contracts.head(1)}, "Birch can give notice until 31 March. The manager of 29% of sales leaves on 28 February. One decision is overdue."),
    ({"contracts": made.pages().losses.contracted.contracts.assign(ends_on=made.days(*["2026-03-01"] * 5))}, "Ash Mills's contract ends on 1 March. The manager of 29% of sales leaves on 28 February. One decision is overdue."),
    ({"contracts": made.pages().losses.contracted.contracts.iloc[1:2]}, "Ash Mills can give notice until 1 March. Its manager leaves on 28 February. One decision is overdue."),
    ({"contracts": made.pages().losses.contracted.contracts.head(0), "managers": made.pages().people.departing.managers.head(1)}, "One decision is overdue. Ash Mills needs a rescue plan."),
    ({"contracts": made.pages().losses.contracted.contracts.assign(when="any day")}, "The manager of 29% of sales leaves on 28 February. One decision is overdue. Ash Mills needs a rescue plan."),
])  # fmt: skip
def test_the_answer_by_what_presses(other, answer):
    assert plain(made.brief(made.pages(**other)).answer) == answer


def test_the_answer_where_nothing_presses():
    calm = made.pages(
        contracts=made.pages().losses.contracted.contracts.head(0),
        managers=pd.DataFrame(),
        work=made.pages().keys.work.assign(work="review"),
    )
    ledger = made.Ledger(decisions=pd.DataFrame())
    assert (
        plain(made.brief(calm, ledger=ledger).answer)
        == "Nothing on file needs a decision. Sales of twelve months are €8.4k, 41% of them from the five largest customers."
    )
    few = {"dependence": {"revenue_in_shares": (8400.0, "EUR"), "top_5_share": (1.0, "share"), "top_1_share": (0.6, "share"), "accounts": (3, "accounts")}}  # fmt: skip
    three = made.brief(replace(calm, dependence=made.pages(figures=few).dependence), ledger=ledger)
    assert (
        plain(three.answer) == "Nothing on file needs a decision. Sales of twelve months are €8.4k, from 3 customers."
    )
    assert "top_5_share" not in [each.name for each in three.figures]
    of_2025 = replace(
        calm, dependence=made.pages(figures={"dependence": {**OLD["dependence"], "period": "2025"}}).dependence
    )
    assert "Sales of the period are €8k, 39% of them" in plain(made.brief(of_2025, ledger=ledger).answer)
    late = made.Ledger().tables["decisions"].assign(due=made.days(*["2025-12-30"] * 6))
    assert plain(made.brief(calm, ledger=made.Ledger(decisions=late)).answer) == "Four decisions are overdue."


def test_what_is_at_stake(brief):
    assert rows(brief.risks_table()) == [
        ["Ash Mills", "289", "54%", "30%", "your estimate", "1 Mar 2026"], ["Birch", "150", "0.4%", "20%", "your history", "1 Feb 2026"],
        ["Dogwood", "20", "10%", "10%", "x", ""],
    ]  # fmt: skip
    assert rows(brief.opportunities_table()) == [
        ["Birch", "what it buys from others", "1.30k", "sales"],
        ["Account managers' hours", "moved to their customers who need them more", "35.70", "margin"],
    ]  # fmt: skip
    assert [(each["account_id"], each["report"]) for each in brief.opportunities_table().records()] == [
        ("B1", "05_account_plan"),
        (None, "04_coverage"),
    ]
    assert made.brief(made.pages(gain=0.0)).opportunities["account_id"].tolist() == ["B1"]
    assert rows(brief.losses_table()) == [
        ["Ash Mills", "289", "18%", "135 (40 to 229)"], ["Ash Mills, Birch", "439", "25%", "-46 (-141 to 48)"], ["Cedar", "90", "5%", "300 (250 to 340)"],
    ]  # fmt: skip
    assert (brief.losses_table().strong, brief.losses_table().notes) == (
        [1],
        ["Result after fixed costs, with its range. Bold: below break-even. The cases overlap."],
    )
    blank = brief.against_plan.assign(revenue_of_budget=float("nan"), result_after=float("nan"))
    assert replace(brief, against_plan=blank).losses_table().notes == [
        "No budget or fixed costs on file to compare with."
    ]
    assert rows(replace(brief, against_plan=blank).losses_table())[0][2:] == ["", ""]
    assert said(made.brief(replace(made.pages(), losses=None)).losses_table().html()) == [
        "No customer earns anything, so there is nothing to lose."
    ]
    assert said(brief.voice_said()) == ["Ash Mills, 20 Nov 2025, 6 of 10: “We look at both offers.”"]
    unscored = made.Ledger().tables["feedback"].assign(score=float("nan"))
    assert said(made.brief(made.pages(), ledger=made.Ledger(feedback=unscored)).voice_said()) == [
        "Ash Mills, 20 Nov 2025: “We look at both offers.”"
    ]
    low = made.Ledger().tables["feedback"].assign(score=[7.0, 6.0, 1.0, 1.0])
    assert said(made.brief(made.pages(), ledger=made.Ledger(feedback=low)).voice_said())[0].startswith(
        "Birch, 1 Mar 2025"
    )
    bare = made.pages(accounts=made.pages().losses.accounts.assign(contribution=None, probability=float("nan")))
    assert made.brief(bare).risks["account_id"].tolist() == ["A1", "B1", "C1"]
    assert (made.brief(bare).at_stake_chart(), made.brief(bare).chart_note().html) == (None, "")


def test_last_year_s_forecast(brief):
    forecast = replace(brief, year_ago=SimpleNamespace(forecast=brief.now.dependence.forecast))
    assert rows(forecast.forecast_table()) == [
        ["largest customer", "15.0%", "20.0%", "19.0%", "yes"],
        ["five largest", "30.0%", "45.0%", "46.0%", "no"],
    ]
    assert said(brief.forecast_table().html()) == [
        "There was no forecast a year ago to check: it needs two years of earlier sales."
    ]


def test_the_chart_and_what_it_says(brief):
    found = brief.result()
    held("06_leadership_brief", charts(brief), {name: table.declared() for name, table in found.tables.items()})
    meta = brief.at_stake_chart().layout.meta
    assert (meta["title"], meta["table"]["columns"]) == (
        "€289 of margin a year depends on Ash Mills",
        ["Customer", "Margin a year", "Chance of leaving"],
    )
    assert [[plain(each) for each in row] for row in meta["table"]["rows"]] == [
        ["Ash Mills", "€289", "54%"],
        ["Birch", "€150", "0.4%"],
        ["Dogwood", "€20", "10%"],
    ]
    assert [plain(each) for each in brief.at_stake_chart().data[0].text] == ["€20, 10%", "€150, 0.4%", "€289, 54%"]
