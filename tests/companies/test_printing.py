import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader
from pytest_django import Settings

from companies import printing
from config.embedded import assets

SHEET = {"about": "", "facts": [["Owner", "Ana Díaz"]], "sections": []}
# A checkout keeps what npm gave once; the tests' own state folder goes with them.
FONTS = Path(__file__).resolve().parents[2] / ".state" / "fonts"


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def test_a_printed_page_says_what_it_is_and_what_was_asked() -> None:
    printed = printing.pdf("sheet", SHEET, title="Qubika")

    assert "Qubika" in words(printed)
    assert "Ana Díaz" in words(printed)
    assert read(printed).metadata.title == "Qubika"  # type: ignore[union-attr]


def test_a_printed_page_speaks_the_language_of_its_reader() -> None:
    with translation.override("es"):
        printed = printing.pdf("sheet", SHEET, title="Qubika")

    assert "Página 1 de 1" in words(printed)
    assert read(printed).trailer["/Root"]["/Lang"] == "es"  # type: ignore[index]


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    name = '#panic("x") *bold* $x$ <a> // \\ @b'

    printed = printing.pdf("sheet", {**SHEET, "facts": [["Name", name]]}, title=name)

    assert '#panic("x") *bold* $x$ <a> // \\ @b' in words(printed)


def test_control_characters_do_not_stop_a_page() -> None:
    assert printing.pdf("sheet", {**SHEET, "about": "a\x00b\x1fc\U0001f600"}, title="A\x00")


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    rows = [[f"Company {number}", "1"] for number in range(150)]
    section = {"title": "All", "heads": ["Company", "Projects"], "rows": rows, "numbers": [1]}

    printed = printing.pdf("sheet", {**SHEET, "sections": [section]}, title="List")

    assert len(read(printed).pages) > 2
    assert all("Projects" in page.extract_text() for page in read(printed).pages)


def test_an_image_lies_beside_its_template_and_nowhere_else() -> None:
    with pytest.raises(ValueError, match="no name of an image"):
        printing.pdf("sheet", SHEET, title="A", images={"../../evil.svg": b""})


def test_names_in_other_scripts_have_letters(settings: Settings) -> None:
    assets.fetch(FONTS, assets.FONTS)
    settings.PRINT_FONTS = FONTS
    names = ["Żółć Čapek", "Яндекс", "شركة المثال", "דוגמה", "示例软件有限公司", "サンプル電機株式会社"]

    printed = printing.pdf("sheet", {**SHEET, "facts": [["Name", name] for name in names]}, title="A")

    assert fonts_of(printed) >= {
        "NotoSans-Regular",
        "NotoSansArabic-Regular",
        "NotoSansHebrew-Regular",
        "NotoSansSC-Regular",
    }


def fonts_of(printed: bytes) -> set[str]:
    """The fonts that letters were taken from, by their names in the file, such as /ABCDEF+NotoSans-Regular."""
    fonts: Any = read(printed).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return {
        str(font.get_object()["/BaseFont"]).rpartition("+")[2].removesuffix("-Identity-H") for font in fonts.values()
    }
