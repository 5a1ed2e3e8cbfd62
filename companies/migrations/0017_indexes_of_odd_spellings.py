from django.db import migrations

# The quality board and the tidying of spellings ask for exactly these rows (`companies.cleanup`), which are few.
BLANKS = r"^\s|\s$|\s\s"


def one_case(column: str) -> str:
    upper, lower = f"upper({column})", f"lower({column})"
    return rf"(({column} = {upper} OR {column} = {lower}) AND NOT ({upper} = {lower}))"


def person(column: str) -> str:
    return rf"{column}::text ~ '{BLANKS}' OR ({column}::text ~ '[^\s]{{4}}' AND {one_case(column)})"


INDEXES = {
    "company_odd_domains": (
        "companies_company",
        r"NOT (domain = '') AND domain::text ~ '[A-Z/:@\s]|^www\.|^[^.]+$|^\.|\.$'",
    ),
    "company_odd_names": (
        "companies_company",
        rf"name::text ~ '{BLANKS}' OR (name::text ~ '[^\s]{{5}}.*\s[^\s]|[^\s]\s.*[^\s]{{5}}' AND {one_case('name')})",
    ),
    "contact_odd_names": ("companies_contact", f"{person('given_name')} OR {person('family_name')}"),
    "contact_point_odd_phones": (
        "companies_contactpoint",
        r"kind = 'phone' AND NOT (value::text ~ '^\+[1-9][0-9]{5,14}$')",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("companies", "0016_bulk_edits_by_rule")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {name} ON {table} ({'contact_id' if 'point' in name else 'id'}) WHERE {where}",
            f"DROP INDEX {name}",
        )
        for name, (table, where) in INDEXES.items()
    ]
