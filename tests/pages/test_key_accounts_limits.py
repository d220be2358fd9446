"""02 exactly at each of its limits: who is just below the threshold, how many reasons and names are told."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from key_accounts_for_tests import company
from words_for_tests import plain

from kam_analysis.pages.key_accounts import advice, reasons, tables_power, tables_value


def with_share(found, share):
    """Dag's share of all sales is this."""
    rows = found.shares["account_id"].eq("dag") & found.shares["activity"].eq("revenue")
    return replace(found, shares=found.shares.assign(share=found.shares["share"].mask(rows, share)))


@pytest.mark.parametrize(("share", "said"), [
    (0.09, "9.0% of sales, 1.0 points short"), (0.0901, "9.0% of sales, 1.0 points short"), (0.0899, None), (0.0994, "9.9% of sales, 0.1 points short"), (0.0996, "9.96% of sales, less than 0.1 points short"),
])  # fmt: skip
def test_who_reaches_nine_tenths_of_the_threshold_is_just_below_it(share, said):
    found = with_share(company(), share)
    near = reasons.just_below(found).set_index("account_id")
    assert ("dag" in near.index) == (said is not None)
    if said:
        assert plain(reasons.short_of(found, near.loc["dag"])) == said


def test_the_nearest_is_named_and_the_others_are_counted():
    found = company()
    rows = found.shares[found.shares["activity"] == "revenue"].head(1)
    for others, sentence in ((0, "answer.below"), (1, "answer.below_and_one"), (2, "answer.below_and_more")):
        near = [
            rows.assign(account_id=f"x{at}", share=0.095 - at / 1000, significant=False) for at in range(others + 1)
        ]
        of = replace(found, shares=pd.concat([found.shares[found.shares["significant"]], *near], ignore_index=True))
        short = reasons.short_of(of, {"share": 0.095, "activity": "revenue"})
        assert reasons._just_below(of) == reasons.say(sentence, who=of.name("x0"), short=short, more=str(others))


def test_two_reasons_are_told_the_largest_first_and_the_others_counted():
    found = company()
    row = found.shares[found.shares["significant"]].head(1).assign(account_id="ada", significant=True)
    passed = [
        row.assign(activity=f"product_line:L{at}", share=share) for at, share in enumerate((0.2, 0.41, 0.3, 0.12))
    ]
    of = replace(found, shares=pd.concat(passed, ignore_index=True))
    assert plain(reasons.reasons(of, "ada")) == "41% of L1, 30% of L2" + plain(reasons.say("reasons.more", more=2))
    assert plain(reasons.reasons(of, "ada", most=4)) == "41% of L1, 30% of L2, 20% of L0, 12% of L3"
    presence = row.assign(activity=reasons.PRESENCE, share=0.75, amount=3.0)
    both = replace(found, shares=pd.concat([presence, *passed[:1]], ignore_index=True))
    assert plain(reasons.reasons(both, "ada")).startswith("20% of L0, ")
    assert reasons.briefly(reasons.reason(presence.iloc[0])) == reasons.say("reasons.presence", served="3", regions=4)


def easy(many):
    return pd.DataFrame({"account_id": [f"x{at}" for at in range(many)], "account_name": [f"X{at}" for at in range(many)], "strength": 0.125,
                         "note": ["", *["no contract"] * (many - 1)], "share": 0.02})  # fmt: skip


def test_three_who_could_leave_easily_are_actions_and_five_others_are_named():
    steps = list(advice._to_keep(replace(company(), easy=easy(4))))
    assert len(steps) == 3
    of = {"who": "X0", "strength": "0.12"}
    assert steps[0].what == advice.say("actions.keep_unknown", **of)
    assert steps[1].what == advice.say("actions.keep", note="no contract", **of | {"who": "X1"})
    five, six, eight = (plain(tables_power._others(replace(company(), easy=easy(each)))[0]) for each in (5, 6, 8))
    assert ["X4" in each for each in (five, six, eight)] == [True] * 3
    assert ["X5" in each for each in (six, eight)] == [False] * 2
    listed = ", ".join(tables_power.say("balance.other", who=f"X{at}", share="2.0%") for at in range(5))
    told = {"share": tables_power.style.share(tables_power.VALUABLE, 0), "who": listed}
    assert [five, six, eight] == [
        plain(tables_power.say("balance.others", **told)), *(plain(tables_power.say("balance.others_and_more", more=each, **told)) for each in (1, 3)),
    ]  # fmt: skip
    assert tables_power._others(company()) == []


def test_ten_out_of_balance_are_shown():
    assert tables_power.out_of_balance(company()).shown == 10


def test_of_others_who_change_place_the_best_is_named():
    found, keys = company(), {"ada", "bo"}
    told = {
        ids: tables_value._told(found, ids, keys=keys)
        for ids in ((), ("ada", "bo"), ("dag",), ("eve", "ada", "dag", "fay"))
    }
    assert told == {
        (): tables_value.say("value.nobody"), ("ada", "bo"): "Ada, Bo", ("dag",): tables_value.say("value.not_key", who="Dag"),
        ("eve", "ada", "dag", "fay"): f"Ada, {tables_value.say('value.not_key_and_more', who='Eve', more=2)}",
    }  # fmt: skip


def test_thirty_are_drawn_as_robust_those_nearest_to_nine_tenths():
    found = company()
    ids = [f"x{at:02}" for at in range(31)]
    row = found.scores.head(1)
    scores = pd.concat([row.assign(account_id=each, account_name=each, top=0.9 + at / 1000, badge="firm") for at, each in enumerate(ids)])  # fmt: skip
    keys = pd.concat([found.keys.head(1).assign(account_id=each) for each in ids])
    many = replace(found, scores=scores.reset_index(drop=True), keys=keys.reset_index(drop=True))
    drawn = many.firmness_chart()
    assert (len(drawn.data[0].x), drawn.layout.height) == (30, 30 * 24 + 130)
    assert (min(drawn.data[0].x), max(drawn.data[0].x)) == (pytest.approx(0.9), pytest.approx(0.929))
    assert len(drawn.layout.meta["table"]["rows"]) == 31


def test_where_presence_begins_is_the_fewest_regions_of_those_that_meet_it_of_all_of_ours():
    rows = [(reasons.PRESENCE, 3.0, 0.6, True), (reasons.PRESENCE, 2.0, 0.4, False), (reasons.PRESENCE, 5.0, 1.0, True)]
    shares = pd.DataFrame([("revenue", 1.0, 0.5, True), *rows], columns=["activity", "amount", "share", "met"])
    common = pd.DataFrame([(reasons.PRESENCE, 11, 17), ("revenue", 12, 19)], columns=["activity", "met", "customers"])
    found = SimpleNamespace(shares=shares, common=common, key_share=0.15)
    assert reasons._regions_needed(found) == (3, 5)
    presence, sales = map(plain, reasons.without_telling(found))
    for words in ("11", "17 customers", "3", "5"):
        assert words in presence
    for words in ("12", "19 customers", "15%"):
        assert words in sales
    assert reasons.most_carry(found)
    assert not reasons.most_carry(SimpleNamespace(common=common.head(1)))
