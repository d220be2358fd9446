"""Nothing of this machine and no secret: in artefacts and in messages."""

import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from kam_analysis.batch.redact import Redactor

URL = "postgresql://reporter:Geheim-4711@db.internal:5432/sales?sslpassword=Verborgen99"


def redactor(tmp_path: Path, url: str = URL, data_dir: str = "/srv/data of us") -> Redactor:
    settings = tmp_path / "kam.toml"
    settings.write_text('data_dir = "env:KAM_DATA"\n[connection]\nurl = "env:KAM_URL"\n', encoding="utf-8")
    return Redactor.of_run(settings, [tmp_path], {"KAM_URL": url, "KAM_DATA": data_dir})


def test_secrets_go_wherever_they_stand(tmp_path: Path) -> None:
    clean = redactor(tmp_path)
    tree = clean.tree({"a": [f"at {URL}!", {URL: "Geheim-4711"}], "b": 7, "c": None})
    assert "Geheim" not in str(tree)
    assert tree["b"] == 7
    assert "Geheim" not in clean.text("password=Geheim-4711")
    message = clean.message('could not connect to "db.internal", user "reporter", Verborgen99')
    assert "db.internal" not in message
    assert "reporter" not in message
    assert "Verborgen99" not in message
    assert clean.text("mysql://me:pw@host/x is down") == "mysql://... is down"


def test_known_folders_become_relative(tmp_path: Path) -> None:
    clean = redactor(tmp_path)
    assert clean.text(f"read {tmp_path}/orders/2025.csv") == "read orders/2025.csv"
    assert clean.text("'/srv/data of us/x.csv'") == "'x.csv'"
    assert str(Path.home()) not in clean.text(f"File {Path.home()}/x.py")


def test_messages_keep_the_last_part_of_any_path(tmp_path: Path) -> None:
    clean = redactor(tmp_path)
    assert clean.message("no file '/mnt/share/a b/orders.csv'").endswith("orders.csv'")
    assert "/mnt" not in clean.message("cannot read /mnt/share/2025/orders.csv")
    assert clean.message(r"cannot read C:\Users\jane\orders.csv") == "cannot read orders.csv"


def test_ordinary_words_stay(tmp_path: Path) -> None:
    clean = redactor(tmp_path)
    for text in ("12.4m/year and/or 03/04/2025", "https://example.com/a/b", "A/B testing, 1 / 2", "sales"):
        assert clean.text(text) == text
        assert clean.message(text) == text


@pytest.mark.parametrize("folder", ["data", "exports", "../exports of May", "sales/2025", "./invoices"])
def test_a_folder_given_from_the_settings_on_is_an_ordinary_word(tmp_path: Path, folder: str) -> None:
    clean = redactor(tmp_path, data_dir=folder)
    said = f"{folder}/orders.csv: exports rose, as the data of our sales, invoices say"
    assert clean.text(said) == said
    assert clean.text(f"{tmp_path}/{folder}/orders.csv") == f"{folder}/orders.csv"


def test_a_folder_of_the_users_home_is_known_in_full(tmp_path: Path) -> None:
    clean = redactor(tmp_path, data_dir="~/exports")
    assert clean.text(f"{Path.home()}/exports/x.csv") == "x.csv"


@pytest.mark.parametrize("password", ["Geheim 4711", "p#ss/w?rd@4711", "Łódź&4711=%", "plus+plus", "colon:in:it"])
def test_a_password_goes_however_it_is_spelled(tmp_path: Path, password: str) -> None:
    """Drivers repeat it decoded; an address with signs in it that should have been encoded is read by nobody."""
    for written in {password, quote(password, safe=""), quote_plus(password)}:
        for url in (
            f"postgresql://reporter:{written}@db.internal/sales",
            f"mysql://db.internal/sales?user=me&password={quote_plus(password)}&x=1",
        ):
            clean = redactor(tmp_path, url)
            texts = [f"failed: {url}", f"with {password}.", f"with {written}."] if "reporter" in url else [password]
            for text in texts:
                assert password not in clean.text(text)
                assert written not in clean.text(text)
                assert password not in clean.message(text)


def test_short_values_are_no_secrets_but_an_address_is_one_whole(tmp_path: Path) -> None:
    clean = redactor(tmp_path, "postgresql://u:sales@h/db")
    assert clean.text("our sales") == "our sales"
    assert clean.text("at postgresql://u:sales@h/db!") == "at ...!"
    six, five = (Redactor([], [word]).text(f"a {word} b") for word in ("Geheim", "Gehei"))
    assert (six, five) == ("a ... b", "a Gehei b")


def test_a_variable_named_anywhere_in_the_settings_is_held(tmp_path: Path) -> None:
    settings = tmp_path / "kam.toml"
    settings.write_text('[[x.y]]\nz = ["env:KAM_A"]\n[w]\nv = "env:KAM_B"\nu = "KAM_C"\n', encoding="utf-8")
    values = {"KAM_A": "Geheim-1", "KAM_B": "/secret/place", "KAM_C": "Sichtbar"}
    assert Redactor.of_run(settings, [], values).text("Geheim-1 /secret/place Sichtbar") == "... ... Sichtbar"


@pytest.mark.parametrize("settings", ["[[[", "a = 1", 'data_dir = "env:KAM_NOT_SET"', 'data_dir = ""'])
def test_settings_that_name_no_variable_hold_nothing(tmp_path: Path, settings: str) -> None:
    (tmp_path / "kam.toml").write_text(settings, encoding="utf-8")
    assert Redactor.of_run(tmp_path / "kam.toml", [], {}).text("data") == "data"
    assert Redactor.of_run(tmp_path / "nowhere.toml", [], {}).text("data") == "data"
    assert Redactor.of_run(None, [], {}).text("data") == "data"


WINDOWS = "C:\\Users\\Jane Doe\\Kunden"


@pytest.mark.parametrize(
    "written",
    [
        WINDOWS + "\\x.csv",
        WINDOWS.replace("\\", "/") + "/x.csv",
        WINDOWS.lower() + "\\x.csv",
        "file:///C:/Users/Jane%20Doe/Kunden/x.csv",
        "file:///" + WINDOWS.replace("\\", "/") + "/x.csv",
        json.dumps(WINDOWS + "\\x.csv").strip('"'),
    ],
)
def test_a_folder_of_windows_goes_however_it_is_spelled(written: str) -> None:
    assert Redactor([WINDOWS]).text(f"read '{written}'") == "read 'x.csv'"
    assert Redactor([WINDOWS + "\\"]).text(f"read '{written}'") == "read 'x.csv'"


def test_a_share_of_windows_and_an_address_of_a_file(tmp_path: Path) -> None:
    share = "\\\\server\\sales"
    assert Redactor([share]).text(f"in {share}\\x.csv") == "in x.csv"
    folder = tmp_path / "of us"
    assert Redactor([folder]).text(f"{folder.as_uri()}/x.csv and file://{folder}/x.csv") == "x.csv and x.csv"


def test_only_whole_folders_go_and_the_longest_first() -> None:
    clean = Redactor(["/srv/data", "/srv/data/of us", "/"])
    assert clean.text("/srv/data/of us/x, /srv/data/x, /srv/data") == "x, x, "
    for other in ("/srv/database/x", "/srv/data-old/x", "/mnt/srv/data/x", "a/srv/data/x", "/", "/x"):
        assert clean.text(other) == other
    assert Redactor(["/abc"]).text("/abc/x") == "x"
    assert Redactor(["/ab"]).text("/ab/x") == "/ab/x"  # too short to be anybody's
    assert Redactor(["/srv/Data"]).text("/srv/data/x") == "/srv/data/x"  # capitals tell folders apart but on Windows


def test_every_text_of_a_tree_is_cleaned_and_tables_keep_their_type() -> None:
    class Own(dict[str, object]):
        pass

    clean = Redactor([], ["Geheim"])
    tree = clean.tree(Own({"Geheim": ["Geheim", {"a": "Geheim"}], "n": 7, "t": True}))
    assert type(tree) is Own
    assert tree == {"...": ["...", {"a": "..."}], "n": 7, "t": True}
