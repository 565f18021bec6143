"""What people and programs write at the top of a column, and which field each of it is.

A heading stands here as `columns.plain` has it: lower case, no accents, no marks, nothing in
brackets.
"""

from handlers.importing.persons import MORE_STREET

# What is left out.
IGNORED = ""

HEADINGS: dict[str, str] = {
    "name": "name, full name, contact name, customer name, client name, client, customer, contact, "
    "display name, fullname, file as, subscriber name, lead name, person, names, nome, nombre, "
    "nom, "
    "姓名, 名字, 名称, 客户, 客户名称, 客户姓名, 联系人, 联系人姓名, 昵称姓名, 称呼",
    "first_name": "first name, firstname, given name, forename, vorname, prenom, fname, first, 名",
    "last_name": "last name, lastname, family name, surname, nachname, lname, last, 姓, 姓氏",
    "middle_name": "middle name, additional name, second name, middlename",
    "company": "company, company name, organization, organisation, organization name, account, "
    "account name, employer, firm, business, business name, associated company, firma, org, "
    "公司, 公司名称, 单位, 企业, 企业名称, 组织",
    "phone": "phone, phone number, mobile, mobile phone, mobile number, cell, cell phone, tel, "
    "telephone, telephone number, whatsapp, whatsapp number, phones, contact number, handy, "
    "telefon, "
    "primary phone, other phone, assistants phone, company main phone, car phone, radio phone, "
    "商务电话, 办公电话, 公司电话, 单位电话, 住宅电话, 家庭电话, 其他电话, 主要电话, "
    "电话, 手机, 手机号, 手机号码, 电话号码, 联系电话, 移动电话, 联系方式, 座机, 固定电话",
    "email": "email, e mail, mail, email address, e mail address, emails, email addresses, "
    "邮箱, 电子邮箱, 电子邮件, 邮件, 邮箱地址, 邮件地址, 电子邮件地址, 电子邮件 地址",
    "address": "address, full address, formatted, address formatted, mailing address, "
    "postal address, "
    "地址, 联系地址, 详细地址, 通讯地址, 收货地址",
    "street": "street, street address, address street, address1, address line 1, address 1, "
    "address line, 街道, 路",
    MORE_STREET: "address2, address line 2, street 2, street 3, street2, street line 2, "
    "address3, address line 3, extended address, po box, suite, apartment",
    "city": "city, town, address city, location, ort, stadt, ville, 城市, 市, 所在城市, 市 县",
    "region": "region, state, province, state province, address state, county, state region, "
    "address region, bundesland, province code, state code, 省, 省份, 州, 省 市 自治区",
    "postcode": "zip, zip code, postcode, postal code, zip postal code, address postal code, plz, "
    "zip code postal code, 邮编, 邮政编码",
    "country": "country, country region, address country, country code, nation, land, land region, "
    "pays, 国家, 国家地区, 国家 地区",
    "birthday": "birthday, birth date, date of birth, dob, birthdate, born, geburtstag, 生日, "
    "出生日期, "
    "出生年月",
    "gender": "gender, sex, geschlecht, 性别",
    "language": "language, locale, preferred language, lang, sprache, 语言",
    "zone": "time zone, timezone, zone, tz, 时区",
    "source": "source, lead source, original source, channel, origin, acquisition source, 来源, "
    "客户来源, 渠道",
    "owner": "owner, contact owner, account owner, assigned to, assigned user, assigned user name, "
    "sales rep, lead owner, account manager, owner name, owner email, person owner, 负责人, "
    "所有者, 跟进人, 归属人, "
    "销售, 客户经理",
    "tags": "tags, tag, label, labels, categories, kategorien, groups, group membership, list, "
    "lists, segments, 标签, 分组, "
    "类别",
    "stage": "stage, lifecycle stage, status, lead status, contact status, type, 阶段, 客户阶段, "
    "状态, "
    "客户状态, 客户类型",
    "note": "note, notes, comment, comments, description, remarks, remark, memo, 备注, 附注, "
    "说明, 描述, 跟进记录",
    "marketing": "marketing, marketing consent, accepts marketing, accepts email marketing, "
    "accepts sms marketing, email opt in, opt in, newsletter, subscribed, consent, gdpr consent, "
    "email marketing consent, 营销同意, 订阅, 接受营销",
    "no_marketing": "email opt out, opt out, unsubscribed, do not email, do not contact, "
    "unsubscribed from all email, unsubscribed from emails, has opted out of email, "
    "opted out of email, 退订, 拒收",
    "created": "created, created at, create date, created date, date created, creation date, "
    "date added, member since, customer since, kunde seit, signup date, signed up, "
    "date registered, registered, added, "
    "created time, person created, 创建时间, 创建日期, 注册时间, 添加时间",
    "external": "customer id, record id, contact id, external id, client id, crm id, lead id, "
    "customer number, customer no, client number, kundennummer, kundennr, kunden nr, euid, "
    "user id, "
    "客户编号, 客户id, 会员号, 会员编号, 编号",
    "rapport_id": "rapport id",
    "addresses": "addresses",
    "custom:job_title": "title, job title, organization title, position, role, function, "
    "职位, 职务, 岗位",
    "custom:department": "department, organization department, abteilung, 部门",
    "custom:website": "website, web page, url, web site, website url, homepage, personal web page, "
    "webseite, internetseite, 网站, 网址, 网页, 主页",
    "custom:suffix": "name suffix, generational suffix",
    "custom:nickname": "nickname, 昵称, 别名",
    "custom:title": "name prefix, salutation, salutation name, prefix, courtesy title, 称谓",
    "custom:wechat": "wechat, weixin, wechat id, 微信, 微信号",
    "custom:qq": "qq, qq号, qq号码",
    "custom:total_spent": "total spent",
    "custom:total_orders": "total orders, orders count",
    # What other programs keep for themselves.
    IGNORED: "photo, avatar, file name, initials, no, row, line, index, 序号, 行号, id, uid, "
    "email status, sensitivity, priority, private, email type, e mail type, e mail display name, "
    "e mail typ, angezeigter name der e mail, 电子邮件类型, 电子邮件显示名称, "
    "phone label, email label, address label, website label, event label, relation label, "
    "custom field label, im service, im type, ph type",
}
# A table with one of these is one of orders, one row a line of them.
ORDER_HEADINGS: dict[str, str] = {
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
HEADINGS_BESIDE: dict[str, str] = {
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
ABROAD: dict[str, str] = {
    "name": "vollstandiger name, nombre completo, nom complet, фио, полное имя, контакт, клиент, "
    "氏名, 名前, お名前, 备注名",
    "first_name": "prenom, nombres, primer nombre, имя, imie, jmeno, krestni jmeno, ad, voornaam, "
    "fornamn, fornavn, etunimi, utonev, keresztnev, prenume",
    "last_name": "familienname, nom de famille, apellido, apellidos, фамилия, cognome, sobrenome, "
    "nazwisko, prijmeni, priezvisko, soyad, soyadi, achternaam, efternamn, etternavn, sukunimi, "
    "vezeteknev",
    "middle_name": "weitere vornamen, отчество",
    "company": "companies, unternehmen, societe, entreprise, empresa, azienda, sirket, bedrijf, "
    "bedrijfsnaam, foretag, "
    "компания, организация, 会社名, "
    "公司名稱",
    "phone": "telefonnummer, handynummer, mobil, mobiltelefon, mobilnummer, rufnummer, telephone, "
    "portable, tel portable, telefono, movil, celular, telefone, telefoon, telefoonnummer, "
    "numer telefonu, telefonszam, cep telefonu, "
    "cellulare, телефон, мобильный, "
    "мобильный телефон, 電話, 手機, 電話番号, 携帯電話",
    "email": "e mail adresse, mailadresse, emailadresse, courriel, adresse e mail, correo, "
    "correo electronico, почта, электронная почта, メール, メールアドレス, 電子郵件, 信箱",
    "address": "anschrift, adresse, direccion, indirizzo, adres, adresa, endereco, адрес, 住所",
    "street": "strasse, strasse und hausnummer, rue, calle, улица",
    "city": "wohnort, ciudad, citta, miasto, mesto, sehir, plaats, cidade, город, 地區",
    "region": "provincia, область, регион, 地区",
    "postcode": "postleitzahl, code postal, codigo postal, cap, kod pocztowy, psc, индекс",
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
