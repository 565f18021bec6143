"""Spellings of one name, and names that look alike but are not the same."""

import re
from collections.abc import Iterable
from functools import cache

from storage.doubles.scripts import latin
from storage.finding.nicknames import _GROUPS, also_called

# A line a name: whoever has one of these may be written with another of them.
_SPELLINGS = """
mohammed mohammad muhammad muhammed mohamed mohamad muhamad mehmed mehmet mohamud md
ahmed ahmad achmed ahmet
hussein hussain husain hossein hosein husayn huseyin
hassan hasan
youssef yusuf yousef yosef josef yusef youcef joseph yousuf
ibrahim ebrahim ibraheem abraham
khalid khaled
omar umar omer
fatima fatimah fatma
aisha ayesha aysha aicha ayse
mariam maryam miriam meryem
abdullah abdallah abdulla
abdul abdel abd
said saeed sayed sayyid
jamal gamal djamel
catherine katherine kathryn katharine cathryn catharine katharina katarina catarina katerina
ekaterina yekaterina katerina
stephen steven stefan stephan steffen
sean shaun shawn
jon john johan johann
geoffrey jeffrey geoff jeff
philip phillip filip philippe felipe
sara sarah
hanna hannah
ann anne anna annie
eliza elisa
elizabeth elisabeth
theresa teresa therese
christina kristina cristina
christine kristine kirsten
christopher kristopher kristofer
christian kristian cristian
nicolas nicholas nikolas niklas nicolaus
nikolai nikolay nicolai mykola mikola
sergei sergey serhiy serhii sergii serge
andrei andrey andriy andrii
dmitri dmitry dmitriy dmitrii dimitri dmytro dmitro
alexei alexey aleksei aleksey oleksiy oleksii alexej
alexander aleksandr alexandr aleksander oleksandr alexandre alejandro
alexandra aleksandra oleksandra alejandra
mikhail michail mihail mykhailo mikhailo michael
yevgeny evgeny evgeni yevgeni evgenij evgenii yevhen evhen eugene
yulia julia iuliia yuliya juliya
yuri yury yurii yuriy iurii jurij
natalia natalya nataliya nataliia natalie nathalie
tatiana tatyana tetiana tetyana
olga olha
elena yelena helena helene olena ellen
svetlana svitlana
vladimir volodymyr volodimir wladimir
irina iryna irena irene
anastasia anastasiya nastya
xenia kseniya ksenia
anatoly anatoli anatolii anatoliy
arkady arkadi arkadii arkadiy
vitaly vitali vitalii vitaliy
vasily vasili vasilii vasiliy vasil vasyl
valery valeri valerii valeriy
grigory grigori grigorii grigoriy hryhorii
georgy georgi georgii georgiy heorhii
gennady gennadi gennadii gennadiy
daria darya dariya dariia
sofia sofya sofiya sophia sofiia
lidia lidiya lydia
viktor victor
viktoria viktoriya victoria viktoriia
valeria valeriya valeriia
evgenia evgeniya yevgenia eugenia yevheniia
artem artyom
fedor fyodor fiodor
semen semyon
maxim maksim maksym
konstantin constantin kostiantyn
kirill kyrylo cyril
larisa larissa
nadezhda nadiya nadiia
ludmila lyudmila liudmila
ganna hanna
geoff jeff
mark marc marcus markus
eric erik erich
carl karl
lucas lukas luca luka
jacob jakob jacques
matthew mathew mathieu matthias matteo mateo
rachel rachael raquel
rebecca rebekah rebeka
megan meghan
kelly kelley
leslie lesley
lynn lynne
allan alan allen
ashley ashleigh
brian bryan
graham graeme
ian iain
louis luis luiz lewis
louise luise
michelle michele
nicole nichole
stuart stewart
zoe zoey
zachary zachery zack zach
tracy tracey
terry terri
vivian vivien
deborah debra
gail gayle
caitlin kaitlyn katelyn kaitlin
jasmine yasmin yasmine
isabel isabelle isobel ysabel
jorge george georg giorgos georgios yorgos
jose joseph giuseppe
juan john
maria mariya mariia marie mary
peter pieter petr piotr pyotr petro pedro
paul pawel pavel pavlo paulo
thomas tomas tomasz
george georgios
wang wong
li lee
chen chan tan chern
zhang chang cheung cheong
huang wong hwang
lin lim lam
liu lau low liew
wu ng goh
zheng cheng tay
cai tsai choi chua
xu hsu hui koh
xie hsieh tse cheah
zhou chow chou chew
zhao chao chiu
yang yeung yeo
liang leung
zeng tsang
zhu chu
cao tsao
jiang chiang
guo kuo kwok quek
he ho
ye yip yeh
lu lo
su soh
deng teng tang
kim gim
park pak bak
choi choe
lee yi rhee i
jung jeong chung
kang gang
nguyen nguyễn
smith smyth smythe
schmidt schmitt schmid
meyer maier meier mayer
""".strip().splitlines()

# More short names, a line a name (see also `storage.finding.nicknames`).
_SHORT = """
albert al bert bertie
alfred al fred alf alfie
arthur art artie
bernard bernie
bradley brad
caroline carrie carol
charlotte lottie charlie
clifford cliff
curtis curt
cynthia cindy
donald don donny
dorothy dot dottie dolly
douglas doug
eleanor ellie nell nora
emily em emmy
eugene gene
evelyn evie eve
florence flo flossie
frances fran franny frankie
francis frank frankie
franklin frank
gerald gerry jerry
gertrude trudy
gwendolyn gwen
harold harry hal
henry harry hank
herbert bert herb
jacqueline jackie
janet jan
jason jay
jeremy jerry
jerome jerry
josephine jo josie
judith judy
julia jules julie
juliana julie
kimberly kim
leonard len
louis lou
louise lou
lucille lucy
madeline maddie maddy
martha marty
martin marty
maximilian maxi
melissa mel missy
melvin mel
mitchell mitch
nathaniel nathan nate nat
nathan nate
oliver ollie
olivia liv livvy
penelope penny
phyllis phyl
rosemary rose rosie
roderick rod
rodney rod
roger rog
russell russ
sarah sally sadie
sebastian seb bastian
sidney sid
stanley stan
sylvia syl
tamara tammy
teresa terry tess
terence terry
tobias toby
valerie val
veronica ronnie
virginia ginny
wesley wes
zachary zack zach
abdullah abdul
alejandro alex ale
antonio tony toni
beatriz bea
carmen carmela
concepcion concha
dolores lola
eduardo edu lalo
enrique quique kike
federico fede
fernando nando
gonzalo gonza
guillermo memo
isabel isa chabela
jesus chuy
joaquin quino
maria mari
mercedes merche
rafael rafa
ricardo ricky
roberto beto
rosario charo
santiago santi
antonino nino
salvatore toto
luigi gigi
domenico mimmo
friedrich fritz
heinrich heinz
gunther gunter
johann hans
margarete gretel grete
sabine bine
sebastien seb
ursula uschi
wilhelm willi
jan janek
katarzyna kasia
malgorzata gosia
magdalena magda lena
tomasz tomek
krzysztof krzysiek
agnieszka aga
joanna asia
""".strip().splitlines()

# Given names of different people that a slip of the finger could turn into one another.
_GIVEN = """
adam alice amanda amber amy angela barbara ben beth betty brenda bruce carol carla carlos chloe
clara claire daisy dana daniel daniela danielle darren daryl dawn dean debbie dennis diana diane
donna doris edith edward edwin elaine ella ellen ellie elsie emma emily eric erica erin esther
ethan eva eve evelyn fiona frank fred gary gavin gemma gina glen glenn grace greg hailey harry
harriet harvey heather heidi helen henry holly hugo ida isaac ivan jack jackie jacob jade jake
jamie jan jane janet janice jared jasmine jay jean jeanne jenna jill jim joan joana joanna joanne
joe joel joan john jordan josie joyce juan juana jude judith judy julia julian juliana julie june
justin justine karen karin kate katie kay keith kelly ken kevin kim kirk kurt kyle laura lauren
laurie lea leah lee leila lena leo leon liam lily linda lisa liz lois lola lorna lucia lucy luke
lydia mabel mandy marcia marcus margo maria marian marie marina mario marion marisa mark marla
martha martin martina marvin mary mason matt maud maureen maya megan mel melanie melissa mia mick
mike miles milo mina mindy mira molly mona monica nadia nancy naomi neil nelly nick nicole nina
noah noel nora norma norman oliver olivia oscar otis owen pam patrick patricia paul paula pauline
peter petra phil polly rachel ralph ray rhea rita rob robert roberta robin roger roland ron rosa
rose ross roy ruby rudy ruth ryan sally sam samantha samuel sandra sandy sara sean seth shane
sharon sheila shelly sid silvia simon simone sofia sonia stella steve stuart sue susan tamara tara
ted teresa terry tess tim tina tom toby todd tony tracy troy una vera vicky victor victoria vincent
viola violet wade walter wanda wayne wendy will william yvette yvonne zara zoe
michael michaela michelle michel daniel gabriel gabriela alexander alexandra andrea andreas andrew
christian christina christine christopher stephan stephanie george georgia georgina
""".split()


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _SPELLINGS:
        names = line.split()
        for name in names:
            table.setdefault(name, set()).update(names)
    for line in _SHORT:
        full, *short = line.split()
        table.setdefault(full, set()).update(short)
        for each in short:
            table.setdefault(each, set()).add(full)
    spelt = {name: frozenset(others) for name, others in table.items()}
    for line in filter(_is_cyrillic, _GROUPS):
        full, *short = map(latin, line.split())
        # Sasha is short for Alexander too, in whatever letters either of them is written.
        for one in (full, *spelt.get(full, ())):
            for other in {way for each in short for way in _ways(each)}:
                table.setdefault(one, set()).add(other)
                table.setdefault(other, set()).add(one)
    return {name: frozenset(others) for name, others in table.items()}


def _is_cyrillic(line: str) -> bool:
    return not line.isascii()


def _ways(short: str) -> Iterable[str]:
    """How a short name is written in Latin letters: katya, katia, katja; lesha, lyosha."""
    spelt = {f"{short[:at]}yo{short[at + 1 :]}" for at, it in enumerate(short) if it == "e"}
    return spelt | {re.sub(r"y(?=[au])", letter, short) for letter in "yij"}


def is_variant(a: str, b: str) -> bool:
    """Whether both (in Latin letters) may be one person's name in other words or spelling."""
    return b in _table().get(a, ()) or b in also_called(a)


@cache
def _names() -> frozenset[str]:
    known = {name for line in _SPELLINGS + _SHORT + list(_GROUPS) for name in line.split()}
    return frozenset(map(latin, known | set(_GIVEN)))


def are_two_names(a: str, b: str) -> bool:
    """Whether both are names of their own, so that neither is likely a slip of the other."""
    names = _names()
    return a in names and b in names and not is_variant(a, b)
