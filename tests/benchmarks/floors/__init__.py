"""One function a screen, of its name: the screen's rows by hand-written SQL."""
