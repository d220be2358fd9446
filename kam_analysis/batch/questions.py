"""`questions.xlsx`: what is not on file of a manager's most valuable accounts, to be filled in and read back."""

from datetime import date
from typing import Any

import pandas as pd

from kam_analysis.batch.spreadsheet import workbook
from kam_analysis.ledger.reading.answers import ANSWER, ASKED, FOLDER, KEY, QUESTIONS, ROLE, SHEET

NAME = "questions.xlsx"
_WIDTHS = {"No.": 5, "Customer": 30, "Question": 52, ANSWER: 34, ROLE: 24, "How to answer": 30, KEY: 10, ASKED: 12}


def questions_workbook(questions: pd.DataFrame, as_of: date, manager_name: str) -> bytes:
    """The list of one manager: `questions` of `open_questions` (account_id, account_name, question), ten at most.

    Each row carries its key in a column that is not shown, so that rows may be sorted, left empty or answered later.
    """

    def write(book: Any) -> None:
        bold, head = book.add_format({"bold": True, "font_size": 13}), book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        to_fill = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFF8E1"})
        sheet = book.add_worksheet(SHEET)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, f"{manager_name}: what we do not know yet, the largest customers first", bold)
        sheet.write_string(
            1, 0, f'Fill in what you know and leave the rest. Save it in the folder "{FOLDER}" beside the data.'
        )
        for at, (title, width) in enumerate(_WIDTHS.items()):
            sheet.write_string(3, at, title, head)
            sheet.set_column(at, at, width, None, {"hidden": title in (KEY, ASKED)})
        for down, row in enumerate(questions.to_dict("records"), start=4):
            question = QUESTIONS[row["question"]]
            sheet.write_number(down, 0, down - 3, wrapped)
            sheet.write_string(down, 1, str(row["account_name"]), wrapped)
            sheet.write_string(down, 2, question.words.format(account=row["account_name"]), wrapped)
            sheet.write_blank(down, 3, None, to_fill)
            sheet.write_blank(down, 4, None, to_fill if row["question"] == "decides" else wrapped)
            sheet.write_string(down, 5, question.how, wrapped)
            sheet.write_string(down, 6, f"{row['question']}|{row['account_id']}")
            sheet.write_string(down, 7, as_of.isoformat())
        sheet.freeze_panes(4, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    return workbook("Open questions", as_of, write)
