from datetime import date

import pytest

from kam_analysis.pages import style


def spaced(text):
    return text.replace("\u00a0", " ").replace("\u2212", "-")


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (12_400_000, "EUR", "€12.4m"),
        (999_950, "EUR", "€1m"),
        (999_400, "EUR", "€999k"),
        (1_234_567_890, "", "1.23bn"),
        (870_000, "EUR", "€870k"),
        (950, "EUR", "€950"),
        (12.5, "", "12.50"),
        (0, "EUR", "€0"),
        (-2_500, "EUR", "-€2.5k"),
        (-0.001, "", "0.00"),
        (float("nan"), "EUR", "not assessed"),
    ],
)
def test_money(value, unit, written):
    assert spaced(style.money(value, unit)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.181, "18.1%"),
        (1.0, "100.0%"),
        (0.99996, "over 99.9%"),
        (0.0001, "under 0.1%"),
        (0.0, "0.0%"),
        (-0.02, "-2.0%"),
        (float("nan"), "not assessed"),
    ],
)
def test_share(value, written):
    assert spaced(style.share(value)) == written


def test_changes_carry_their_sign():
    assert spaced(style.points(0.02)) == "+2.0 points"
    assert spaced(style.points(-0.004)) == "-0.4 points"
    assert style.points(0.0001) == "unchanged"
    assert spaced(style.change(-3)) == "-3"


def test_names_are_shortened_and_never_obeyed():
    assert style.shortened("Kurz") == "Kurz"
    assert len(style.shortened("Österreichische Wasserwerke Genossenschaft")) <= 26
    family = ("Brockmann Arzneimittel GmbH", "Brockmann Kraftwerke GmbH", "Brockmann Papier GmbH")
    assert len({style.shortened(name, 14) for name in family}) == 3
    assert style.escaped("<b>A & B</b>\n") == "&lt;b&gt;A &amp; B&lt;/b&gt;"


def lightness(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((lightness(a), lightness(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read_and_the_accent_survives_grey_printing():
    for colour in (style.INK, style.MUTED, style.ACCENT, style.WARNING):
        assert contrast(colour, style.PAPER) >= 4.5  # WCAG AA
    assert contrast(style.REST, style.PAPER) >= 3  # WCAG 1.4.11, graphics
    assert contrast(style.ACCENT, style.REST) >= 2


def test_a_day_that_never_comes_is_no_end():
    assert style.day(date.max) == "no end"
    assert spaced(style.day(date(2026, 9, 18))) == "18 Sep 2026"
