"""Timed runs: `uv run python -m tests.benchmarks NAME [--size SIZE] [--json FILE]`.

`screens` asks every screen of a manager on a sample of the size (regional-1y, regional-10y, national), which is loaded
once into a folder of its own under the state folder and kept; `--fresh` loads it again.

How to read its table:
- Total and database milliseconds are of the whole WSGI application in one process, middleware, session and rendering
  included, without a socket: median and 95th percentile of what stands in `screens.ROUNDS`. Database time is what
  passed inside `execute`, so it holds the way to PostgreSQL and back.
- The floor of a screen (`floors/`) goes through the same middleware and session, reads the same rows by hand-written
  SQL and renders them by one flat template without a parent, an include or a tag of ours. It is filled up to the
  screen's bytes with still text, which costs nothing, so the ratio is rather too high than too low. Screen and floor
  are asked by turns in the same run, so that a busy machine slows both; the ratio is that of the two medians.
- Requests a second are asked by 8 clients at once, over HTTP, of gunicorn with two processes. The clients share the
  machine with the server, so compare a screen with its floor and not with another machine.
- The clock stands still at the sample's day, and PostgreSQL runs with its durable settings.
"""
