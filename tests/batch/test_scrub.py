"""Nothing of this machine and no secret: in artefacts and in messages."""

from pathlib import Path

from kam_analysis.batch.scrub import Scrubber

URL = "postgresql://reporter:Geheim-4711@db.internal:5432/sales?sslpassword=Verborgen99"


def scrubber(tmp_path: Path) -> Scrubber:
    settings = tmp_path / "kam.toml"
    settings.write_text('data_dir = "env:KAM_DATA"\n[connection]\nurl = "env:KAM_URL"\n', encoding="utf-8")
    return Scrubber.of_run(settings, [tmp_path], {"KAM_URL": URL, "KAM_DATA": "/srv/data of us"})


def test_secrets_go_wherever_they_stand(tmp_path: Path) -> None:
    clean = scrubber(tmp_path)
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
    clean = scrubber(tmp_path)
    assert clean.text(f"read {tmp_path}/orders/2025.csv") == "read orders/2025.csv"
    assert clean.text("'/srv/data of us/x.csv'") == "'x.csv'"
    assert str(Path.home()) not in clean.text(f"File {Path.home()}/x.py")


def test_messages_keep_the_last_part_of_any_path(tmp_path: Path) -> None:
    clean = scrubber(tmp_path)
    assert clean.message("no file '/mnt/share/a b/orders.csv'").endswith("orders.csv'")
    assert "/mnt" not in clean.message("cannot read /mnt/share/2025/orders.csv")
    assert clean.message(r"cannot read C:\Users\jane\orders.csv") == "cannot read orders.csv"


def test_ordinary_words_stay(tmp_path: Path) -> None:
    clean = scrubber(tmp_path)
    for text in ("12.4 M/year and/or 03/04/2025", "https://example.com/a/b", "A/B testing, 1 / 2", "sales"):
        assert clean.text(text) == text
        assert clean.message(text) == text
