import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def read_by(*files: Path) -> set[str]:
    pattern = re.compile(r"""(?:env(?:\.\w+)?\(|environ\.get\(|environ\[)\s*"([A-Z][A-Z_]+)\"""")
    return {name for file in files for name in pattern.findall(file.read_text())}


def explained() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_every_setting_is_explained() -> None:
    assert read_by(ROOT / "config" / "settings.py") - explained() == set()


def test_nothing_is_explained_that_is_not_read() -> None:
    readers = [*ROOT.glob("config/**/*.py"), *ROOT.glob("tests/*.py"), *ROOT.glob("tests/browser/*.py")]
    assert explained() - read_by(*readers) == set()


def test_every_line_has_its_purpose() -> None:
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if re.match("[A-Z_]+=", line)]
    assert [line for line in lines if " # " not in line and "  # " not in line] == []
