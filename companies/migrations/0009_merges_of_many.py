from django.db import migrations, models

# "Qubika (ex Moove-it)" is two names: what stands before, and what it was or is called besides. Both functions say
# nothing ('') of an ordinary name, so that their indexes hold the few others only.
WORDS = (
    r"\s*(?:[(\[,;–—-]\s*(?:ex|former|formerly|antigua|antiguo|antiguamente|antes|anteriormente|previously|now"
    r"|ahora|hoy|fka|f/k/a|aka|a/k/a|dba|d/b/a)"
    r"|\s(?:formerly|previously|anteriormente|antiguamente|fka|f/k/a|aka|a/k/a|dba|d/b/a))"
    r"(?:\s+(?:known\s+as|conocid[ao]\s+como|llamad[ao]|named))?[\s:.-]+"
)
OTHER_NAME = rf"""
CREATE FUNCTION public.puente_other_name(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(public.puente_fold_company((regexp_match(value, '{WORDS}([^)\]]+)[)\]]?\s*$', 'i'))[1]), '')
$$;

CREATE FUNCTION public.puente_main_name(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(public.puente_fold_company((regexp_match(value, '^(.+?){WORDS}[^)\]]+[)\]]?\s*$', 'i'))[1]), '')
$$;

CREATE INDEX company_by_other_name ON companies_company
USING gin (public.puente_other_name(name) gin_trgm_ops) WHERE public.puente_other_name(name) <> '';

CREATE INDEX company_by_main_name ON companies_company
USING gin (public.puente_main_name(name) gin_trgm_ops) WHERE public.puente_main_name(name) <> '';
"""
NO_OTHER_NAME = """
DROP INDEX company_by_main_name;
DROP INDEX company_by_other_name;
DROP FUNCTION public.puente_main_name(text);
DROP FUNCTION public.puente_other_name(text);
"""


class Migration(migrations.Migration):
    """Several records become one at once; names that name two."""

    dependencies = [("companies", "0008_data_requests")]
    operations = [
        migrations.RunSQL(OTHER_NAME, NO_OTHER_NAME),
        migrations.AddField(
            "mergelog",
            "part_of",
            models.ForeignKey(
                "companies.mergelog",
                models.CASCADE,
                null=True,
                blank=True,
                related_name="parts",
                verbose_name="part of",
            ),
        ),
    ]
