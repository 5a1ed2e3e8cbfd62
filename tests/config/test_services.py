import pytest
from django.core.cache import cache
from django.db import connection


@pytest.mark.django_db
def test_trigrams_see_letters_beyond_ascii() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("SELECT array_length(show_trgm('Ж'), 1)")
        assert cursor.fetchone()[0] > 0


def test_cache_remembers() -> None:
    cache.set("word", "puente")
    assert cache.get("word") == "puente"
