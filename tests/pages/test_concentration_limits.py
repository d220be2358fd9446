"""01 exactly at each of its limits: how many bars, panels and points there are, and from which amount on something is said."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from concentration_for_tests import about, book, found, growth, leader, reconciliation, whole
from words_for_tests import plain

from kam_analysis.analysis import concentration as kam
from kam_analysis.ledger.frames.reconciliation import Control, LeftOut
from kam_analysis.pages.concentration import (
    advice,
    answer,
    charts_course,
    charts_largest,
    charts_steps,
    tables,
    tables_change,
)
from kam_analysis.pages.concentration.tables_growth import growth_steps


def many(n, **amounts):
    return book(**{f"K{at:02}": 1000.0 - at for at in range(n)} | amounts)


def test_ten_have_a_bar_and_a_customer_beyond_them_has_its_own():
    of = found(many(12))
    assert [len(found(many(n)).pareto().data[0].y) for n in (9, 10, 11)] == [9, 10, 10]
    drawn = replace(of, customer="K11").pareto()
    assert drawn.layout.meta["table"]["rows"][-1][:2] == ["12", "K11"]
    assert plain(drawn.data[0].text[-1]).endswith("number 12")
    tenth = replace(of, customer="K09").pareto()
    assert (len(tenth.data[0].y), plain(tenth.data[0].text[-1])) == (10, "8.3%  €991")


def test_a_curve_is_drawn_from_six_customers_on():
    assert [len(found(many(n)).pareto().data) for n in (5, 6)] == [1, 3]
    assert [found(many(n)).pareto().layout.height for n in (5, 6)] == [5 * 26 + 110, 6 * 26 + 130 + 44 + 110]


def test_a_curve_of_a_large_book_has_at_most_400_points():
    assert charts_largest.drawn_ranks(400).tolist() == [*range(401)]
    spread = charts_largest.drawn_ranks(401)
    assert (spread[:4].tolist(), spread[-1]) == ([0, 1, 2, 3], 401)
    assert len(spread) < 401
    assert (charts_largest._drawn(400), plain(charts_largest._drawn(5000))) == (
        charts_largest.say("charts.curve"), charts_largest.say("charts.curve_some", drawn=str(len(charts_largest.drawn_ranks(5000)) - 1), all="5,000"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key_share", "drawn"), [(0.0, False), (0.4, True), (0.649, True), (0.65, False), (0.7, False)]
)
def test_the_threshold_is_drawn_where_a_bar_comes_near_it(key_share, drawn):
    lines, words = charts_largest._threshold(key_share, [{"share": 0.5}, {"share": 0.2}])
    assert (bool(lines), bool(words)) == (drawn, drawn)
    if key_share == 0.4:
        assert lines[0]["path"] == "M0.4,-0.7 L0.4,-0.3 M0.4,0.3 L0.4,0.7 M0.4,1.3 L0.4,1.7"
        assert words[0]["x"] == 0.4


def activity(name, *shares, kind="product_line"):
    leaders = tuple(leader(letter, 100.0 * share, share, 0.01) for letter, share in zip("abcd", shares, strict=False))
    return kam.Activity(f"{kind}:{name}", kind, name, 100.0, 0.0, 0, 0.5, len(shares), 2.0, leaders)


def test_twelve_activities_have_a_panel_of_three_and_the_table_has_all():
    every = [activity(f"Line {at}", 0.5, 0.3, 0.1, 0.05) for at in range(13)]
    assert found(activities=every[:1]).activities_chart() is None
    assert len(found(activities=every[:2]).activities_chart().data) == 2
    figure = found(activities=every).activities_chart()
    assert ([len(each.y) for each in figure.data], len(figure.layout.meta["table"]["rows"])) == ([3] * 12, 39)
    assert figure.layout.height == 6 * (24 + 3 * 22 + 14) + 40
    assert [plain(each) for each in figure.data[0].text] == ["50%", "30%", "10.0%"]
    odd = found(activities=every[:3]).activities_chart().layout
    assert (odd.height, odd.meta["narrow"]["layout"]["height"]) == (2 * 104 + 40, 3 * 104 + 40)
    assert odd.xaxis2.domain == pytest.approx((0.5 + 0.015 + 0.5 * 0.42, 0.5 + 0.015 + 0.5 - 0.03))
    assert odd.yaxis3.domain == pytest.approx((0.5 - (24 + 66) / 208, 0.5 - 24 / 208))


def test_a_presence_has_a_panel_where_somebody_buys_in_enough_regions():
    money = [activity("Seals", 0.5), activity("Pumps", 0.4)]
    presence = activity("regions", 0.6, kind="presence")
    for least, panels in ((0.6, 3), (0.61, 2)):
        figure = found(
            activities=[*money, presence, activity("North", 0.9, kind="region")], presence_from=least
        ).activities_chart()
        assert len(figure.data) == panels
    # Its scale is all regions; that of money ends beyond the longest bar.
    figure = found(activities=[*money, presence], presence_from=0.5).activities_chart()
    assert (figure.layout.xaxis.range, figure.layout.xaxis3.range) == (pytest.approx((0, 0.7)), pytest.approx((0, 1.4)))


def course(*shares):
    return pd.Series(shares), pd.Series(pd.date_range("2025-01-31", periods=len(shares), freq="ME"))


@pytest.mark.parametrize(("shares", "said"), [
    ((0.30, 0.31, 0.32, 0.40), "was 30% 3 months"), ((0.304, 0.31, 0.299), "held"), ((0.30, 0.25, 0.35), "lowest"), ((0.30, 0.45, 0.35), "highest"),
    ((0.30, 0.29, 0.35), "lowest"), ((0.30, 0.291, 0.35), "plain"), ((0.30, 0.36, 0.35), "highest"), ((0.30, 0.359, 0.35), "plain"),
])  # fmt: skip
def test_a_course_is_told_by_its_bend_from_a_point_on(shares, said):
    values, ends = course(*shares)
    told = plain(charts_course._course(ends, values, who="five", measure="sales"))
    words = {
        "held": "charts.course_held", "lowest": "charts.course_lowest", "highest": "charts.course_highest",
    }.get(said, "charts.course")  # fmt: skip
    share = charts_course.style.share
    of = {"who": "five", "measure": "sales", "now": share(shares[-1], 0), "months": len(shares) - 1}
    of |= {"then": share(shares[0] if words == "charts.course" else shares[1], 0), "month": "Feb 2025"}
    assert told == plain(charts_course.say(words, **of))


def test_four_windows_are_a_course_and_five_customers_are_few():
    trend = whole().trend
    assert found(trend=trend.head(3)).trend_chart() is None
    assert found(trend=trend).trend_chart() is not None
    for customers, lines in (([5, 5, 5, 5], 1), ([5, 5, 5, 6], 3)):
        figure = found(trend=trend.assign(accounts=customers)).trend_chart()
        assert len(figure.data) == lines + 1


@pytest.mark.parametrize(("top", "steps"), [
    (0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]), (0.051, [0, 0.02, 0.04]), (0.25, [0, 0.05, 0.1, 0.15, 0.2, 0.25]), (0.26, [0, 0.1, 0.2]),
    (0.5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]), (1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (1.01, [0, 0.25, 0.5, 0.75, 1.0]), (1.3, [0, 0.25, 0.5, 0.75, 1.0]),
])  # fmt: skip
def test_shares_have_at_most_five_round_steps(top, steps):
    assert list(charts_course._round_steps(top)) == pytest.approx(steps)


def test_what_is_said_of_the_data_from_which_amount_on():
    def steps(**changes):
        return [plain(each.what) for each in advice._about_the_data(found(about=about(groups_known=True), **changes))]

    sold = reconciliation().sold
    for part, told in ((0.01, 1), (0.0099, 0), (-0.01, 1)):
        amount = part * sold
        near = reconciliation(without_account=amount, in_shares=1_000_000.0 + 21_500.25 - amount)
        assert (len(steps(reconciliation=near)), near.sold) == (told, pytest.approx(sold))
    quiet = {"reconciliation": reconciliation(without_account=0.0, in_shares=1_021_500.25)}
    for finance, told in ((1000.0, 0), (1005.0, 0), (1005.1, 1), (995.1, 0), (994.9, 1)):
        assert len(steps(controls=[Control("2025", "revenue", 1000.0, finance, False)], **quiet)) == told
    later = [
        Control("2024", "revenue", 1000.0, 900.0, False),
        Control("2025", "revenue", 1000.0, 800.0, False),
        Control("2026", "revenue", 9.0, 1.0, True),
    ]
    [said] = steps(controls=later, **quiet)
    assert "€200 " in said
    assert "2025" in said
    suggested = whole().suggested
    assert [len(steps(suggested=pd.concat([suggested] * each), **quiet)) for each in (1, 2)] == [1, 1]
    assert steps(suggested=suggested, **quiet) != steps(suggested=pd.concat([suggested] * 2), **quiet)
    assert len(list(advice._about_the_data(found(about=about(groups_known=False), **quiet)))) == 1


def test_a_group_is_told_where_its_parts_stay_below_a_tenth_and_the_largest_where_it_is_key():
    def told(share, largest):
        return len(list(advice._groups(found(groups=[kam.Group("A-01", "Alder", 2, share, largest)]))))

    assert [told(*each) for each in ((0.1, 0.0999), (0.0999, 0.05), (0.2, 0.1))] == [1, 0, 0]
    largest = found().now.top(1)
    assert [
        len(list(advice._worst_case(found(about=about(key_share=each))))) for each in (largest, largest + 1e-6)
    ] == [1, 0]


def test_three_falls_and_three_hidden_ones_are_actions_and_five_reasons_are_named():
    falls = pd.DataFrame({"account_id": [f"K{at}" for at in range(4)], "account_name": "Ash", "change_share": -0.2})
    hidden = [
        SimpleNamespace(account_id="A-01", account_name="Ash", share_of_total=0.01, share=0.5, name=f"Line {at}")
        for at in range(4)
    ]
    of = found(
        falls=SimpleNamespace(alerts=falls),
        short_falls=falls.assign(compared_with="the half year before"),
        hidden=hidden,
    )
    assert (len(list(advice._falls(of))), len(list(advice._hidden(of)))) == (6, 3)
    reasons = tuple(LeftOut(f"reason {at}", at, 1.0) for at in range(1, 7))
    [said] = [
        each
        for each in map(plain, advice.caveats(found(reconciliation=reconciliation(reasons=reasons))))
        if "reason 1" in each
    ]
    assert ("21 rows" in said, "reason 5" in said, "reason 6" in said) == (True, True, False)


def test_how_the_largest_moved_in_words():
    def moved(now, before):
        return answer._moved(found(book(a=now, b=100.0 - now), before=book(a=before, b=100.0 - before)), "A-01")

    assert [plain(moved(*each)) for each in ((60.4, 60.0), (60.6, 60.0), (60.0, 62.0), (75.0, 60.0))] == [
        answer.say("answer.as_before"), answer.say("answer.more", points="one point"), answer.say("answer.less", points="two points"),
        answer.say("answer.more", points="15 points"),
    ]  # fmt: skip
    assert answer._moved(found(), "A-01") == ""
    assert [answer._tone(each) for each in (0.00049, 0.0005, -0.0005, -0.00049)] == ["", "bad", "good", ""]


def test_where_dependence_is_greater_by_a_fifth_and_by_half():
    total = found().now.top(1)

    def worse(*shares):
        return answer.worse_somewhere(
            found(activities=[activity(f"Line {at}", each) for at, each in enumerate(shares)])
        )

    nowhere = answer.say("dependence.nowhere")
    assert [worse(total * each) == nowhere for each in (1.19, 1.21)] == [True, False]
    half = found(book(a=1.0, b=1.0), activities=[activity("Line", 0.6)])
    assert answer.worse_somewhere(half) != nowhere  # exactly a fifth more
    assert "Line 1" not in worse(total * 3, total * 1.49)
    assert "Line 1" in worse(total * 3, total * 1.51)
    assert [answer.largest_in_total(found().now, activity("x", total * each)) for each in (1.49, 1.51)] == [False, True]
    assert not answer.largest_in_total(found().now, activity("x", 1.0, kind="presence"))
    assert worse() == ""


def test_losses_of_an_activity_are_told_from_a_hundredth_on_and_those_of_a_margin_always():
    def told(losses, name="Seals", accounts=2):
        of = kam.Activity("x", "product_line", name, 1000.0, losses, accounts, 0.5, 4, 2.0, ())
        return bool(tables.gains_and_losses(of, "EUR"))

    assert [told(-10.0), told(-9.9), told(-0.1, "margin"), told(-500.0, accounts=0)] == [True, False, True, False]


def test_six_push_the_book_and_the_others_stand_together():
    def pushed(n):
        now = {f"K{at}": 100.0 + 9 * at for at in range(n)}
        before = {f"K{at}": 300.0 - at * at for at in range(n)}
        of = SimpleNamespace(pushed=kam.hhi_change(book(**now), book(**before)))
        return [plain(row["account_name"]) for row in tables_change.pushed(found(year=of)).written()]

    assert [len(pushed(n)) for n in (6, 7)] == [6, 7]
    assert (pushed(7)[-1], pushed(9)[-1]) == ("1 other customer", "3 other customers")


def test_a_part_of_no_sales_is_not_known():
    steps = growth_steps(found(growth=growth())).rows.set_index("step")
    assert steps.loc["opening", "part_of_opening"] == 1
    nothing = SimpleNamespace(**dict.fromkeys([*steps.index], 0.0))
    assert np.isnan(growth_steps(found(growth=nothing)).rows["part_of_opening"]).all()


def test_more_equal_customers_than_a_year_ago_are_good_news_and_fewer_bad():
    even, uneven = book(a=50.0, b=50.0), book(a=80.0, b=20.0)
    told = {
        (now.n, before.n): answer.key_figures(found(now, before=before))[2].tone for now, before in ((even, uneven),)
    }
    assert told == {(2, 2): "good"}
    assert answer.key_figures(found(uneven, before=even))[2].tone == "bad"
    assert answer.key_figures(found(even, before=even))[2].tone == ""


def test_a_step_up_has_its_sign_however_small():
    assert [plain(charts_steps.signed(each, "EUR")) for each in (0.5, -0.5, 0.0, 1.0)] == [
        "+€0.5",
        "-€0.5",
        "€0",
        "+€1",
    ]
