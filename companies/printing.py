"""Printed pages: typst makes a PDF out of a template in templates/print/ and data that it reads as JSON.

The data holds finished texts, in the reader's language; it is never markup, so nothing in a name can act. Slow for a
request (0.05 s a page and more): call it from a task.
"""

import functools
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.staff import clock

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "print"
IMAGES = {".svg", ".png", ".jpg"}


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    kicker: str = "",
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The PDF of templates/print/<template>.typ, in the language that is active.

    `title` names the document, `kicker` says above it what kind of page it is. `images` are files that lie beside the
    template, by name ("chart.svg"). Raises typst.TypstError where template and data do not fit.
    """
    with tempfile.TemporaryDirectory(prefix="puente-print-") as name:
        folder = Path(name)
        for part in TEMPLATES.glob("*.typ"):
            shutil.copy(part, folder)
        for image, content in (images or {}).items():
            if Path(image).name != image or Path(image).suffix not in IMAGES:
                raise ValueError(f"{image} is no name of an image beside a template")
            (folder / image).write_bytes(content)
        told = {"frame": frame(title, kicker), **data}
        (folder / "data.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return typst.compile(
            folder / f"{template}.typ",
            root=folder,
            font_paths=letters(),
            format="pdf",
            timestamp=int(clock.now().timestamp()),
        )


def frame(title: str, kicker: str) -> dict[str, str]:
    """What stands on every page: whose it is, when it was printed, how its pages are counted."""
    return {
        "title": title,
        "kicker": kicker,
        "language": (get_language() or "en").partition("-")[0],
        "agency": settings.AGENCY_NAME,
        "printed": _("Printed %(day)s") % {"day": date_format(clock.agency_today(), "DATE_FORMAT")},
        "of": _("Page {page} of {pages}"),
    }


def letters() -> typst.Fonts:
    return _letters(settings.PRINT_FONTS if settings.PRINT_FONTS.exists() else None)


@functools.cache
def _letters(folder: Path | None) -> typst.Fonts:
    """Read once a process, and again when the fonts have come."""
    return typst.Fonts(font_paths=[folder] if folder else [])
