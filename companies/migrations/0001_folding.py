from django.db import migrations

# unaccent() is only STABLE, since its dictionary may be exchanged; naming the dictionary makes the wrapper safe to
# call immutable, which an index and a generated column need. Everything is schema-qualified for pg_restore.
FOLD = r"""
CREATE FUNCTION public.puente_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(
    lower(public.unaccent('public.unaccent'::regdictionary, value)), '[^[:alnum:]]+', ' ', 'g'))
$$;

CREATE FUNCTION public.puente_fold_company(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(nullif(regexp_replace(public.puente_fold(value),
    '( (inc|incorporated|llc|l l c|ltd|limited|ltda|limitada|corp|corporation|co|company|cia|plc|llp|lp|sas|s a s|sa|s a'
    '|sl|s l|slu|srl|s r l|sarl|spa|s p a|sapi de cv|s a p i de c v|sa de cv|s a de c v|s de rl|s de r l|gmbh|mbh|ag'
    '|kg|ug|bv|b v|nv|n v|oy|oyj|ab|as|a s|pty|pte|kk|bic|e u|eu|sucursal colombia))+$', ''), ''),
    public.puente_fold(value))
$$;
"""


class Migration(migrations.Migration):
    """Names folded for search, sorting and look-alikes: without case, accents, punctuation and legal forms."""

    dependencies = [("staff", "0001_records")]
    operations = [
        migrations.RunSQL(
            FOLD,
            "DROP FUNCTION public.puente_fold_company(text); DROP FUNCTION public.puente_fold(text);",
        )
    ]
