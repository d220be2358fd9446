"""File names from account ids: storable everywhere, never shared, whatever the file system's case."""

from hypothesis import given
from hypothesis import strategies as st

from kam_analysis.batch.file_names import safe_name


@given(
    st.sets(st.text(max_size=80), max_size=8)
    | st.sets(st.sampled_from(["a", "A", "a.", "con", "CON", "", " ", "x", "../x"]))
)
def test_names_are_portable_and_never_collide(texts: set[str]) -> None:
    names = [safe_name(text) for text in texts]
    assert len({name.casefold() for name in names}) == len(texts)
    for name in names:
        assert name
        assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        assert len(name) <= 80
        assert name.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}


def test_ordinary_ids_stay_readable() -> None:
    assert [safe_name(text) for text in ("A-017", "007", "C_12")] == ["A-017", "007", "C_12"]
    assert safe_name("Müller & Söhne").startswith("M-ller-S-hne-x")
