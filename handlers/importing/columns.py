"""What the columns of a table mean: guessed from their headings, then from what stands in them.

The headings of Google Contacts, Outlook, HubSpot, Salesforce, EspoCRM, Shopify and of ours are
known, in English, and in Chinese what people write at the top of a table.
"""

import re
from collections.abc import Sequence
from unicodedata import normalize

from handlers.importing.rows import Row
from handlers.importing.vcards import key_of

# Fields that a column may be told to be, in the order in which they are offered.
FIELDS = tuple(
    "name first_name last_name middle_name company phone email street city region postcode country "
    "address birthday gender language zone source owner tags stage note marketing no_marketing "
    "created external rapport_id order_number order_of order_at order_kind order_status payment "
    "order_amount currency product sku quantity price".split()
)
IGNORED = ""

_HEADINGS: dict[str, str] = {
    "name": "name, full name, contact name, customer name, client name, client, customer, contact, "
    "display name, fullname, file as, subscriber name, lead name, person, names, nome, nombre, nom, "
    "姓名, 名字, 名称, 客户, 客户名称, 客户姓名, 联系人, 联系人姓名, 昵称姓名, 称呼",
    "first_name": "first name, firstname, given name, forename, vorname, prenom, fname, first, 名",
    "last_name": "last name, lastname, family name, surname, nachname, lname, last, 姓, 姓氏",
    "middle_name": "middle name, additional name, second name, middlename",
    "company": "company, company name, organization, organisation, organization name, account, "
    "account name, employer, firm, business, business name, associated company, firma, org, "
    "公司, 公司名称, 单位, 企业, 企业名称, 组织",
    "phone": "phone, phone number, mobile, mobile phone, mobile number, cell, cell phone, tel, "
    "telephone, telephone number, whatsapp, whatsapp number, phones, contact number, handy, telefon, "
    "primary phone, other phone, assistants phone, company main phone, car phone, radio phone, "
    "电话, 手机, 手机号, 手机号码, 电话号码, 联系电话, 移动电话, 联系方式, 座机, 固定电话",
    "email": "email, e mail, mail, email address, e mail address, emails, email addresses, "
    "邮箱, 电子邮箱, 电子邮件, 邮件, 邮箱地址, 邮件地址",
    "address": "address, full address, formatted, address formatted, mailing address, postal address, "
    "地址, 联系地址, 详细地址, 通讯地址, 收货地址",
    "street": "street, street address, address street, address1, address line 1, address 1, "
    "address line, 街道, 路",
    "city": "city, town, address city, location, ort, stadt, ville, 城市, 市, 所在城市",
    "region": "region, state, province, state province, address state, county, state region, "
    "address region, bundesland, 省, 省份, 州",
    "postcode": "zip, zip code, postcode, postal code, zip postal code, address postal code, plz, "
    "zip code postal code, 邮编, 邮政编码",
    "country": "country, country region, address country, nation, land, pays, 国家, 国家地区",
    "birthday": "birthday, birth date, date of birth, dob, birthdate, born, geburtstag, 生日, 出生日期, "
    "出生年月",
    "gender": "gender, sex, geschlecht, 性别",
    "language": "language, locale, preferred language, lang, sprache, 语言",
    "zone": "time zone, timezone, zone, tz, 时区",
    "source": "source, lead source, original source, channel, origin, acquisition source, 来源, "
    "客户来源, 渠道",
    "owner": "owner, contact owner, account owner, assigned to, assigned user, assigned user name, "
    "sales rep, lead owner, account manager, owner name, owner email, 负责人, 所有者, 跟进人, 归属人, "
    "销售, 客户经理",
    "tags": "tags, tag, labels, categories, groups, group membership, list, lists, segments, 标签, 分组, "
    "类别",
    "stage": "stage, lifecycle stage, status, lead status, contact status, type, 阶段, 客户阶段, 状态, "
    "客户状态, 客户类型",
    "note": "note, notes, comment, comments, description, remarks, remark, memo, 备注, 说明, 描述, 跟进记录",
    "marketing": "marketing, marketing consent, accepts marketing, accepts email marketing, "
    "accepts sms marketing, email opt in, opt in, newsletter, subscribed, consent, gdpr consent, "
    "email marketing consent, 营销同意, 订阅, 接受营销",
    "no_marketing": "email opt out, opt out, unsubscribed, do not email, do not contact, "
    "unsubscribed from all email, has opted out of email, opted out of email, 退订, 拒收",
    "created": "created, created at, create date, created date, date created, creation date, "
    "date added, member since, signup date, registered, added, 创建时间, 创建日期, 注册时间, 添加时间",
    "external": "customer id, record id, contact id, external id, client id, crm id, lead id, "
    "customer number, customer no, client number, 客户编号, 客户id, 会员号, 会员编号, 编号",
    "rapport_id": "rapport id",
    "addresses": "addresses",
    "custom:job_title": "title, job title, organization title, position, role, function, "
    "职位, 职务, 岗位",
    "custom:department": "department, organization department, 部门",
    "custom:website": "website, web page, url, web site, website url, homepage, personal web page, 网站, "
    "网址, 主页",
    "custom:nickname": "nickname, 昵称, 别名",
    "custom:title": "name prefix, salutation, salutation name, prefix, courtesy title",
    "custom:wechat": "wechat, weixin, wechat id, 微信, 微信号",
    "custom:qq": "qq, qq号, qq号码",
    "custom:total_spent": "total spent",
    "custom:total_orders": "total orders, orders count",
    # What other programs keep for themselves.
    IGNORED: "photo, avatar, name suffix, phonetic first name, phonetic middle name, file name, "
    "phonetic last name, yomi name, initials, generational suffix, no, row, line, index, 序号, "
    "行号, id, uid, email status, sensitivity, priority, private, mileage, billing information, "
    "phone label, email label, address label, website label, event label, relation label, "
    "custom field label, im service, im type, ph type",
}
# A table with one of these is one of orders, one row a line of them.
_ORDER_HEADINGS: dict[str, str] = {
    "order_number": "order number, order no, order id, order, order ref, order reference, "
    "invoice number, invoice no, receipt number, 订单号, 订单编号, 单号",
    "order_of": "refund of, refunds, return of, original order, 原订单号",
    "order_at": "order date, ordered at, ordered on, order time, purchase date, purchased at, "
    "date of order, invoice date, 下单时间, 订单日期, 下单日期, 购买日期, 订单时间",
    "order_amount": "order total, order amount, order value, invoice total, purchase amount, "
    "订单金额, 实付金额, 订单总额",
    "order_status": "order status, 订单状态",
    "order_kind": "order kind, order type, transaction type, 订单类型",
    "quantity": "lineitem quantity",
}
# … and these mean what they say only in such a table.
_HEADINGS_BESIDE: dict[str, str] = {
    "order_at": "date, at, time, paid at, created at, day, 日期, 时间",
    "order_amount": "amount, total, sum, grand total, line total, 金额, 总额, 合计, 实付",
    "order_status": "status, financial status, 状态",
    "order_kind": "type, kind, 类型",
    "payment": "payment, payment method, payment type, paid with, paid by, gateway, 支付方式, "
    "付款方式",
    "currency": "currency, order currency, 币种, 货币",
    "product": "product, item, product name, item name, article, lineitem name, goods, 商品, "
    "商品名称, 产品, 品名",
    "sku": "sku, product code, product sku, item sku, lineitem sku, 商品编码, 货号",
    "quantity": "quantity, qty, pieces, count, lineitem quantity, 数量, 件数",
    "price": "price, unit price, item price, lineitem price, 单价, 价格",
    # Of a shop's own reckoning.
    IGNORED: "subtotal, shipping, taxes, discount amount, fulfillment status, fulfilled at",
}
# What people write at the top of a table in some other languages: as `plain` has them.
_ABROAD: dict[str, str] = {
    "name": "vollstandiger name, nombre completo, nom complet, фио, полное имя, контакт, клиент, "
    "氏名, 名前, お名前, 备注名",
    "first_name": "prenom, nombres, primer nombre, имя",
    "last_name": "familienname, nom de famille, apellido, apellidos, фамилия, cognome, sobrenome",
    "middle_name": "отчество",
    "company": "unternehmen, societe, entreprise, empresa, azienda, компания, организация, 会社名, "
    "公司名稱",
    "phone": "telefonnummer, handynummer, mobil, mobiltelefon, mobilnummer, rufnummer, telephone, "
    "portable, tel portable, telefono, movil, celular, cellulare, телефон, мобильный, "
    "мобильный телефон, 電話, 手機, 電話番号, 携帯電話",
    "email": "e mail adresse, mailadresse, emailadresse, courriel, adresse e mail, correo, "
    "correo electronico, почта, электронная почта, メール, メールアドレス, 電子郵件, 信箱",
    "address": "anschrift, adresse, direccion, indirizzo, адрес, 住所",
    "street": "strasse, strasse und hausnummer, rue, calle, улица",
    "city": "wohnort, ciudad, citta, город, 地區",
    "region": "provincia, область, регион, 地区",
    "postcode": "postleitzahl, code postal, codigo postal, cap, индекс",
    "country": "pais, paese, страна, 國家",
    "birthday": "geburtsdatum, geboren, date de naissance, fecha de nacimiento, дата рождения, "
    "день рождения, 誕生日, 生年月日",
    "gender": "genre, sexe, sexo, пол, 性別",
    "language": "langue, idioma, язык, 語言",
    "tags": "etiketten, etiquettes, etiquetas, теги, метки, 標籤",
    "note": "notiz, notizen, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, remarque, "
    "remarques, nota, notas, заметки, комментарий, примечание, 備註",
    "custom:title": "anrede, titel",
}
_OF_ORDERS, _IN_ORDERS = (
    {heading.strip(): name for name, all_ in each.items() for heading in all_.split(",")}
    for each in (_ORDER_HEADINGS, _HEADINGS_BESIDE)
)
_FIELD_OF = {
    heading.strip(): field
    for table in (_ABROAD, _HEADINGS)
    for field, headings in table.items()
    for heading in headings.split(",")
}
# Words that say which of several, or whose: the rest says what it is.
_WHICH = re.compile(
    r"\b(?:home|work|business|private|personal|primary|main|default address|default|mailing|billing|"
    r"shipping|other|secondary|first(?= phone| email)|contact(?= phone| email)|value|\d+|mobile(?= 1))"
    r"\b|\b[a-z]\b(?= mail)(?<!e)"
)
_FAX = re.compile(r"\bfax\b|传真|pager|telex|isdn|tty")
_ACCENTS = re.compile("([a-z])[\u0300-\u036f]+")
_PUNCTUATION = re.compile(r"[^\w]+|_+")
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]")

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_PHONE = re.compile(r"\+?[\d][\d\s().\-/]{6,20}")
_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?|\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})"
)
_LETTERS = re.compile(r"[^\W\d_]")


def plain(heading: str) -> str:
    """A heading as it is compared: lower case, single spaces, no marks and no accents."""
    bare = (_BRACKETS.sub(" ", heading) or heading).replace("\ufeff", "").casefold()
    if not bare.isascii():
        bare = _ACCENTS.sub(r"\1", normalize("NFD", bare))
        bare = normalize("NFC", bare)
    return " ".join(_PUNCTUATION.sub(" ", bare).split())


def field_of(heading: str) -> str | None:
    """The field that a heading names; None for one that is not known."""
    text = plain(heading)
    if not text:
        return None
    if text in _FIELD_OF:
        return _FIELD_OF[text]
    if _FAX.search(text):
        return "custom:fax"
    # "phone 1 label" and "phone 1 type" say what kind of phone the next column holds.
    if re.search(r"\b(?:label|type)$", text) and re.search(r"\d", text):
        return IGNORED
    rest = " ".join(_WHICH.sub(" ", text).split())
    found = _FIELD_OF.get(rest)
    if found is None and rest.startswith("address "):
        found = _FIELD_OF.get(rest.removeprefix("address ").strip())
    return found


def has_header(rows: Sequence[Row]) -> bool:
    """Whether the first row says what the columns are, rather than who somebody is."""
    if not rows:
        return False
    cells = [cell.strip() for cell in rows[0].cells]
    if any(_EMAIL.fullmatch(cell) or _looks_like_a_phone(cell) for cell in cells):
        return False
    known = sum(1 for cell in cells if field_of(cell) is not None)
    if known:
        return True
    below = [
        guess([row.cells[at] for row in rows[1:] if at < len(row.cells)])
        for at in range(len(cells))
    ]
    # Nothing in it is known. When the columns below hold e-mail addresses or phones, it is no row
    # of theirs.
    return any(below) or len(rows) < 2 or not any(_DATE.fullmatch(cell) for cell in cells)


def titles_above(rows: Sequence[Row]) -> int:
    """How many rows stand above the one that says what the columns are: a title, a date, a line."""
    if not rows or _known_in(rows[0]) > 1:
        return 0
    for at, row in enumerate(rows[:MOST_TITLES]):
        if _known_in(row) > 1:
            return at
        if sum(1 for cell in row.cells if cell.strip()) > 1 and at:
            return 0
    return 0


# More lines than that nobody writes above a table.
MOST_TITLES = 10


def _known_in(row: Row) -> int:
    return len({field_of(cell) for cell in row.cells} - {None, IGNORED})


def _looks_like_a_phone(text: str) -> bool:
    return (
        bool(_PHONE.fullmatch(text))
        and 7 <= sum(map(str.isdigit, text)) <= 15
        and not (_DATE.fullmatch(text))
    )


def guess(values: Sequence[str]) -> str:
    """What values look like: an e-mail address, a phone, a date; "" when like nothing special."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return ""
    for field, fits in (
        ("email", lambda text: bool(_EMAIL.fullmatch(text))),
        ("phone", _looks_like_a_phone),
    ):
        if sum(1 for value in filled if fits(value)) >= 0.7 * len(filled):
            return field
    return ""


def mapping(header: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """What each column is: a field, "custom:…", or "" for one that is left out."""
    width = len(header) or max((len(row.cells) for row in rows), default=0)
    samples = [[row.cells[at] for row in rows if at < len(row.cells)] for at in range(width)]
    found = [
        _column(header[at] if at < len(header) else "", samples[at], bool(header))
        for at in range(width)
    ]
    if "name" not in found and "first_name" not in found and "last_name" not in found:
        _name_by_looks(found, samples, bool(header))
    _keep_apart(found)
    _family_names(found, samples)
    found = _orders(header, found)
    if "rapport_id" in found:
        # Our own export: who writes to us from which account is not a file's to say.
        found = [
            IGNORED if at < len(header) and plain(header[at]) == "telegram" else each
            for at, each in enumerate(found)
        ]
    return _not_twice(found)


def _orders(header: Sequence[str], found: list[str]) -> list[str]:
    """In a table of orders some headings mean the order, and not its customer."""
    headings = [plain(each) for each in header]
    if not any(each in _OF_ORDERS for each in headings):
        return found
    meant = [
        _OF_ORDERS.get(heading, _IN_ORDERS.get(heading, known))
        for heading, known in zip(headings, found, strict=False)
    ]
    if "lineitem quantity" in headings and "order_number" not in meant and "name" in headings:
        # A shop calls its orders so.
        meant[headings.index("name")] = "order_number"
    return meant


def _column(heading: str, values: Sequence[str], is_headed: bool) -> str:
    known = field_of(heading) if heading else None
    if known is not None:
        return known
    looks = guess(values)
    if looks:
        return looks
    if heading.strip():
        return f"custom:{key_of(plain(heading))}"
    if not is_headed and sum(1 for v in values if _DATE.fullmatch(v.strip())) > len(values) / 2:
        return "birthday"
    return IGNORED


def _name_by_looks(found: list[str], samples: list[list[str]], is_headed: bool) -> None:
    """The first column of words is the name, when none is called so."""
    for at, values in enumerate(samples):
        free = found[at] == IGNORED or found[at].startswith("custom:")
        filled = [value for value in values if value.strip()]
        wordy = [v for v in filled if _LETTERS.search(v) and not any(map(str.isdigit, v))]
        if free and filled and len(wordy) >= 0.8 * len(filled):
            if is_headed and found[at].startswith("custom:") and len(set(filled)) < len(filled) / 2:
                continue
            found[at] = "name"
            return


def _keep_apart(found: list[str]) -> None:
    """A whole address beside its parts says nothing more."""
    if "address" in found and "city" in found and "street" not in found:
        found[found.index("address")] = "street"
    if "address" in found and "street" in found:
        found[:] = [IGNORED if each == "address" else each for each in found]


def _family_names(found: list[str], samples: list[list[str]]) -> None:
    """Beside a first name, "name" is the last one, unless the first is in it."""
    if not {"name", "first_name"} <= set(found) or "last_name" in found:
        return
    whole, first = found.index("name"), found.index("first_name")
    both = [pair for pair in zip(samples[whole], samples[first], strict=False) if all(pair)]
    if both and not any(given.strip() in name for name, given in both):
        found[whole] = "last_name"


_PLACE = frozenset(("street", "city", "region", "postcode", "country"))


def _not_twice(found: list[str]) -> list[str]:
    """Of two columns with one meaning: a custom one gets a number, an address is another one."""
    seen: dict[str, int] = {}
    kept = []
    for each in found:
        seen[each] = seen.get(each, 0) + 1
        if seen[each] > 1 and each.startswith("custom:"):
            kept.append(f"{each[:36]}_{seen[each]}")
        elif seen[each] > 1 and each in _PLACE:
            kept.append(f"{each}:{seen[each]}")
        else:
            kept.append(each)
    return kept


def read_map(text: str, header: Sequence[str], found: Sequence[str]) -> list[str] | None:
    """A mapping changed by "Heading=field, 3=phone, X=-"; None when something in it is unknown."""
    changed = list(found)
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        heading, is_given, field = part.rpartition("=")
        at = _position(heading.strip(), header, len(changed))
        meant = meaning(field.strip())
        if not is_given or at is None or meant is None:
            return None
        changed[at] = meant
    return changed


def meaning(text: str) -> str | None:
    """The field that somebody means: its key, what a heading of it would be, or "custom:x"."""
    if text in ("-", "", "ignore", "忽略"):
        return IGNORED
    if text in FIELDS:
        return text
    if text.startswith("custom:") and len(text) > 7:
        return f"custom:{key_of(text[7:])}"
    return _FIELD_OF.get(plain(text))


def _position(heading: str, header: Sequence[str], width: int) -> int | None:
    if heading.isdecimal() and 1 <= int(heading) <= width:
        return int(heading) - 1
    wanted = plain(heading)
    return next((at for at, each in enumerate(header) if plain(each) == wanted), None)


def system_of(header: Sequence[str]) -> str:
    """The program that a table comes from, as far as its headings tell; for ids of its own."""
    headings = {plain(each) for each in header}
    signs = (
        ("rapport", {"rapport id"}),
        ("shopify", {"accepts email marketing", "total spent"}),
        ("hubspot", {"record id"}),
        ("salesforce", {"contact id", "account name"}),
    )
    return next((name for name, needed in signs if needed <= headings), "external")
