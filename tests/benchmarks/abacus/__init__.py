"""Every figure reckoned again in plain Python, out of tables exported as CSV.

Written from the definitions beside the numbers, by another way than theirs: no Django, no SQL, and nothing of the rooms
of Puente is imported. Where the two disagree, one of them is wrong.
"""

from tests.benchmarks.abacus.books import TABLES, Books
from tests.benchmarks.abacus.counting import Asked, Teller, Told
from tests.benchmarks.abacus.missions import missions
from tests.benchmarks.abacus.pipeline import pipeline
from tests.benchmarks.abacus.results import results
from tests.benchmarks.abacus.work import work

__all__ = ["TABLES", "Asked", "Books", "Told", "tellers"]


def tellers(books: Books) -> dict[str, Teller]:
    """For every figure by its name, what it comes to."""
    return {**results(books), **pipeline(books), **work(books), **missions(books)}
