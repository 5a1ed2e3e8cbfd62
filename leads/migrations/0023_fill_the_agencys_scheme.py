from django.db import migrations

# What was one flag is our own scheme among several.
FILL = """
INSERT INTO leads_reportingscheme (code, name_en, name_es, rule_en, rule_es, position)
SELECT 'agency', 'The agency''s own count', 'Conteo propio de la agencia',
    'Foreign capital with an operation and new jobs, acquisitions included.',
    'Capital extranjero con operación y empleos nuevos, adquisiciones incluidas.', 1
WHERE EXISTS (SELECT FROM leads_investmenttype);
INSERT INTO leads_countedtype (scheme_id, investment_type_id)
SELECT 'agency', code FROM leads_investmenttype WHERE counts_as_fdi;
"""


class Migration(migrations.Migration):

    dependencies = [("leads", "0022_schemes_and_shares")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
