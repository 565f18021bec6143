"""A million people who do not exist, and the ways in which somebody types their names wrongly."""

import random
from collections.abc import Callable, Iterator

# Given names, beginnings and endings of family names, a line a language.
_LANGUAGES = {
    "english": (
        (
            "james mary robert patricia john jennifer michael linda david elizabeth william "
            "barbara "
            "richard susan joseph jessica thomas sarah charles karen emma oliver amelia harry isla "
            "george ava noah lily jack grace henry sophie daniel lucy samuel chloe benjamin ruby"
        ),
        (
            "ash black brad car clay cole dal ed far green hard hart haw hol hud kings lang law "
            "lind "
            "mar mid mor nor pres rad rich san shel stan sut thorn wal war wes whit win wood york"
        ),
        "ton ley ford son man well field worth wood ham by dale more shaw croft bury er s ing",
    ),
    "german": (
        (
            "anna peter lukas lena felix marie jonas lea maximilian sophie paul hannah leon mia "
            "karl "
            "greta jürgen käthe günther bärbel wolfgang ingrid heinz ursula dieter helga klaus "
            "renate"
        ),
        (
            "acker alt bach bauer berg birk brand braun busch diet eich eisen fried gold grün hart "
            "hoff holz kauf kirch klein koch kraus lang lehn müll neu ober reich rosen sauer schäf "
            "schmid schnei schul schwarz stein vogel wag wald weiß winter zimmer"
        ),
        "mann er berg hauser bach feld meier hof ner ler burger stein mayr hardt ing heimer",
    ),
    "french": (
        (
            "jean marie pierre camille louis chloé hugo léa lucas manon jules inès gabriel emma "
            "françois amélie rené thérèse étienne hélène benoît aurélie jérôme céline loïc maëlle"
        ),
        (
            "beau ber bois bon bour char chev cler cour del dub dup dur fab fer fon font gar gau "
            "gir "
            "lam lav lef leg mal mar mer mon mor pel per pic poi ren rob rous roy sau val vill"
        ),
        "ard eau elle et ette ier in on ot ois ais ault and emont eron ville champ meau rand",
    ),
    "spanish": (
        (
            "maría josé antonio carmen manuel ana francisco isabel juan dolores javier pilar "
            "carlos "
            "teresa miguel lucía rafael paula pedro sofía ángel inés jesús martín álvaro begoña "
            "iñigo"
        ),
        (
            "alv arr ben cab cal cam car cas cor del dom esp est fer flor gar gom gonz gut hern ib "
            "jim "
            "lop mart med mend mor nav ort pas per quint ram rod ros sal san suár var vel zam"
        ),
        "ez ero illo os ada ales edo ano ina ate uela orta ura ajal enas ondo ías arte ola",
    ),
    "portuguese": (
        (
            "joão maria antónio ana josé luísa manuel inês pedro beatriz tiago catarina rui "
            "mariana "
            "gonçalo leonor nuno sofia duarte matilde luís graça césar fátima vítor conceição"
        ),
        (
            "alm and az bar bat car cas coe cor cun dan est fari fer fon gou gui lim mach mat mel "
            "mir "
            "mon mor net nog oliv pai pat per pin que ram reb roc sam san sil soa tav teix vas"
        ),
        "eida eira es o ão alho inho ado ardo eiro osa ques ares edo anha unha ita al im ais",
    ),
    "italian": (
        (
            "giuseppe maria giovanni anna antonio rosa mario giulia luigi francesca marco chiara "
            "paolo "
            "elena andrea laura matteo sara lorenzo martina niccolò alessia davide federica luca "
            "irene"
        ),
        (
            "ab ald bar bell ben ber bian bon bru cal can cas cat col con cos dam den est fab fer "
            "fior "
            "gal gat gre lom lu man mar mon mor neg pal pel riz ros rus sal san ser tes val vit zan"
        ),
        "ini etti ello oni ardi ucci ato iero azzo anti oli ari one ese ano acci erli emi isi",
    ),
    "nordic": (
        (
            "lars anna erik maria karl kristina anders elin johan sofia per eva nils ida olof maja "
            "björn åsa søren mette håkon siri jens karin gunnar astrid øyvind ingeborg leif solveig"
        ),
        (
            "berg björk blom bo bran dahl ek fors grön gust hag hall hed holm jo joh karl kvarn "
            "land "
            "lind lund malm mår nil nord ny ol per ros sand sjö sol ström sund svens söder wester "
            "åk"
        ),
        "ström gren kvist son sen quist berg lund mark stad man sson vik dal dottir näs feldt rud",
    ),
    "polish": (
        (
            "jan anna andrzej maria piotr katarzyna krzysztof małgorzata stanisław agnieszka "
            "tomasz "
            "barbara paweł ewa józef krystyna marcin elżbieta łukasz zofia michał joanna wojciech"
        ),
        (
            "bar bor brzez chmiel czar dąb dob gór grab jab jan jar kacz kal kam kow kral kub lew "
            "maj "
            "mal mich now ol paw piotr raj rog ryb sad sik sob stan szcz szym tom wal wit wojc "
            "wrób "
            "zaj"
        ),
        "owski ewski icki czyk ak ek iak ski kowski ska iński arz owicz alski ko yński ecki ura",
    ),
    "slavic": (
        (
            "ivan marija petar jelena marko ana nikola milica stefan katarina luka ivana jovan "
            "tamara "
            "jiří jana václav věra zdeněk lenka miloš dragana goran vesna dušan živka bojan ljubica"
        ),
        (
            "babi bog bož bur čer dav dim div dra dvoř fil gav grg hor iv jan jov kov krá luk mar "
            "mat "
            "mil mla mus nov pav pet pop pro rad rist sav sed sim stan sto svob tom več vid vuk živ"
        ),
        "ić ović ević ek ák ka ský ová ny ac an čić ar ina ský ček anov ov ska inec oř",
    ),
    "romanian": (
        (
            "andrei maria ion elena alexandru ioana mihai ana cristian gabriela vasile mihaela "
            "gheorghe daniela ștefan raluca florin alina radu simona bogdan carmen vlad irina"
        ),
        (
            "al ang ard bal băl bar bog bra buc căl căr con cos cri dim dob dra dum fil flo geo "
            "gro "
            "ilie ion ist lun man mar mih mol mun neg nic oan pan pav pet pop pre rad roș san ser "
            "sto"
        ),
        "escu eanu aru oiu anu ea ache ilă iță an u oianu aș or uță ariu eșteanu ica as",
    ),
    "greek": (
        (
            "giorgos maria dimitris eleni kostas katerina giannis vasiliki nikos sofia panagiotis "
            "anastasia christos ioanna alexandros georgia spyros despina thanasis aikaterini "
            "stavros"
        ),
        (
            "alex anast andr angel ant apost ath christ deme diam dim elef geor giann karag kats "
            "konst "
            "kour lamb mak man mich nik pana papa pap pavl petr sav stav step the tri tsak vas vel "
            "zach"
        ),
        "opoulos akis idis oglou atos elis ou akos iadis anis ellis inos otis as eas ias",
    ),
    "turkish": (
        (
            "mehmet fatma mustafa ayşe ahmet emine ali hatice hüseyin zeynep hasan elif ibrahim "
            "meryem "
            "yusuf özlem ömer gül murat sibel kemal çiğdem ümit şebnem cem deniz serkan burcu"
        ),
        (
            "ak al ars ay baş bay bil boz can çel çetin dem doğ er gök gül gün kap kar kaya kılıç "
            "koç "
            "kor kurt öz özt pol sağ sar say şah şen taş tek tun tür uç ün yal yıl yüc zor"
        ),
        "an oğlu kaya er lar demir taş maz soy kan türk ci türkmen gil gün bey ay doğan maç",
    ),
    "dutch": (
        (
            "jan maria piet anna kees sanne willem eva hendrik lotte daan emma sem julia bram "
            "fleur "
            "thijs anouk joost marieke ruben femke sjoerd tjitske gijs wouter maaike koen"
        ),
        (
            "bak ber boer bos bou bre bru dek dijk dok gel graa haan hen hoek hoog jan kok kon kui "
            "lang lin meer mei mol mul pos pren rood scha sche smi ste til vel ver vis vos wil zwa"
        ),
        "stra ma ker sma man huis veld kamp sen ink inga mans berg dijk ers hof horst zen aar",
    ),
    "vietnamese": (
        (
            "anh bình châu dũng giang hà hải hạnh hiếu hoa hùng hương khánh lan linh long mai minh "
            "nam "
            "nga ngọc nhung phong phúc quân quang sơn tâm thảo thu trang trung tuấn vân việt xuân"
        ),
        "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đoàn đinh trịnh",
        "",
    ),
    "indian": (
        (
            "aarav priya rahul anjali amit pooja vikram neha sanjay kavita arjun deepa rajesh "
            "sunita "
            "ravi lakshmi suresh meena anil geeta krishna radha mohan shanti naveen divya"
        ),
        (
            "agar ban bhat chak chand chat chau das desh dev dutt gop gup iy jai josh kap kul kum "
            "mal "
            "meh mish muk nai nar pan pat pill raj ram rao red roy sax sen shar shas sin sri ven "
            "ver"
        ),
        "wal erjee kar ya a har dhary pande an kumar ani la am murthy nathan la swamy i raju",
    ),
    "arabic": (
        (
            "mohammed fatima ahmed aisha ali khadija omar zainab hassan mariam youssef layla "
            "khalid "
            "noor ibrahim salma tariq huda mahmoud rania abdullah samira karim yasmin bilal"
        ),
        (
            "abd al-ham al-kha al-mas al-naj al-sab al-zah bak bou dar far gha had hal ham has jab "
            "kan "
            "kha mah mal man mas nas qas rah ras sab sal sha sul taw yas zak zay zou"
        ),
        "allah awi ani aoui our id ib ari iri adi oun ef eddine mi ran ssan oui ali out",
    ),
    "african": (
        (
            "kwame amara chidi ngozi tunde yetunde sipho thandiwe kofi abena babajide folake "
            "mandla "
            "nomvula juma neema emeka chiamaka olu adaeze tendai rudo farai chipo"
        ),
        (
            "ade afo aki ako ama bab chi chu dia dlam eke emu fol gum ife kam kip kon maj mba mku "
            "mo "
            "ndi ngu nko nwa oba oko ola olu oni oye sar sow tem tra uche wan zul zwa"
        ),
        "mi yemi bola ola anyi eze ukwu lu la de re wu ni tsi ndo iro oha ade we ngwe",
    ),
    "hungarian": (
        (
            "lászló mária istván erzsébet józsef katalin jános éva zoltán ilona sándor anna ferenc "
            "zsuzsanna gábor margit attila judit péter ágnes tamás györgy csilla ödön"
        ),
        (
            "ács bal bart bíró bod bor csa cser dob erd far feh föl gál györ hal heg hor jak juh "
            "kál "
            "kar kis kov lak luk mag mol nagy ném ol pál pap pin rác sár szab szal szűcs tak tót "
            "var "
            "vas"
        ),
        "ács ai i as y os ényi ös ár es esi ó házi falvi váry szegi hegyi kuti ányi dai",
    ),
    "finnish": (
        (
            "juhani maria johannes helena olavi johanna antero anneli tapani kaarina matti "
            "tuulikki "
            "mikko päivi jukka ritva timo leena eero aino väinö sirkka pekka marjatta"
        ),
        (
            "aal aho ala hal hap har heik hir hol hut hyv iso jok kal kan kar kei ket kin koi kor "
            "kos "
            "lai lah leh mat mäk mik niem nur ojan par peu rai ran rau sal sii tuo vai vir ylä"
        ),
        "nen la ranta mäki niemi nen lainen koski aho järvi salo vaara la virta maa saari kangas",
    ),
}

_RUSSIAN_GIVEN = (
    "александр елена сергей ольга дмитрий татьяна андрей наталья алексей ирина максим анна "
    "евгений светлана иван мария михаил екатерина николай юлия владимир людмила павел ксения"
).split()
_RUSSIAN_ROOTS = (
    "александр алексе андре анто бел богдан борис быстр васил вино волк воробь гаврил голуб гришин "
    "гус давыд данил дмитри евдоким егор ершо жук зайц зах зим иван ильин ильич казак калинин ками "
    "киселе козл комар коновал корол котел крас кузнец кулик лебеде леонть лыс мака мар медвед "
    "мельник миха мороз никит никола ники орл осип пав пет поляк попо про ром рыб савель сам се "
    "семен сидор смир собол соколо соло степан суворо тарас тимофе тихо фёдор фил фом цвет чернышё "
    "шевч щерба яковл"
).split()
_RUSSIAN_ENDS = "ов ова ев ева ин ина ский ская енко ович цев нов ников ник ых чук".split()

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容")
_GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国红梅文辉玉春雪飞龙宇浩然子轩雨涵欣怡梓晨思远佳琪梦瑶俊熙博雅嘉诚志鹏"
    "晓东海燕永康立新小波云帆慧玲凤莲金宝德福长荣振兴学义家豪启航天佑一诺若曦可馨诗语婉清书瑞景行安宁乐瑾瑜晗玥璇翔宸睿哲昊彤蕾"
    "颖倩婷菲莹洁莉丹萍琳璐冰岚珊薇茜蓉露青松柏森林山河江波"
)
_TRADES = (
    "logistics media foods systems trading consulting energy textiles motors labs studio bakery "
    "pharma design partners capital robotics travel steel optics"
).split()
_FORMS = "ltd gmbh inc sarl oy ab srl bv kft spa".split()
_CITIES = "北京 上海 广州 深圳 杭州 成都 武汉 西安 南京 重庆 苏州 天津".split()
_TRADES_ZH = "科技 贸易 物流 食品 文化 设计 能源 医药 教育 旅游".split()


class Maker:
    """Makes names of many tongues; the same seed makes the same names."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        self._tongues = [
            (given.split(), roots.split(), ends.split() or [""])
            for given, roots, ends in _LANGUAGES.values()
            if given
        ]

    def names(self, count: int) -> list[str]:
        """So many names, no two alike: a quarter Chinese, some of them in pinyin; companies."""
        kinds: list[tuple[Callable[[], str], int]] = [
            (self.latin, 54),
            (self.russian, 5),
            (self.chinese, 25),
            (self.romanised, 8),
            (self.company, 8),
        ]
        makers = [maker for maker, weight in kinds for _ in range(weight)]
        made: dict[str, None] = {}
        while len(made) < count:
            made[self._random.choice(makers)()] = None
        return list(made)

    def latin(self) -> str:
        chance = self._random
        givens, roots, ends = chance.choice(self._tongues)
        family = chance.choice(roots) + chance.choice(ends)
        if ends[0] and chance.random() < 0.5:
            family = chance.choice(roots) + chance.choice(roots) + chance.choice(ends)
        given = chance.choice(givens)
        form = chance.random()
        if form < 0.12:
            given += " " + chance.choice(givens)
        elif form < 0.2:
            given += f" {chance.choice('abcdefghijklmnoprstvw')}."
        elif form < 0.26:
            family += "-" + chance.choice(roots) + chance.choice(ends)
        return f"{given} {family}".title()

    def russian(self) -> str:
        chance = self._random
        family = chance.choice(_RUSSIAN_ROOTS) + chance.choice(_RUSSIAN_ENDS)
        if chance.random() < 0.6:
            family = chance.choice(_RUSSIAN_ROOTS)[:4] + family
        return f"{chance.choice(_RUSSIAN_GIVEN)} {family}".title()

    def chinese(self) -> str:
        chance = self._random
        # Some family names are everybody's.
        family = _SURNAMES[min(int(chance.expovariate(1 / 22)), len(_SURNAMES) - 1)]
        if chance.random() < 0.02:
            family = chance.choice(_DOUBLE_SURNAMES)
        length = 1 if chance.random() < 0.15 else 2
        given = "".join(chance.choice(_GIVEN) for _ in range(length))
        # There are not a quarter of a million names of three characters from these alone.
        if chance.random() < 0.35:
            given = given[:1] + chr(chance.randrange(0x4E00, 0x9F00))
        return family + given

    def romanised(self) -> str:
        from storage.finding.pinyin import syllables

        family, *given = [syllables(character) for character in self.chinese()]
        form = self._random.random()
        if form < 0.7:
            return f"{family} {''.join(given)}".title()
        return f"{''.join(given)} {family}".title() if form < 0.85 else f"{family}{''.join(given)}"

    def company(self) -> str:
        chance = self._random
        if chance.random() < 0.2:
            middle = "".join(chance.choice(_GIVEN) for _ in range(2))
            return f"{chance.choice(_CITIES)}{middle}{chance.choice(_TRADES_ZH)}有限公司"
        _, roots, ends = chance.choice(self._tongues)
        first = chance.choice(roots) + chance.choice(ends)
        return f"{first} {chance.choice(_TRADES)} {chance.choice(_FORMS)}".title()


class Typist:
    """Types names as people do: with slips, the other way round, half of them, in pinyin."""

    def __init__(self, seed: int = 11) -> None:
        self._random = random.Random(seed)

    def queries(self, names: list[str], count: int) -> Iterator[tuple[str, str]]:
        """What is typed, and for whom; nothing that stands there letter for letter."""
        there = {name.casefold() for name in names}
        made = 0
        while made < count:
            name = self._random.choice(names)
            typed = self.typed(name)
            if typed and typed.casefold() not in there:
                made += 1
                yield typed, name

    def typed(self, name: str) -> str:
        chance = self._random
        if "\u4e00" <= name[0] <= "\u9fff":
            return self._chinese(name)
        form = chance.random()
        if form < 0.35:
            return self._slip(name)
        if form < 0.55:
            return self._slip(self._slip(name))
        words = name.split()
        chance.shuffle(words)
        if form < 0.75:
            return self._slip(" ".join(words))
        if form < 0.85:
            return " ".join(words)
        if form < 0.93:
            return f"{name.split(maxsplit=1)[0]} {name.rsplit(maxsplit=1)[-1][:4]}"
        return self._slip(name.rsplit(maxsplit=1)[-1])

    def _chinese(self, name: str) -> str:
        from storage.finding.pinyin import syllables

        chance = self._random
        form = chance.random()
        if form < 0.3:
            at = chance.randrange(len(name))
            return name[:at] + chance.choice(_GIVEN) + name[at + 1 :]
        if form < 0.4 and len(name) > 2:
            return name[1:]
        if len(name) > 4:
            # Nobody types a company's whole name by its sounds.
            return self._slip(name)
        spoken = [syllables(character) for character in name]
        text = f"{spoken[0]} {''.join(spoken[1:])}" if form < 0.8 else "".join(spoken)
        return text if chance.random() < 0.5 else self._slip(text)

    def _slip(self, text: str) -> str:
        chance = self._random
        at = chance.randrange(len(text))
        kind = chance.randrange(4)
        letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
        if kind == 0:
            return text[:at] + text[at + 1 :]
        if kind == 1:
            return text[:at] + letter + text[at + 1 :]
        if kind == 2:
            return text[:at] + letter + text[at:]
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
