"""In which language a text is written: English, Chinese, another one, or nobody can tell."""

from handlers.understanding.patterns import Pattern
from handlers.understanding.words import LONGEST_TEXT

_WORD = Pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAN = Pattern(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Kana, Hangul, Cyrillic, Greek, Arabic, Hebrew, Thai, the scripts of India.
_OTHER_SCRIPT = Pattern(
    r"[\u3040-\u30ff\uac00-\ud7af\u0400-\u052f\u0370-\u03ff\u0590-\u06ff\u0e00-\u0e7f\u0900-\u0dff]"
)
_ENGLISH = frozenset(
    "the a an and or but is are was were be been i you he she it we they my your his her our their "
    "this that these those of to in on at for from with have has had do does did don't doesn't not "
    "can could will would should please what when where which who how why hello hi hey thanks "
    "thank i'm i've i'd it's there any some need want order help still yet".split()
)
_OTHERS = frozenset(
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish: their commonest words.
    "der die das und ist nicht ich sie wir ein eine mein meine bitte danke mit auf für wann wie "
    "le la les et est je vous nous un une mon ma mes bonjour merci pas avec pour quand où el los "
    "las y es yo usted mi hola gracias por para cuándo dónde con il lo gli e sono io ciao grazie "
    "non per quando o os é eu você meu minha olá obrigado não com para het een ik niet mijn hallo "
    "bedankt voor wanneer nie jest mój dzień dobry proszę bir ve ben merhaba teşekkürler".split()
) - {"i", "a", "an"}


def language_said(text: str) -> str | None:
    """ "en", "zh" or "other"; None when a text is too short or has no words to tell by."""
    text = text[:LONGEST_TEXT]
    if _OTHER_SCRIPT.compiled.search(text):
        return "other"
    words = [word.casefold().replace("’", "'") for word in _WORD.compiled.findall(text)]
    han = len(_HAN.compiled.findall(text))
    latin = sum(not _HAN.compiled.search(word) for word in words)
    if han:
        # English names of products stand in Chinese sentences, and a character in English ones.
        return "zh" if han >= 2 and han >= latin else None
    english = sum(word in _ENGLISH for word in words)
    others = sum(word in _OTHERS for word in words)
    if others > english:
        return "other" if others >= 2 or len(words) <= 2 else None
    return "en" if english and english * 5 >= len(words) else None
