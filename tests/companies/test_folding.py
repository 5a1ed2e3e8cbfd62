import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Moove It, Inc.", "moove it"),
        ("MOOVE-IT S.A.S.", "moove it"),
        ("Peñalosa & Núñez Ltda.", "penalosa nunez"),
        ("Яндекс", "яндекс"),
        ("株式会社ソニー", "株式会社ソニー"),
        ("S.A.", "s a"),
        ("Cisa", "cisa"),
    ],
)
def test_a_company_name_folds_without_accents_and_legal_form(name: str, folded: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT puente_fold_company(%s)", [name])
        assert cursor.fetchone() == (folded,)
