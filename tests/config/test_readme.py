import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_readme_names_every_setting() -> None:
    settings = (ROOT / "config/settings.py").read_text()
    readme = (ROOT / "README.md").read_text()

    names = re.findall(r'env\.\w+\(\s*"(\w+)"', settings)

    assert [name for name in names if f"`{name}`" not in readme] == []


def test_every_picture_of_the_readme_is_there() -> None:
    readme = (ROOT / "README.md").read_text()

    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme)

    assert [picture for picture in pictures if not (ROOT / picture).exists()] == []
