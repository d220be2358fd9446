"""A small company whose every fact is distinct, for tests of plans; and the same with more of everything than a sheet holds."""

SETTINGS = """
name = "Small Works"
currency = "EUR"
as_of = 2025-12-31
[tables.transactions]
file = "transactions.csv"
[tables.accounts]
file = "accounts.csv"
[tables.managers]
file = "managers.csv"
[tables.contacts]
file = "contacts.csv"
[tables.contracts]
file = "contracts.csv"
[tables.feedback]
file = "feedback.csv"
[tables.interactions]
file = "interactions.csv"
[tables.objectives]
file = "objectives.csv"
[tables.account_notes]
file = "account_notes.csv"
[tables.opportunities]
file = "opportunities.csv"
[tables.decisions]
file = "decisions.csv"
"""
FILES = {
    "accounts__csv": "account_id,account_name,parent_id,account_manager_id,competitor,annual_spend,left_on,left_reason\n"
    "A1,Ash Mills,,M1,Vex,4000,,\nA2,Ash North,A1,M1,,,,\nB1,Birch,,M2,,,,\nC1,Cedar,,M2,,,2025-03-01,Plant closed\n",
    "managers__csv": "manager_id,manager_name,superior_id,level,leaving_on,announced_on,joins\n"
    "M1,Ann Hill,S1,manager,2026-02-28,2025-12-01,Vex\nM2,Ben Lake,S1,manager,,,\nS1,Sue Field,E1,superior,,,\nE1,Eve Moor,,executive,,,\n",
    "contacts__csv": "contact_id,account_id,contact_name,role,influence,strength,strength_wanted,interests,approach,owner_id\n"
    "C1,A1,Ida Ray,Buyer,5,3,4,Golf,By phone,M1\nC2,A2,Tom Oak,Plant manager,4,0,3,Uptime,By mail,M1\n",
    "contracts__csv": "account_id,ends_on,notice_days\nA1,2026-04-30,60\n",
    "feedback__csv": "account_id,date,said,by,score\nA2,2025-11-20,We look at both offers now.,Ida Ray,5\n",
    "interactions__csv": "account_id,date,staff_id,kind,direction\nA1,2025-12-10,M1,complaint,in\nB1,2025-12-11,M2,call,out\n",
    "objectives__csv": "account_id,horizon,objective,whose,target,unit,our_contribution,delivered,due,status\n"
    "A1,short,Fewer stops,,,,Spares on site by Ann Hill,Two of three,2026-01-31,open\nA2,long,Grow together,ours,7,sites,Offer,,2026-12-31,open\n",
    "account_notes__csv": "account_id,written,market,priorities,our_strategy\nA1,2024-11-30,Paper shrinks,Uptime,Be first\n",
    "opportunities__csv": "amount,account_id,status,created,expected_close,stage,probability,product_line\n"
    "900,A1,open,2025-11-01,2026-01-15,Offer,0.5,Seals\n",
    "decisions__csv": "decision_id,date,decision,owner,due,status,account_id\n"
    "D1,2025-12-02,Check the pumps with Ida Ray,Ann Hill,2026-03-15,open,A1\nD2,2025-10-01,Old one,Ben Lake,2025-11-01,done,A1\n",
    "transactions__csv": "account_id,date,revenue,cost,product_line\n"
    + "".join(
        f"{who},{year}-{month:02}-10,{amount * (1.5 if year == 2025 else 1)},{amount * share},{line}\n"
        for year in (2023, 2024, 2025)
        for month in range(1, 13)
        for who, amount, share, line in (
            ("A1", 100, 0.9, "Pumps"), ("A2", 50, 0.9, "Pumps"), ("B1", 70, 0.5, "Seals"), ("C1", 0 if year == 2025 else 40, 0.5, "Pumps"),
        )
        if amount
    ),
}  # fmt: skip


def rich() -> dict[str, str]:
    """`FILES` with a key account of which more is on file, in longer words, than two sheets have room for."""
    words = "A sentence of somebody who likes to write and does not stop before the whole story is told twice over. "
    lines = ("Pumps", "Seals", "Valves", "Skids", "Spares", "Service", "Filters", "Hoses")
    days = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)]
    bought = [f"A1,{day}-05,{30 + 3 * at},{20 + at},{line}" for day in days for at, line in enumerate(lines[:6])]
    others = [
        f"K{at},{day}-0{1 + place},{40 + 7 * at},{25 + at},{line}"
        for day in days for at in range(9) for place, line in enumerate(lines)
    ]  # fmt: skip
    sons = [f"S{at},A company of the group number {at} with a long name,A1,M1,,,," for at in range(12)]
    sold = [f"S{at},{day}-09,{11 + at},9,Pumps" for day in days for at in range(12)]
    more = {
        "accounts__csv": sons + [f"K{at},Like it {at},,M2,,,," for at in range(9)],
        "contacts__csv": [f"P{at},A1,Name Of Contact {at},Head of something long {at},{1 + at % 5},{at % 5},4,{words},{words},M1" for at in range(20)],
        "feedback__csv": [f"A1,2025-12-{at + 1:02},{words * 3},Ida Ray,{at % 10}" for at in range(20)],
        "objectives__csv": [f"A1,short,{words},{who},{at},sites,{words},{words},2026-0{1 + at}-28,open" for at in range(8) for who in ("theirs", "ours")],
        "account_notes__csv": [f"A1,2025-12-01,{words * 9},{words * 9},{words * 9}"],
        "opportunities__csv": [f"{900 + at},A1,open,2025-11-{at + 1:02},2026-0{1 + at % 9}-15,A stage with a long name,0.5,{lines[at % 8]}" for at in range(12)],
        "decisions__csv": [f"E{at},2025-12-{at + 1:02},{words},Ann Hill,2025-12-2{at % 9},open,A1" for at in range(20)],
        "transactions__csv": [*bought, *others, *sold],
    }  # fmt: skip
    return {
        name: text.rstrip("\n") + "".join(f"\n{row}" for row in more.get(name, ())) + "\n"
        for name, text in FILES.items()
    }
