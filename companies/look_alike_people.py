"""Pairs of contacts that may be one person, scored by Postgres.

A name alone says little (María García is many people), so only those are compared who share an address, a number, a
company, a group, or companies that look alike; of each of these so many at most.
"""

from django.db import connection, transaction

from companies.look_alike_companies import Found
from companies.search_kinds import FREE_MAIL

# Of colleagues the likeliest few; an address or a number that more people share is a switchboard's.
MOST_SHARING = 12
# Below, two names of colleagues are seldom one person's; initials ("M. Ospina") stay above.
LIKENESS = 0.4
# A name that so many people bear is no slip of another one: Paola is not Pablo, Lin is not Li.
BORNE = 4
# In percent.
SCORE = 70

FIND = """
WITH mine AS MATERIALIZED (
    SELECT id, folded FROM companies_contact
    WHERE id = ANY(%(pks)s) AND merged_into_id IS NULL AND anonymised_at IS NULL
), points AS MATERIALIZED (
    SELECT mine.id, p.kind, p.value FROM mine JOIN companies_contactpoint p ON p.contact_id = mine.id
), domains AS MATERIALIZED (
    SELECT DISTINCT mine.id, mine.folded, split_part(p.value, '@', 2) AS said
    FROM mine JOIN points p ON p.id = mine.id
    WHERE p.kind = 'email' AND split_part(split_part(p.value, '@', 2), '.', 1) <> ALL(%(free)s)
), houses AS MATERIALIZED (
    SELECT DISTINCT mine.id, mine.folded, c.id AS company, coalesce(c.ultimate_parent_id, c.id) AS top
    FROM mine JOIN companies_position p ON p.contact_id = mine.id JOIN companies_company c ON c.id = p.company_id
), likely_houses AS MATERIALIZED (
    SELECT id, folded, company FROM houses
    UNION SELECT h.id, h.folded, l.high_id FROM houses h JOIN companies_lookalike l ON l.low_id = h.company
    UNION SELECT h.id, h.folded, l.low_id FROM houses h JOIN companies_lookalike l ON l.high_id = h.company
    UNION SELECT id, folded, top FROM houses
    UNION SELECT h.id, h.folded, c.id FROM houses h JOIN companies_company c ON c.ultimate_parent_id = h.top
), near AS (
    SELECT points.id AS a, found.contact_id AS b FROM points CROSS JOIN LATERAL (
        SELECT p.contact_id FROM companies_contactpoint p WHERE p.value = points.value AND p.kind = points.kind
        ORDER BY p.contact_id LIMIT %(most)s) AS found
    UNION
    SELECT h.id, found.id FROM likely_houses h CROSS JOIN LATERAL (
        SELECT t.id FROM companies_position p JOIN companies_contact t ON t.id = p.contact_id
        WHERE p.company_id = h.company AND similarity(t.folded, h.folded) >= %(likeness)s
        ORDER BY similarity(t.folded, h.folded) DESC, t.id LIMIT %(most)s) AS found
    UNION
    SELECT d.id, found.id FROM domains d CROSS JOIN LATERAL (
        SELECT t.id FROM companies_contactpoint p JOIN companies_contact t ON t.id = p.contact_id
        WHERE split_part(p.value, '@', 2) = d.said AND p.kind = 'email'
          AND similarity(t.folded, d.folded) >= %(likeness)s
        ORDER BY similarity(t.folded, d.folded) DESC, t.id LIMIT %(most)s) AS found
), pairs AS (
    SELECT DISTINCT least(a, b) AS low, greatest(a, b) AS high FROM near WHERE a <> b
), apart AS (
    -- What was said of a record that was merged since holds for the one that it went into.
    SELECT coalesce(l.merged_into_id, l.id) AS one, coalesce(h.merged_into_id, h.id) AS other
    FROM companies_notthesamecontact s
    JOIN companies_contact l ON l.id = s.contact_low_id JOIN companies_contact h ON h.id = s.contact_high_id
), compared AS (
    SELECT pairs.low, pairs.high,
        similarity(l.folded, h.folded) AS name,
        -- In any order: the family name comes first in half the world.
        (SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(string_to_array(l.folded, ' ')) AS word)
            = (SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(string_to_array(h.folded, ' ')) AS word)
            AS same_name,
        -- "M. Ospina" and "María Ospina Lozano": each word of the one begins a word of the other.
        least((SELECT count(DISTINCT word) FROM unnest(string_to_array(l.folded, ' ')) AS word),
              (SELECT count(DISTINCT word) FROM unnest(string_to_array(h.folded, ' ')) AS word)) >= 2
            AND (NOT EXISTS (
                SELECT FROM unnest(string_to_array(l.folded, ' ')) AS x WHERE NOT EXISTS (
                    SELECT FROM unnest(string_to_array(h.folded, ' ')) AS y WHERE starts_with(y, x)))
            OR NOT EXISTS (
                SELECT FROM unnest(string_to_array(h.folded, ' ')) AS y WHERE NOT EXISTS (
                    SELECT FROM unnest(string_to_array(l.folded, ' ')) AS x WHERE starts_with(x, y)))) AS shorter,
        levenshtein_less_equal(left(l.folded, 255), left(h.folded, 255), 2)
            -- Two letters swapped are one slip.
            - CASE WHEN length(l.folded) = length(h.folded)
                AND (SELECT array_agg(sign ORDER BY sign) FROM unnest(string_to_array(l.folded, NULL)) AS sign)
                  = (SELECT array_agg(sign ORDER BY sign) FROM unnest(string_to_array(h.folded, NULL)) AS sign)
                AND l.folded <> h.folded THEN 1 ELSE 0 END AS typos,
        greatest(length(l.folded), length(h.folded), 1) AS letters,
        (lower(l.given_name) <> lower(h.given_name)
            AND (SELECT count(*) FROM (SELECT FROM companies_contact c WHERE lower(c.given_name) = lower(l.given_name)
                LIMIT %(borne)s) AS bearers) = %(borne)s
            AND (SELECT count(*) FROM (SELECT FROM companies_contact c WHERE lower(c.given_name) = lower(h.given_name)
                LIMIT %(borne)s) AS bearers) = %(borne)s)
        OR (lower(l.family_name) <> lower(h.family_name)
            AND (SELECT count(*) FROM (SELECT FROM companies_contact c WHERE lower(c.family_name) = lower(l.family_name)
                LIMIT %(borne)s) AS bearers) = %(borne)s
            AND (SELECT count(*) FROM (SELECT FROM companies_contact c WHERE lower(c.family_name) = lower(h.family_name)
                LIMIT %(borne)s) AS bearers) = %(borne)s) AS other_person,
        EXISTS (SELECT FROM companies_contactpoint p JOIN companies_contactpoint q ON q.value = p.value
            WHERE p.contact_id = l.id AND q.contact_id = h.id AND p.kind = 'email' AND q.kind = 'email') AS same_email,
        EXISTS (SELECT FROM companies_contactpoint p JOIN companies_contactpoint q ON q.value = p.value
            WHERE p.contact_id = l.id AND q.contact_id = h.id AND p.kind = 'phone' AND q.kind = 'phone') AS same_phone,
        EXISTS (SELECT FROM companies_contactpoint p
            JOIN companies_contactpoint q ON split_part(q.value, '@', 2) = split_part(p.value, '@', 2)
            WHERE p.contact_id = l.id AND q.contact_id = h.id AND p.kind = 'email' AND q.kind = 'email'
              AND split_part(split_part(p.value, '@', 2), '.', 1) <> ALL(%(free)s)) AS same_domain,
        EXISTS (SELECT FROM companies_position p JOIN companies_position q ON q.company_id = p.company_id
            WHERE p.contact_id = l.id AND q.contact_id = h.id) AS same_company,
        EXISTS (SELECT FROM companies_position p JOIN companies_company c ON c.id = p.company_id
            JOIN companies_position q ON q.contact_id = h.id JOIN companies_company d ON d.id = q.company_id
            WHERE p.contact_id = l.id
              AND coalesce(c.ultimate_parent_id, c.id) = coalesce(d.ultimate_parent_id, d.id)) AS same_group,
        EXISTS (SELECT FROM companies_position p JOIN companies_position q ON q.contact_id = h.id
            JOIN companies_lookalike a ON a.low_id = least(p.company_id, q.company_id)
              AND a.high_id = greatest(p.company_id, q.company_id)
            WHERE p.contact_id = l.id) AS alike
    FROM pairs
    JOIN companies_contact l ON l.id = pairs.low AND l.merged_into_id IS NULL AND l.anonymised_at IS NULL
    JOIN companies_contact h ON h.id = pairs.high AND h.merged_into_id IS NULL AND h.anonymised_at IS NULL
    WHERE NOT EXISTS (SELECT FROM apart WHERE (one, other) IN ((low, high), (high, low)))
), named AS (
    SELECT *, CASE
        WHEN same_name THEN 0.6
        WHEN shorter THEN 0.5
        WHEN other_person THEN 0
        ELSE greatest(0, 1.5 * name - 0.9, CASE WHEN typos <= 2 THEN 0.6 * (1 - 2.5 * typos / letters) ELSE 0 END)
        -- Two addresses at one house are two people's, more often than not.
          * CASE WHEN same_domain AND NOT same_email THEN 0.7 ELSE 1 END
        END AS by_name FROM compared
), weighed AS (
    -- Without a likely name nothing else makes two people one: a family shares a number, an office an address.
    SELECT *, CASE WHEN by_name = 0 THEN 0 ELSE round(100 * (1 - (1 - by_name)
        * (1 - CASE WHEN same_email THEN 0.8 ELSE 0 END)
        * (1 - CASE WHEN same_phone THEN 0.5 ELSE 0 END)
        * (1 - CASE WHEN same_company OR same_domain THEN 0.6 WHEN same_group OR alike THEN 0.5 ELSE 0 END)
    )) END::int AS score FROM named
)
SELECT low, high, score, array_remove(ARRAY[
    CASE WHEN same_name THEN 'name' ELSE 'nearly' END,
    CASE WHEN same_email THEN 'email' END,
    CASE WHEN same_phone THEN 'phone' END,
    CASE WHEN same_company OR same_domain THEN 'company'
         WHEN same_group THEN 'group' WHEN alike THEN 'alike' END], NULL)
FROM weighed WHERE score >= %(score)s
"""


def find(pks: list[int]) -> list[Found]:
    """The pairs that one of these people is part of, scored."""
    with transaction.atomic(), connection.cursor() as cursor:
        asked = {"likeness": LIKENESS, "most": MOST_SHARING, "borne": BORNE, "score": SCORE}
        cursor.execute(FIND, {"pks": pks, "free": list(FREE_MAIL), **asked})
        return [Found(*row) for row in cursor.fetchall()]
