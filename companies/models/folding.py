"""Columns that hold a name folded for search, sorting and look-alikes.

The SQL functions stand in the first migration. Postgres fills the column itself, so that no bulk write can skip it.
"""

from django.db import models


def folded(*fields: str) -> models.GeneratedField:
    """Lower case, without accents and punctuation."""
    return _generated("puente_fold", fields)


def folded_company_name(field: str) -> models.GeneratedField:
    """The same, and without the legal form at the end: "Moove It, Inc." and "Moove-It S.A.S." fold alike."""
    return _generated("puente_fold_company", (field,))


def _generated(function: str, fields: tuple[str, ...]) -> models.GeneratedField:
    # Plain || is immutable, which a generated column needs; Django's Concat is not.
    expression = models.Func(
        *(part for field in fields for part in (models.Value(" "), models.F(field)))
        if len(fields) > 1
        else (models.F(fields[0]),),
        function=function,
        arg_joiner=" || ",
    )
    return models.GeneratedField(expression=expression, output_field=models.TextField(), db_persist=True)
