"""Names as their owners write them: a firm of Japan or Israel has a name in another script too, sounded out."""

import re

from companies.models import CompanyName
from config.sample.staff import plain_letters
from config.sample.world import World

SHARE = 0.3
VOWELS = "aeiou"
# A sign for each vowel, by the consonant before it; one that no vowel follows takes the last.
KANA = {
    "": "アエイオウ", "k": "カケキコク", "g": "ガゲギゴグ", "s": "サセシソス", "z": "ザゼジゾズ", "t": "タテチトト",
    "d": "ダデヂドド", "n": "ナネニノン", "h": "ハヘヒホフ", "b": "バベビボブ", "p": "パペピポプ", "m": "マメミモム",
    "r": "ラレリロル",
}  # fmt: skip
HANZI = {
    "": "阿埃伊奥乌", "k": "卡科基可库", "g": "加格吉戈古", "s": "萨塞西索苏", "z": "扎泽齐佐祖", "t": "塔特蒂托图",
    "d": "达德迪多杜", "n": "纳内尼诺努", "h": "哈赫希霍胡", "b": "巴贝比博布", "p": "帕佩皮波普", "m": "马梅米莫穆",
    "r": "拉雷里罗鲁",
}  # fmt: skip
HANGUL = {
    "": "아에이오우", "k": "카케키코크", "g": "가게기고그", "s": "사세시소스", "z": "자제지조즈", "t": "타테티토트",
    "d": "다데디도드", "n": "나네니노느", "h": "하헤히호흐", "b": "바베비보브", "p": "파페피포프", "m": "마메미모므",
    "r": "라레리로르",
}  # fmt: skip
SOUNDS = str.maketrans({"c": "k", "q": "k", "x": "s", "j": "z", "f": "h", "v": "b", "l": "r", "y": "i", "w": "u"})
ARABIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابكديفغهيجكلمنوبقرستوفوسيز", strict=True))
HEBREW = dict(zip("abcdefghijklmnopqrstuvwxyz", "אבקדהפגחיגקלמנופקרסטובוסיז", strict=True))
SYLLABLES = {"JP": (KANA, "株式会社{}"), "CN": (HANZI, "{}有限公司"), "KR": (HANGUL, "주식회사 {}")}
LETTERS = {"AE": (ARABIC, "شركة {}"), "IL": (HEBREW, '{} בע"מ')}


def enter(world: World) -> None:
    chance = world.chance("scripts")
    for firm in world.firms:
        word = plain_letters(firm.name.split()[0])
        if firm.country in (*SYLLABLES, *LETTERS) and not firm.is_duplicate and word and chance.hits(SHARE):
            name = sounded_out(word, firm.country)
            world.writer.add(CompanyName(company_id=firm.id, name=name, kind=CompanyName.Kind.SCRIPT.value))


def sounded_out(word: str, country: str) -> str:
    if country in LETTERS:
        letters, whole = LETTERS[country]
        return whole.format("".join(letters.get(letter, "") for letter in word))
    signs, whole = SYLLABLES[country]
    parts = re.findall(r"([^aeiou]?)([aeiou]?)", word.translate(SOUNDS))
    return whole.format(
        "".join(signs.get(before, signs[""])[VOWELS.find(vowel)] for before, vowel in parts if before or vowel)
    )
