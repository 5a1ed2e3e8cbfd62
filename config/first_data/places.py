"""Countries, the cities that missions go to, and the municipalities in which investors settle."""

from companies.country_words import territories
from companies.models import City, Country, Municipality


def countries() -> list[Country]:
    english, spanish = territories("en"), territories("es")
    return [Country(code=code, name_en=english[code], name_es=spanish[code]) for code in sorted(english)]


def cities() -> list[City]:
    return [
        City(country_id=country, name=name, zone=zone)
        for country, zones in CITIES.items()
        for zone, names in zones.items()
        for name in names
    ]


def municipalities() -> list[Municipality]:
    return [
        Municipality(code=code, name=name, department=department)
        for department, places in MUNICIPALITIES.items()
        for code, name in places
    ]


CITIES = {
    "US": {
        "America/Los_Angeles": [
            "San Francisco", "Los Angeles", "San Diego", "San José, California", "Palo Alto", "Oakland",
            "Sacramento", "Seattle", "Portland", "Las Vegas",
        ],
        "America/Phoenix": ["Phoenix"],
        "America/Denver": ["Denver", "Salt Lake City"],
        "America/Chicago": ["Austin", "Dallas", "Houston", "San Antonio", "Chicago", "Minneapolis", "Nashville"],
        "America/New_York": [
            "Nueva York", "Boston", "Filadelfia", "Washington", "Charlotte", "Atlanta", "Miami", "Orlando", "Tampa",
        ],
        "America/Detroit": ["Detroit"],
    },
    "CA": {"America/Toronto": ["Toronto", "Montreal"], "America/Vancouver": ["Vancouver"]},
    "MX": {"America/Mexico_City": ["Ciudad de México", "Guadalajara"], "America/Monterrey": ["Monterrey"]},
    "CO": {"America/Bogota": ["Cali", "Bogotá", "Medellín", "Barranquilla", "Cartagena", "Pereira"]},
    "CR": {"America/Costa_Rica": ["San José"]},
    "PA": {"America/Panama": ["Ciudad de Panamá"]},
    "EC": {"America/Guayaquil": ["Quito", "Guayaquil"]},
    "PE": {"America/Lima": ["Lima"]},
    "CL": {"America/Santiago": ["Santiago de Chile"]},
    "AR": {"America/Argentina/Buenos_Aires": ["Buenos Aires"], "America/Argentina/Cordoba": ["Córdoba"]},
    "UY": {"America/Montevideo": ["Montevideo"]},
    "BR": {"America/Sao_Paulo": ["São Paulo", "Río de Janeiro", "Curitiba"]},
    "ES": {"Europe/Madrid": ["Madrid", "Barcelona", "Valencia"]},
    "PT": {"Europe/Lisbon": ["Lisboa"]},
    "FR": {"Europe/Paris": ["París", "Lyon"]},
    "DE": {"Europe/Berlin": ["Berlín", "Fráncfort", "Múnich", "Hamburgo"]},
    "CH": {"Europe/Zurich": ["Zúrich", "Ginebra"]},
    "GB": {"Europe/London": ["Londres", "Mánchester"]},
    "IE": {"Europe/Dublin": ["Dublín"]},
    "NL": {"Europe/Amsterdam": ["Ámsterdam"]},
    "BE": {"Europe/Brussels": ["Bruselas"]},
    "LU": {"Europe/Luxembourg": ["Luxemburgo"]},
    "IT": {"Europe/Rome": ["Milán", "Roma"]},
    "SE": {"Europe/Stockholm": ["Estocolmo"]},
    "IL": {"Asia/Jerusalem": ["Tel Aviv"]},
    "AE": {"Asia/Dubai": ["Dubái"]},
    "IN": {"Asia/Kolkata": ["Bangalore", "Bombay"]},
    "PH": {"Asia/Manila": ["Manila"]},
    "CN": {"Asia/Shanghai": ["Shanghái", "Pekín"]},
    "KR": {"Asia/Seoul": ["Seúl"]},
    "JP": {"Asia/Tokyo": ["Tokio"]},
    "SG": {"Asia/Singapore": ["Singapur"]},
}  # fmt: skip

MUNICIPALITIES = {
    "Valle del Cauca": [
        ("76001", "Cali"), ("76020", "Alcalá"), ("76036", "Andalucía"), ("76041", "Ansermanuevo"),
        ("76054", "Argelia"), ("76100", "Bolívar"), ("76109", "Buenaventura"), ("76111", "Guadalajara de Buga"),
        ("76113", "Bugalagrande"), ("76122", "Caicedonia"), ("76126", "Calima"), ("76130", "Candelaria"),
        ("76147", "Cartago"), ("76233", "Dagua"), ("76243", "El Águila"), ("76246", "El Cairo"),
        ("76248", "El Cerrito"), ("76250", "El Dovio"), ("76275", "Florida"), ("76306", "Ginebra"),
        ("76318", "Guacarí"), ("76364", "Jamundí"), ("76377", "La Cumbre"), ("76400", "La Unión"),
        ("76403", "La Victoria"), ("76497", "Obando"), ("76520", "Palmira"), ("76563", "Pradera"),
        ("76606", "Restrepo"), ("76616", "Riofrío"), ("76622", "Roldanillo"), ("76670", "San Pedro"),
        ("76736", "Sevilla"), ("76823", "Toro"), ("76828", "Trujillo"), ("76834", "Tuluá"),
        ("76845", "Ulloa"), ("76863", "Versalles"), ("76869", "Vijes"), ("76890", "Yotoco"),
        ("76892", "Yumbo"), ("76895", "Zarzal"),
    ],
    # The industrial north, which the agency promotes together with the Valle.
    "Cauca": [
        ("19110", "Buenos Aires"), ("19142", "Caloto"), ("19212", "Corinto"), ("19300", "Guachené"),
        ("19455", "Miranda"), ("19513", "Padilla"), ("19573", "Puerto Tejada"),
        ("19698", "Santander de Quilichao"), ("19780", "Suárez"), ("19845", "Villa Rica"),
    ],
}  # fmt: skip
