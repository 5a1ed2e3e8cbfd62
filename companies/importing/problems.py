"""What may be wrong with a file or a cell, kept as a code so that everybody reads it in their own language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A code may carry one figure after a colon: "too_long:255".
WORDS: dict[str, Promise] = {
    # Files
    "empty": _("There is nothing in this file beneath its header."),
    "too_big": _("The file is larger than %(n)s MB. Split it, or send it without what is not needed."),
    "binary": _("This is neither a CSV file nor an Excel workbook (.xlsx)."),
    "old_excel": _("This is an old Excel file (.xls). Save it as .xlsx or as CSV, and upload that."),
    "workbook": _("This Excel workbook is damaged and cannot be read. Open it, save it anew, and upload that."),
    "bomb": _("This Excel workbook unpacks to far more than it should, so it was not opened."),
    "no_sheet": _("There is no such sheet in this workbook."),
    "line": _("Row %(n)s is far too long for a row; the file is damaged, or the delimiter is another one."),
    "columns": _("The file has more than %(n)s columns. Remove those that are not needed."),
    "rows": _("The file has more than %(n)s rows. Split it, and import the parts one after the other."),
    "file_gone": _("The uploaded file is not there any more. Upload it again."),
    # Cells
    "missing": _("This is needed and empty."),
    "too_long": _("This is longer than %(n)s characters."),
    "no_domain": _("This is no web address."),
    "no_email": _("This is no e-mail address."),
    "no_phone": _("This is no phone number. Write it with its country code, such as +57 602 555 0100."),
    "no_date": _("This is no date. Write it as 2026-11-24."),
    "no_year": _("The year of this date has two digits, so it could be any century. Write it as 2026-11-24."),
    "no_day": _("The order of day and month was not said, and this date can be read both ways."),
    "wrong_order": _("This is no date in the order that you chose."),
    "in_future": _("This day is still to come."),
    "no_time": _("This is no time of day. Write it as 14:30."),
    "unknown": _("This matches nothing in our list."),
    # Rows
    "refused": _("The database refused this row."),
}


class Unreadable(Exception):  # noqa: N818 - the domain's word for it
    """This file cannot be imported; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def in_words(code: str) -> str:
    name, _colon, figure = code.partition(":")
    words = WORDS.get(name)
    return str(words) % {"n": figure} if words else code
