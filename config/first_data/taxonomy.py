"""What a firm is and what it does at the site. Where ISIC and CIIU differ the CIIU code is given."""

from companies.models import Activity, Sector


def sectors() -> list[Sector]:
    return [
        Sector(code=code, name_en=english, name_es=spanish, isic=isic, naics=naics, position=position)
        for position, (code, english, spanish, isic, naics) in enumerate(SECTORS, start=1)
    ]


def activities() -> list[Activity]:
    return [
        Activity(code=code, name_en=english, name_es=spanish, position=position)
        for position, (code, english, spanish) in enumerate(ACTIVITIES, start=1)
    ]


SECTORS = [
    ("bpo_contact", "BPO, contact centre", "BPO, centros de contacto", "8220", "561421, 561422"),
    (
        "bpo_back_office",
        "BPO, back office",
        "BPO administrativo",
        "8211, 8219, 8291, 8299, 6920, 7830",
        "561110, 561410, 561440, 561499, 541219, 541214",
    ),
    (
        "kpo",
        "KPO: analytics, legal, research, engineering",
        "KPO: analítica, jurídico, investigación, ingeniería",
        "6910, 7020, 7111, 7112, 7120, 7320, 7410",
        "541110, 541330, 541611, 541910, 541430",
    ),
    ("ito", "ITO, IT services", "ITO, servicios de TI", "6202, 6209", "541512, 541513, 541519"),
    ("software", "Software, SaaS and AI", "Software, SaaS e IA", "5820, 6201", "513210, 541511"),
    ("shared_services", "Shared services, GBS", "Centros de servicios compartidos", "7010", "551114"),
    ("data_centres", "Data centres, cloud", "Centros de datos, nube", "6311", "518210"),
    ("platforms", "Platforms, e-commerce", "Plataformas, comercio electrónico", "6312, 4791", "519290"),
    (
        "creative",
        "Creative industries: audiovisual, games",
        "Industrias creativas: audiovisual, videojuegos",
        "5911, 5912, 5920, 7310, 7410, 5820",
        "512110, 512191, 541430, 513210",
    ),
    ("fintech", "Fintech", "Fintech", "6499, 6619, 6201, 6493", "522320, 522390, 523xxx"),
    ("health", "Healthtech, medical services", "Salud y tecnología médica", "8610, 8621, 6201", "621xxx, 622110"),
    (
        "life_sciences",
        "Life sciences, pharma, devices",
        "Ciencias de la vida, farmacéutica, dispositivos",
        "2100, 3250, 7210",
        "325412, 339112, 541714",
    ),
    ("agro", "Agro-industry, food", "Agroindustria, alimentos", "01xx, 10xx", "111xxx, 311xxx"),
    ("logistics", "Logistics, port", "Logística, puerto", "5210, 5224, 5229, 4923", "493110, 488510, 484xxx"),
    (
        "manufacturing",
        "Light manufacturing, packaging, electrical",
        "Manufactura liviana, empaques, eléctricos",
        "17xx, 22xx, 27xx",
        "322, 326, 335",
    ),
    ("energy", "Energy, circular economy", "Energías limpias, economía circular", "3511, 38xx", "2211xx, 5629xx"),
    (
        "infrastructure",
        "Infrastructure, real estate, tourism",
        "Infraestructura, bienes raíces, turismo",
        "4112, 42xx, 5511, 6810",
        "236, 237, 721110, 531",
    ),
]

ACTIVITIES = [
    ("contact_centre", "Contact centre", "Centro de contacto"),
    ("shared_services", "Shared service centre", "Centro de servicios compartidos"),
    ("software", "Software development", "Desarrollo de software"),
    ("research", "Research and development", "Investigación y desarrollo"),
    ("headquarters", "Headquarters", "Sede principal"),
    ("sales", "Sales office", "Oficina comercial"),
    ("logistics", "Logistics and distribution", "Logística y distribución"),
    ("manufacturing", "Manufacturing", "Manufactura"),
    ("data_centre", "Data centre", "Centro de datos"),
    ("back_office", "Back office", "Procesos administrativos"),
    ("engineering", "Engineering and design", "Ingeniería y diseño"),
    ("production", "Audiovisual production", "Producción audiovisual"),
    ("energy", "Power generation", "Generación de energía"),
    ("hospitality", "Hotel or property", "Hotel o inmueble"),
]
