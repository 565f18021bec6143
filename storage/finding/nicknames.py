"""Short names and the names that they are short for."""

from functools import cache

_GROUPS = """
robert bob bobby rob robbie
elizabeth liz lizzie beth betty eliza libby lisa
william bill billy will willie liam
richard dick rick ricky rich
margaret maggie meg peggy marge greta
katherine catherine kate katie kathy cathy kat kitty
james jim jimmy jamie
john jack johnny jon
michael mike mick mickey
thomas tom tommy
edward ed eddie ted teddy ned
charles charlie chuck
joseph joe joey
daniel dan danny
david dave davy
matthew matt
andrew andy drew
anthony tony
alexander alex sasha xander sandy
alexandra alex sasha sandra
benjamin ben benny
samuel sam sammy
samantha sam
christopher chris kit
christina chris tina
nicholas nick nicky
patrick pat paddy
patricia pat patty trish
jennifer jen jenny
jessica jess jessie
susan sue susie
deborah deb debbie
barbara barb
victoria vicky tori
rebecca becky becca
abigail abby
theodore ted theo
frederick fred freddie
gregory greg
jeffrey jeff
jonathan jon jonny
joshua josh
kenneth ken kenny
lawrence larry
leonard leo lenny
peter pete
philip phil
raymond ray
ronald ron ronnie
stephen steven steve
timothy tim timmy
walter walt
vincent vince
gabriel gabe
isabella bella izzy
natalie nat
pamela pam
stephanie steph
francisco paco pancho
jose pepe
manuel manolo
ignacio nacho
guadalupe lupe
giuseppe beppe peppe
giovanni gianni
francesco franco checco
johannes hannes hans
josef sepp
maximilian max
wolfgang wolf
katharina kathi
александр саша шура саня сашко
александра саша шура саня
алексеи леша алеша
анастасия настя настена ася
анатолии толя
андреи андрюша дрюня
анна аня нюша нюра анюта
антонина тоня
аркадии аркаша
артем тема
борис боря
вадим вадик
валентин валя
валентина валя
валерии валера
валерия лера валера
василии вася
вера верочка
виктор витя
виктория вика
виталии виталик
владимир вова володя вовка
владислав влад владик слава
вячеслав слава
галина галя
геннадии гена
георгии гоша жора
григории гриша
дарья даша
даниил даня данила
дмитрии дима митя
евгении женя
евгения женя
екатерина катя катюша
елена лена алена
елизавета лиза
иван ваня
ирина ира
кирилл кирюша
константин костя
ксения ксюша
лариса лара
леонид леня
лидия лида
любовь люба
людмила люда мила люся
маргарита рита
марина маринка
мария маша маруся маня
максим макс
михаил миша
надежда надя
наталья наташа ната
николаи коля
олег олежка
ольга оля
павел паша
петр петя
полина поля
раиса рая
роман рома
светлана света лана
семен сеня
сергеи сережа серега
софья соня
софия соня
станислав стас слава
степан степа
татьяна таня
тимофеи тима
федор федя
юлия юля
юрии юра
яков яша
ярослав ярик слава
олександр саша сашко шура
олександра саша леся
олексіи льоша олесь
андріи андріико
ганна аня ганнуся галя
василь вася
володимир вова володя
дмитро діма митя
євгеніи женя
євгенія женя
іван ваня івась
ірина іра
катерина катя
марія маша маріика
микола коля
михаило миша мишко
наталія наташа
наталия наташа
олена лена оленка
оксана ксюша
павло паша
петро петя
світлана світа
сергіи сергіико сережа
тетяна таня
юліи юлик
юлія юля
юріи юра
дарія даша
анастасія настя
вікторія віка
""".strip().splitlines()


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _GROUPS:
        full, *short = line.split()
        table.setdefault(full, set()).update(short)
        for each in short:
            table.setdefault(each, set()).add(full)
    return {name: frozenset(others) for name, others in table.items()}


def also_called(word: str) -> frozenset[str]:
    """What somebody of that name (folded) may be called too."""
    return _table().get(word, frozenset())
