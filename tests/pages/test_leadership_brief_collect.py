"""What a brief asks of other pages and of which days, and where its limits lie; every page is made by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date
from html import unescape
from types import SimpleNamespace

import leadership_brief_for_tests as made
import pandas as pd
import pytest
from words_for_tests import plain

from kam_analysis.errors import DataError, SettingsError
from kam_analysis.pages.history import History, Record, _fingerprint
from kam_analysis.pages.leadership_brief import asks, at_stake, found, other_pages, tables
from kam_analysis.pages.leadership_brief.changes import reported_anew
from kam_analysis.pages.leadership_brief.decided import decided
from kam_analysis.pages.leadership_brief.five_figures import far, watched
from kam_analysis.pages.leadership_brief.people_kept import KeptBack
from kam_analysis.pages.table import Column, Table


@pytest.fixture(autouse=True)
def _plans(monkeypatch):
    for module in (asks, at_stake):
        monkeypatch.setattr(module, "plan_of", made.plan_of)


class Ledger(made.Ledger):
    """A ledger that pages can be asked of; `at` an earlier day it says which."""

    overview = SimpleNamespace(first=date(2022, 1, 1))
    name, currency = "Small Works", "EUR"

    def at(self, day):
        if day < self.overview.first:
            raise DataError("no sales by then\nat all")
        earlier = Ledger()
        earlier.as_of = day
        return earlier

    def period_of(self, word):
        return word

    def by_account(self, period, measures):
        return pd.DataFrame({"account_id": ["A", "B"], "account_name": ["A", "B"], "revenue": [70.0, -7.0]})


@pytest.fixture
def pages(monkeypatch):
    """How often each page was asked, as of which day; a page that fails is given by its name."""
    asked, fails = Counter(), {}
    whole = made.pages()

    def page(name):
        def collect(ledger):
            asked[name, ledger.as_of] += 1
            if name in fails:
                raise fails[name]
            return getattr(
                whole,
                {"concentration": "dependence", "key_accounts": "keys", "churn_impact": "losses"}.get(name, "people"),
            )

        return collect

    for name in ("concentration", "key_accounts", "churn_impact", "coverage"):
        monkeypatch.setattr(other_pages, name, page(name))

    def company(ledger):
        asked["company", ledger.as_of] += 1
        if "company" in fails:
            raise fails["company"]
        return SimpleNamespace(keys=whole.keys, losses=whole.losses, people=whole.people)

    def forecast_of(ledger):
        asked["forecast", ledger.as_of] += 1
        if "forecast" in fails:
            raise fails["forecast"]
        return whole.dependence.forecast

    monkeypatch.setattr(other_pages, "company", company)
    monkeypatch.setattr(other_pages, "forecast_of", forecast_of)
    return SimpleNamespace(asked=asked, fails=fails, whole=whole)


def test_pages_come_together_and_one_by_one_where_that_fails(pages):
    ledger = Ledger()
    found_of = other_pages.pages_of(ledger)
    assert pages.asked == {("concentration", made.DAY): 1, ("company", made.DAY): 1}
    assert (found_of.keys, found_of.people, found_of.failed) == (pages.whole.keys, pages.whole.people, {})
    pages.fails |= {"company": ValueError("no"), "coverage": DataError("no managers\nnone")}
    found_of = other_pages.pages_of(ledger)
    assert (found_of.losses, found_of.people) == (pages.whole.losses, None)
    assert found_of.failed == {"04_coverage": "no managers"}
    pages.asked.clear()
    assert other_pages.pages_of(ledger, whole=False).dependence is pages.whole.dependence
    assert {name for name, _ in pages.asked} == {"concentration", "key_accounts", "churn_impact", "coverage"}


def test_the_day_that_is_compared_with():
    printed = [Record(report="x", as_of=day, version="", settings="", data="", parameters="", figures={}) for day in (date(2025, 6, 1), date(2025, 8, 1))]  # fmt: skip
    ledger, history = Ledger(), History(records=printed)
    assert other_pages.earlier_day(ledger, history, date(2025, 2, 3)) == date(2025, 2, 3)
    assert other_pages.earlier_day(ledger, history, None) == date(2025, 8, 1)
    assert other_pages.earlier_day(ledger, History(), None) == made.THEN


def test_an_earlier_day_needs_twelve_months_before_it(pages):
    ledger = Ledger()
    then, why = other_pages.pages_on(ledger, date(2025, 1, 1))
    assert (then.as_of, then.keys, why) == (date(2025, 1, 1), pages.whole.keys, "")
    assert ("company", date(2025, 1, 1)) not in pages.asked
    for first, enough in ((date(2024, 1, 8), True), (date(2024, 1, 9), False)):
        ledger.overview = SimpleNamespace(first=first)
        then, why = other_pages.pages_on(ledger, date(2025, 1, 1))
        assert (then is not None) == enough
    assert "9 Jan 2024" in plain(why)
    ledger.at = lambda day: (_ for _ in ()).throw(DataError("no such day\nmore"))
    ledger.overview = SimpleNamespace(first=date(2020, 1, 1))
    assert other_pages.pages_on(ledger, date(2025, 1, 1)) == (None, "no such day")


def test_the_forecast_of_a_year_ago_is_of_that_day(pages):
    assert other_pages.forecast_of_a_year_ago(Ledger()).forecast is pages.whole.dependence.forecast
    assert pages.asked == {("forecast", date(2024, 12, 31)): 1}
    pages.whole.dependence.forecast = None
    assert other_pages.forecast_of_a_year_ago(Ledger()) is None
    pages.whole.dependence.forecast, pages.fails["forecast"] = "a forecast", DataError("no")
    assert other_pages.forecast_of_a_year_ago(Ledger()) is None


def test_a_plan_that_cannot_be_made_is_none(monkeypatch):
    monkeypatch.setattr(other_pages, "account_plan", lambda ledger, account_id: {"A1": "plan"}[account_id])
    assert other_pages.plan_of(Ledger(), "A1") == "plan"
    for error in (DataError("no"), ValueError("no")):
        monkeypatch.setattr(
            other_pages, "account_plan", lambda ledger, account_id, error=error: (_ for _ in ()).throw(error)
        )
        assert other_pages.plan_of(Ledger(), "A1") is None


def test_collect_puts_both_days_together(pages, monkeypatch):
    record = Record(report="x", as_of=date(2025, 9, 1), version="", settings="", data="", parameters="", figures={})
    monkeypatch.setattr(found.kept_history, "of_run", lambda ledger: History(records=[record]))
    monkeypatch.setattr(
        found, "about", lambda ledger, book, **more: SimpleNamespace(total=book.total, currency="EUR", **more)
    )
    brief = found.collect(Ledger())
    assert (brief.since, brief.asked_since, brief.compared, brief.why_not_before) == (date(2025, 9, 1), "", True, "")
    assert (brief.before.as_of, brief.now.as_of) == (date(2025, 9, 1), made.DAY)
    assert brief.year_ago.forecast is pages.whole.dependence.forecast
    assert (brief.about.total, brief.about.period, brief.about.measure) == (70.0, "last_12_months", "revenue")
    assert list(brief.about.wanted) == [
        ("transactions", "cost"), ("contracts", "ends_on"), ("decisions", "decision"), ("accounts", "account_manager_id"),
        ("budget", "revenue"), ("accounts", "annual_spend"),
    ]  # fmt: skip
    assert brief.has_decisions
    assert [len(each) for each in (brief.figures, brief.asks, brief.risks, brief.against_plan, brief.voice)] == [
        5,
        3,
        3,
        3,
        1,
    ]
    other = found.collect(Ledger(), since="2025-12-30")
    assert (other.since, other.asked_since, other.compared) == (date(2025, 12, 30), "2025-12-30", False)
    for day in ("2025-12-31", "2026-01-01"):
        with pytest.raises(SettingsError):
            found.collect(Ledger(), since=day)


def moved(count):
    """A report of an earlier day in which so many figures were others, and no table of sales to hold them against."""
    figures = {f"figure_{at}": (float(at), "count") for at in range(6)}
    before = made.pages(made.THEN, figures={"keys": figures})
    parameters = _fingerprint(before.results["02_key_accounts"].provenance["parameters"])
    then = {name: value + (at < count) for at, (name, (value, _)) in enumerate(figures.items())}
    record = Record(report="02_key_accounts", as_of=made.THEN, version="2", settings="s", data="d", parameters=parameters, figures=then)  # fmt: skip
    return [plain(each.what) for each in reported_anew(before, History(records=[record]))]


def test_three_figures_that_were_reported_otherwise_are_told_and_the_others_counted():
    assert len(moved(3)) == 3
    assert moved(4)[3:] == ["1 more figure is no longer as reported for 30 Sep 2025"]
    assert moved(6)[3:] == ["3 more figures are no longer as reported for 30 Sep 2025"]


@pytest.mark.parametrize(
    ("steps", "notes"),
    [
        (3, []),
        (4, ["1 more step, the warning signs and the budget by month are on the page on churn impact."]),
        (7, ["4 more steps, the warning signs and the budget by month are on the page on churn impact."]),
    ],
)
def test_three_steps_of_the_contingency_plan_are_shown(steps, notes):
    plan = Table("Steps " * 30, [Column("step", "Step")], pd.DataFrame({"step": [f"Step {at}" for at in range(steps)]}))
    now = made.pages()
    now.losses.steps_table = lambda: plan
    shown = tables.contingency_table(made.brief(now))
    assert [len(shown.written()), len(shown.caption) <= 90] == [3, True]
    assert shown.notes == notes
    assert tables.contingency_table(made.brief(made.pages())) is None


def test_what_can_be_lost_is_asked_only_where_it_is_known():
    calm = {"work": made.pages().keys.work.assign(work="review"), "missing": (), "managers": pd.DataFrame()}
    assert made.brief(made.pages(**calm, absorbable=None)).asks == []
    assert made.brief(replace(made.pages(**calm), losses=None)).asks == []
    for largest, worst in ((1, 1), (2, 1), (3, 0)):
        room = SimpleNamespace(largest=largest, below_already=False, margin=SimpleNamespace(value=1.0))
        assert len(made.brief(made.pages(**calm, absorbable=room)).asks) == worst


def test_one_ask_alone_has_no_note_on_what_is_counted_once():
    calm = {"work": made.pages().keys.work.assign(work="review"), "managers": pd.DataFrame()}
    for missing, note in (((), False), (("C1",), True)):
        brief = made.brief(made.pages(**calm, missing=missing))
        assert (len(brief.asks), bool(brief.asks_table().notes)) == (1 + note, note)
        assert (tables.say("asks.once") in unescape(brief.actions().html)) == note


def test_a_tenth_is_far_where_no_range_is_known():
    for then, is_far in ((263.0, False), (262.0, True), (321.0, False), (322.0, True), (0.0, False)):
        before = made.pages(made.THEN, figures={"losses": {"worst_case_top_1": (then, "EUR")}})
        told = far(watched(made.pages(), before, History()))
        assert ("worst_case_top_1" in [each.name for each in told]) == is_far


def test_what_falls_due_in_thirty_days_and_what_is_of_the_day_itself():
    rows = pd.DataFrame(
        {"decision_id": ["a", "b", "c", "d", "e", "f"], "account_id": None, "decision": "x", "kind": "action", "owner": None, "result": None,
         "date": made.days("2025-01-01", "2025-01-01", "2025-01-01", "2025-10-01", "2025-09-30", "2025-01-01"),
         "due": made.days("2026-01-30", "2026-01-31", "2025-12-30", None, None, "2025-10-01"),
         "status": ["open", "open", "open", "open", "open", "declined"]}
    )  # fmt: skip
    ledger = made.Ledger(decisions=rows)
    told = decided(ledger, since=made.THEN, kept=KeptBack(ledger))
    assert list(zip(told["decision_id"], told["state"], strict=True)) == [
        ("c", "overdue"), ("a", "due soon"), ("d", "open"), ("f", "done"),
    ]  # fmt: skip


def test_a_text_that_names_who_leaves_in_secret_is_held_back():
    kept = KeptBack(made.Ledger(announced="2026-01-01"))
    said = {"ann wrote": False, "We met Hill": False, "A hilly road": True, "Ben Lake": True, "": True}
    assert {text: kept.may_say(text) for text in said} == said
    assert not kept.may_say(None)
    assert KeptBack(made.Ledger(announced="2025-12-31")).may_say("Ann Hill")
    assert not KeptBack(made.Ledger(names="initials")).may_say("fine")
    staff = pd.DataFrame({"manager_name": ["Al Bo Kay"], "leaving_on": made.days("2026-02-01")})
    unannounced = KeptBack(made.Ledger(managers=staff))
    assert [unannounced.may_say(each) for each in ("Al", "Kay")] == [True, False]
    assert KeptBack(made.Ledger(managers=staff.drop(columns="leaving_on"))).may_say("Kay")


def test_the_voice_is_of_a_year_and_of_the_ten_largest():
    def heard(*rows):
        feedback = pd.DataFrame(rows, columns=["account_id", "date", "said", "score"]).assign(date=lambda of: pd.to_datetime(of["date"]))  # fmt: skip
        ledger = made.Ledger(feedback=feedback)
        return at_stake.voice(ledger, made.pages(accounts=many), kept=KeptBack(ledger))["said"].tolist()

    many = pd.DataFrame(
        {"account_id": [f"K{at}" for at in range(11)], "account_name": "K", "exposure": range(11, 0, -1)}
    )
    assert heard(("K0", "2025-01-01", "of the year", 9.0)) == ["of the year"]
    assert heard(("K0", "2024-12-31", "too old", 9.0)) == []
    assert heard(("K10", "2025-12-01", "small", 9.0)) == []
    assert heard(("K9", "2025-12-01", "tenth", 9.0), ("K10", "2025-12-01", "small", 1.0)) == ["tenth"]
    assert heard(("K0", "2025-12-01", "large", 7.0), ("K5", "2025-12-01", "low", 6.0)) == ["low"]
    assert heard(("K0", "2025-12-01", "large", None), ("K5", "2025-12-01", "content", 7.0)) == ["large"]
    assert heard(("K0", "2025-11-01", "older", 9.0), ("K0", "2025-12-01", "newer", 8.0)) == ["newer"]


def test_two_notices_in_more_than_two_dozen_words_are_one():
    def answer(*names):
        contracts = made.pages().losses.contracted.contracts.iloc[:2].assign(account_name=names)
        return plain(made.brief(made.pages(contracts=contracts)).answer).partition(". ")[0]

    # With twelve words beside the names.
    assert answer("Y", "X") == "X can give notice until 1 March, Y until 31 March"
    letters = "a b c d e f g h i j k l m n o p q"
    for many, both in ((6, True), (8, False)):
        name = letters[: 2 * many - 1]
        assert ("until 31 March" in answer(name, name)) == both
