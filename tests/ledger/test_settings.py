import re
from datetime import date
from decimal import Decimal

import pytest

from kam_analysis.errors import SettingsError
from kam_analysis.ledger.settings.settings_file import load_settings

MINIMAL = '[tables.transactions]\nfile = "t.csv"\n'


def problems_of(text, company):
    with pytest.raises(SettingsError) as caught:
        load_settings(company(text))
    assert caught.value.exit_code == 2
    return str(caught.value)


def test_defaults_are_those_of_the_contract(company):
    found = load_settings(company(MINIMAL))
    assert (found.period, found.measure, found.parents) == ("last_12_months", "revenue", True)
    assert (found.significance.share, found.significance.from_share, found.significance.presence) == (0.10, 0.05, 0.5)
    assert found.data_dir == found.path.parent.resolve()
    assert found.url.reveal() == "duckdb://"


def test_the_designs_own_example_is_read_whole(company):
    text = """
name = "Classic Models"
currency = "USD"
as_of = 2005-05-31
period = "2004"
measure = "visits"
parents = false
[connection]
url = "duckdb://"
[tables.transactions]
query = "select 1"
columns = { account_id = "customerNumber", visits = "v" }
[fiscal]
year_starts = 7
[control]
revenue = { 2004 = 4515905.51 }
[exclude]
accounts = ["9999"]
products = ["FREIGHT"]
[rates]
PLN = 0.25
[measures.visits]
column = "visits"
unit = "visits"
[significance]
always = ["product_line:Seals"]
[criteria]
volume = 2
[causes.downturn]
where = { industry = "Marine" }
probability = 0.05
loss_probability = 0.3
source = "a guess"
[assumptions.follow_rate]
value = 0.3
low = 0.1
high = 0.6
source = "sales director's estimate"
[people]
names = "initials"
"""
    found = load_settings(company(text))
    assert found.as_of == date(2005, 5, 31)
    assert found.control == {"revenue": {"2004": Decimal("4515905.51")}}
    assert found.rates == {"PLN": Decimal("0.25")}
    assert found.excluded_accounts == ("9999",)
    assert found.assumptions["follow_rate"].high == 0.6
    assert found.causes["downturn"].where == {"industry": "Marine"}
    assert found.measures["visits"].unit == "visits"
    assert found.year_starts == 7


def test_every_problem_is_told_at_once_with_the_nearest_name(company):
    said = problems_of(
        'currrency = "EUR"\nparents = "yes"\n[tables.transactions]\nfiel = "t.csv"\ncolumns = { acount_id = "x" }\n[significance]\nshare = 10\n',
        company,
    )
    assert 'did you mean "currency"?' in said
    assert 'did you mean "file"?' in said
    assert 'did you mean "account_id"?' in said
    assert "parents" in said
    assert "true or false" in said
    assert "write 10% as 0.10" in said
    assert "exactly one of file, table, query, got none" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("this is not toml", "not valid TOML"),
        ('currency = "euro"\n' + MINIMAL, "ISO 4217"),
        ("as_of = 2025-01-01T10:00:00\n" + MINIMAL, "a date such as"),
        ('measure = "revenu"\n' + MINIMAL, 'did you mean "revenue"?'),
        (MINIMAL + "[exclude]\naccounts = [9999]\n", "put every id in quotes"),
        (MINIMAL + "[rates]\nPLN = -1\n", "positive number"),
        (MINIMAL + "[assumptions.x]\nvalue = 2\nlow = 0\nhigh = 1\nsource = 'y'\n", "low <= value <= high"),
        (MINIMAL + "[assumptions.x]\nvalue = 2\n", "assumptions.x.source"),
        (MINIMAL + "[assumptions.own_estimate_odds]\nvalue = 1\nlow = 0\nhigh = 2\nsource = 'y'\n", "expected above 0"),
        (MINIMAL + "[fiscal]\nyear_starts = 13\n", "1-12"),
        (MINIMAL + 'decimal = ","\nthousands = ","\n', "cannot be told apart"),
        ("", "tables.transactions"),
        (MINIMAL + '[measures.revenue]\ncolumn = "x"\n', "is a measure of the workbook already"),
    ],
)
def test_what_cannot_be_used_is_said(company, text, said):
    assert said in problems_of(text, company)


def test_a_settings_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "kam.toml")


def test_the_url_comes_from_the_environment_and_never_shows(company):
    path = company(MINIMAL + '[connection]\nurl = "env:KAM_URL"\n')
    found = load_settings(path, {"KAM_URL": "postgres://me:s3cret@db/sales"})
    assert found.url.reveal() == "postgres://me:s3cret@db/sales"
    assert "s3cret" not in repr(found)
    assert found.url.engine == "postgres"
    with pytest.raises(SettingsError, match="KAM_URL is not set"):
        load_settings(path, {})


@pytest.mark.parametrize(
    "url", ["postgres://me:s3cret@db/sales", "snowflake://db?password=s3cret", "duckdb://x?token=s3cret"]
)
def test_a_password_in_the_file_is_refused_and_not_repeated(company, url):
    said = problems_of(MINIMAL + f'[connection]\nurl = "{url}"\n', company)
    assert "a password stands in the settings file" in said
    assert "env:" in said
    assert "s3cret" not in said


def test_a_drivers_message_is_cleaned_of_every_part_of_the_url(company):
    found = load_settings(
        company(MINIMAL + '[connection]\nurl = "env:U"\n'), {"U": "postgres://me_user:s3cret@db.host/sales"}
    )
    cleaned = found.url.cleaned(
        'connection to "db.host" failed for user me_user with s3cret (postgres://me_user:s3cret@db.host/sales)'
    )
    assert not re.search("db.host|me_user|s3cret", cleaned)


def test_data_dir_from_the_environment(company, tmp_path):
    path = company('data_dir = "env:DATA"\n' + MINIMAL)
    assert load_settings(path, {"DATA": str(tmp_path)}).data_dir == tmp_path.resolve()
    with pytest.raises(SettingsError, match="DATA is not set"):
        load_settings(path, {})


def test_minor_units_of_currencies(company):
    digits = {
        code: load_settings(company(f'currency = "{code}"\n' + MINIMAL)).minor_digits for code in ("EUR", "JPY", "KWD")
    }
    assert digits == {"EUR": 2, "JPY": 0, "KWD": 3}


def test_criteria_are_those_of_the_analysis():
    from kam_analysis.analysis import segments
    from kam_analysis.ledger.settings.settings import CRITERIA

    assert tuple(each.name for each in segments.CRITERIA) == CRITERIA


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ("grwoth = 2", "growth"),
        ("growth = -1", "at or above 0"),
        (
            "\n".join(
                f"{name} = 0"
                for name in ["volume", "profit", "reach", "nearness", "longevity", "growth", "headroom", "ease"]
            ),
            "at least one",
        ),
    ],
)
def test_weights_that_cannot_be_used_are_refused_at_the_door(tmp_path, weights, said):
    path = tmp_path / "kam.toml"
    path.write_text(f'[tables.transactions]\nfile = "x.csv"\n[criteria]\n{weights}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        load_settings(path)


def test_an_unknown_assumption_and_a_rate_beyond_one_are_named(company):
    body = "value = 2\nlow = 0\nhigh = 3\nsource = 'y'\n"
    text = MINIMAL + f"[assumptions.ramp_month]\n{body}[assumptions.follow_rate]\n{body}"
    with pytest.raises(SettingsError) as told:
        load_settings(company(text))
    said = str(told.value)
    assert 'assumptions.ramp_month: is not an assumption of the workbook; did you mean "ramp_months"' in said
    assert "assumptions.follow_rate.value: expected a share 0-1, got 2" in said


def test_where_the_settings_are_silent_a_published_figure_or_a_guess_stands_in_and_says_so(company):
    found = load_settings(company(MINIMAL))
    assert "Albers" in found.assumption("hours_elasticity").source
    assert found.assumption("follow_rate") is None, "an average fall in sales is no chance of losing a customer"
    assert "guess" in found.assumption("ramp_months").source
    assert found.assumption("keeping_cost") is None


def test_a_threshold_of_nothing_is_refused_at_the_door(company):
    with pytest.raises(SettingsError, match=r"significance\.share: expected above 0, got 0"):
        load_settings(company(MINIMAL + "[significance]\nshare = 0\n"))


@pytest.mark.parametrize(
    "line", [r'file = "C:\sales\new\2025.csv"', r'file = "C:\Users\ann\sales.csv"', r'file = "C:\new\table.csv"']
)
def test_a_windows_path_is_answered_with_the_remedy(tmp_path, line):
    path = tmp_path / "kam.toml"
    path.write_text(f"[tables.transactions]\n{line}\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert "between single ones" in str(caught.value)
    assert '"C:/sales/new.csv"' in str(caught.value)
    path.write_text(f"[tables.transactions]\n{line.replace(chr(34), chr(39))}\n")
    assert load_settings(path).tables["transactions"].file.startswith("C:\\")


def test_letters_behind_amounts_stand_for_numbers_above_zero(tmp_path):
    path = tmp_path / "kam.toml"
    path.write_text('[tables.transactions]\nfile = "t.csv"\nsuffixes = { K = 0, "%" = 0.01, M = "x" }\n')
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert str(caught.value).count("expected letters and a number above 0") == 3
