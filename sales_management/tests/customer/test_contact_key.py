"""Keys of addresses, numbers and tax numbers, of every shape that people type. For pytest alone: Odoo's loader does
not bring Hypothesis."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.sales_management.tools.contact_key import get_domain_key, get_email_key, get_phone_key, get_vat_key

MAILBOXES = st.from_regex(r"[a-z][a-z0-9]{0,8}([._-][a-z0-9]{1,5})?", fullmatch=True)
COMPANIES = st.from_regex(r"[a-z][a-z0-9]{3,9}q", fullmatch=True)
ENDINGS = st.sampled_from(
    ["com", "cn", "com.cn", "gd.cn", "de", "co.uk", "com.au", "co.jp", "com.br", "io", "com.hk", "fr"]
)


def widen(text):
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@pytest.mark.parametrize(
    ("email", "key"),
    [
        ("Ann@Example.com", "ann@example.com"),
        (" ann@example.com. ", "ann@example.com"),
        ('"Lee, Ann" <ann@example.com>', "ann@example.com"),
        ("mailto:ann@example.com", "ann@example.com"),
        ("ann@example.com; bob@example.com", "ann@example.com"),
        ("ann@example.com，bob@example.com", "ann@example.com"),
        ("邮箱：ann@example.com", "ann@example.com"),
        ("ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example.com"),
        ("ann+fair@example.com", "ann@example.com"),
        ("an.n+fair@GoogleMail.com", "ann@gmail.com"),
        ("12345678@QQ.com", "12345678@qq.com"),
        ("ann@müller.de", "ann@xn--mller-kva.de"),
        ("ann@localhost", None),
        ("ann@", None),
        ("@example.com", None),
        ("+fair@example.com", None),
        ("ann@ex ample", None),
        ("ann@-example.com", None),
        ("ann@192.168.0.1", None),
        ("ann@example..com", None),
        ("无", None),
        ("", None),
        (False, None),
        (None, None),
    ],
)
def test_email(email, key):
    assert get_email_key(email) == key


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("ann@example.com", "example.com"),
        ("ann@mail.cn.example.com", "example.com"),
        ("example.com", "example.com"),
        ("https://www.example.com/", "example.com"),
        ("http://user:pw@shop.example.com:8069/a@b.de?x#y", "example.com"),
        ("//example.com", "example.com"),
        ("WWW.EXAMPLE.COM.CN", "example.com.cn"),
        ("ann@mail.example.com.cn", "example.com.cn"),
        ("ann@example.sh.cn", "example.sh.cn"),
        ("ann@shop.example.cn", "example.cn"),
        ("ann@example.co.uk", "example.co.uk"),
        ("ann@a.example.com.au", "example.com.au"),
        ("ann@example.co.jp", "example.co.jp"),
        ("ann@example.com.hk", "example.com.hk"),
        ("ann@mail.co.de", "co.de"),
        ("ann@mail.sap.de", "sap.de"),
        ("com.cn", None),
        ("ann@co.uk", None),
        ("localhost", None),
        ("10.0.0.1", None),
        ("http://[::1]/", None),
        ("n/a", None),
        ("", None),
        (None, None),
        (False, None),
    ],
)
def test_domain(address, key):
    assert get_domain_key(address) == key


@pytest.mark.parametrize(
    "domain",
    [
        "qq.com",
        "163.com",
        "vip.163.com",
        "126.com",
        "sina.com",
        "sina.com.cn",
        "vip.sina.com",
        "foxmail.com",
        "139.com",
        "aliyun.com",
        "189.cn",
        "yeah.net",
        "sohu.com",
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.de",
        "hotmail.co.uk",
        "live.cn",
        "yahoo.com.cn",
        "yahoo.co.jp",
        "icloud.com",
        "web.de",
        "gmx.de",
        "gmx.net",
        "t-online.de",
        "mail.ru",
        "yandex.ru",
        "orange.fr",
        "libero.it",
        "naver.com",
        "proton.me",
    ],
)
def test_a_provider_of_mailboxes_is_no_company(domain):
    assert get_domain_key(f"ann@{domain}") is None
    assert get_domain_key(f"https://www.{domain}/") is None
    assert get_email_key(f"ann@{domain}")


@given(MAILBOXES, COMPANIES, ENDINGS, st.sampled_from(["", "mail.", "www.eu."]), st.booleans())
def test_all_addresses_of_a_company_have_its_domain(mailbox, company, ending, prefix, is_wide):
    domain = f"{company}.{ending}"
    email = f"{mailbox}@{prefix}{domain}"
    assert get_domain_key(widen(email) if is_wide else email.upper()) == domain
    assert get_domain_key(f"https://{prefix}{domain}/about") == domain
    assert get_domain_key(get_domain_key(domain)) == domain


@pytest.mark.parametrize(
    ("number", "country", "key"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("138 0013 8000", "cn", "+8613800138000"),
        ("138-0013-8000", "CN", "+8613800138000"),
        ("+86 138 0013 8000", None, "+8613800138000"),
        ("+86 138 0013 8000", "DE", "+8613800138000"),
        ("＋８６１３８００１３８０００", None, "+8613800138000"),
        ("8613800138000", "CN", "+8613800138000"),
        ("008613800138000", None, "+8613800138000"),
        ("0086 (0)755 2678 0808", "US", "+8675526780808"),
        ("手机：13800138000", "CN", "+8613800138000"),
        ("手机13800138000", "CN", "+8613800138000"),
        ("电话：0086 138 0013 8000", None, "+8613800138000"),
        ("Tel.: +49 89 636-00", None, "+498963600"),
        ("Mobile +49 151 23456789", None, "+4915123456789"),
        ("13800138000/13900139000", "CN", "+8613800138000"),
        ("13800138000、13900139000", "CN", "+8613800138000"),
        ("0755-26780808", "CN", "+8675526780808"),
        ("(0755)26780808", "CN", "+8675526780808"),
        ("0755-26780808-8001", "CN", "+8675526780808"),
        ("0755-26780808转8001", "CN", "+8675526780808"),
        ("0755-26780808 转 8001", "CN", "+8675526780808"),
        ("0755-26780808 分机8001", "CN", "+8675526780808"),
        ("+86 755 26780808 ext. 12", None, "+8675526780808"),
        ("+86 755 26780808 x12", None, "+8675526780808"),
        ("400-820-8820", "CN", "+864008208820"),
        ("+44 (0)20 7946 0958", None, "+442079460958"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("(312) 555-0100", "US", "+13125550100"),
        ("13800138000", None, None),
        ("13800138000", "XX", None),
        ("12345", "CN", None),
        ("0000000000", "CN", None),
        ("11111111111", "CN", None),
        ("+999 123456789", None, None),
        ("1" * 300, "CN", None),
        ("电话", "CN", None),
        ("/", "CN", None),
        ("n/a", "CN", None),
        ("", "CN", None),
        (None, None, None),
        (False, "CN", None),
    ],
)
def test_phone(number, country, key):
    assert get_phone_key(number, country) == key


def _get_example(region):
    return phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)


@given(st.sampled_from(["CN", "DE", "US", "GB", "FR", "IT", "JP", "HK", "TW", "IN", "BR", "AU"]), st.booleans())
def test_however_a_number_is_written(region, is_wide):
    number = _get_example(region)
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    spellings = [
        phonenumbers.format_number(number, form)
        for form in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    ]
    for spelling in [*spellings, key, key.replace("+", "00"), f"{key} ext. 7"]:
        assert get_phone_key(widen(spelling) if is_wide else spelling, region) == key
    assert get_phone_key(key) == key


@given(st.text(), st.one_of(st.none(), st.sampled_from(["CN", "DE", "", "??"])))
def test_any_text_has_a_key_or_none(text, country):
    for key in (get_email_key(text), get_domain_key(text), get_phone_key(text, country), get_vat_key(text, country)):
        assert key is None or key == key.strip() != ""


@pytest.mark.parametrize(
    ("vat", "country", "key"),
    [
        ("91440300708461136T", None, "91440300708461136T"),
        ("91440300708461136t", "CN", "91440300708461136T"),
        ("9144 0300 7084 6113 6T", "CN", "91440300708461136T"),
        ("９１４４０３００７０８４６１１３６Ｔ", "CN", "91440300708461136T"),
        ("CN91440300708461136T", None, "91440300708461136T"),
        ("9I44O300708461136T", "CN", "91440300708461136T"),
        ("税号：91440300708461136T", "CN", "91440300708461136T"),
        ("440300708461136", "CN", "440300708461136"),
        ("DE 123 456 788", None, "DE123456788"),
        ("123456788", "DE", "DE123456788"),
        ("DE123456788", "FR", "DE123456788"),
        ("de-123.456.788", "de", "DE123456788"),
        ("EL094259216", None, "EL094259216"),
        ("GR094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("ATU12345675", "AT", "ATU12345675"),
        ("U12345675", "AT", "ATU12345675"),
        ("NL 1234.56.782.B90", "NL", "NL123456782B90"),
        ("CHE-116.281.710 MWST", "CH", "CHE116281710"),
        ("116.281.710 TVA", "CH", "CHE116281710"),
        ("DEF010203AB1", "MX", "MXDEF010203AB1"),
        ("GB 980 7806 84", None, "GB980780684"),
        ("/", "CN", None),
        ("-", None, None),
        ("N/A", "DE", None),
        ("无", "CN", None),
        ("个人", "CN", None),
        ("0000", "CN", None),
        ("000000000000000000", "CN", None),
        ("XXXXXXXXX", "DE", None),
        ("123456789", "DE", None),
        ("DE123456789", None, None),
        ("DE", "DE", None),
        ("12345", None, None),
        ("", None, None),
        (None, None, None),
        (False, "CN", None),
    ],
)
def test_vat(vat, country, key):
    assert get_vat_key(vat, country) == key


@given(st.text("123456789", min_size=9, max_size=12), st.sampled_from(["DE", "FR", "GR", "CH", "US", "CN"]), st.data())
def test_separators_and_prefix_of_a_tax_number_do_not_count(digits, country, data):
    key = get_vat_key(digits, country)
    sign = data.draw(st.sampled_from([" ", "-", ".", "/", "　"]))
    assert get_vat_key(sign.join(digits), country) == key
    assert get_vat_key(widen(digits), country.lower()) == key
    if key:
        assert get_vat_key(key, country) == get_vat_key(key.lower(), country) == key
