"""What a first screen says of finance's own totals, against sums by hand."""

import pytest

import kam_analysis as kam

SALES = "account_id,date,revenue\n" + "".join(
    f"{account},{year}-{month:02}-15,{amount}\n"
    for year, month in [(2023, 12), *((each, month) for each in (2024, 2025) for month in range(1, 13))]
    for account, amount in (("A", 60), ("B", 40))
)
SETTINGS = (
    'currency = "EUR"\nas_of = {day}\n[tables.transactions]\nfile = "t.csv"\n[control]\nrevenue = {{ {totals} }}\n'
)
OF_2025 = ", ".join(f"2025-{month:02} = {100 if month < 12 else 76}" for month in range(1, 13))


@pytest.mark.parametrize(
    ("day", "totals", "said"),
    [
        # Twelve times 100 invoiced; finance has 24 less.
        ("2025-12-31", OF_2025, ". Invoices for the same months are €24 (2.0%) above finance's total."),
        ("2025-12-31", f"2024 = 1200, {OF_2025}", ". Invoices for the same months are €24 (2.0%) above finance's total."),
        ("2025-12-20", "2024 = 1200", ". Invoices for 2024 equal finance's total."),
        # As of a day within December there are months from December 2024 on: 11 times 100, and 100.
        ("2025-12-20", f"2024-12 = 130, {OF_2025}", ". Invoices for the 12 months to 30 Nov 2025 are €30 (2.4%) below finance's total."),
        ("2025-12-31", "2025-01 = 100", "."),
    ],
)  # fmt: skip
def test_the_first_screen_holds_its_own_months_against_finances(company, day, totals, said):
    ledger = kam.open_ledger(company(SETTINGS.format(day=day, totals=totals), t__csv=SALES))
    found = kam.concentration(ledger)
    line = found.about.sold.replace("\u00a0", " ")
    assert line.endswith(said)
    assert "no control total" not in line
