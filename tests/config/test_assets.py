from pathlib import Path

from config.embedded import assets


def test_the_files_of_the_screens_are_collected_anew_where_one_changed(tmp_path: Path) -> None:
    checkout, target = tmp_path / "checkout", tmp_path / "static"
    (checkout / "static").mkdir(parents=True)
    (checkout / "uv.lock").write_text("")
    (checkout / "static" / "site.css").write_text("a")
    assert not assets.is_collected(target, checkout)

    target.mkdir()
    assets.collected_note(target).write_text(assets.static_fingerprint(checkout))
    assert assets.is_collected(target, checkout)

    (checkout / "static" / "site.css").write_text("b")
    assert not assets.is_collected(target, checkout)
