"""Domains that anybody may have a mailbox or a name under, and prefixes of tax numbers."""

from .company_words import get_words

#: Second levels that a country's registry sells names below, by country; those of "" are of all others.
PUBLIC_SECOND_LEVELS = {
    "": frozenset(
        get_words("com co net org gov gob gouv gv edu ac or ne go mil ltd plc sch nom biz info name id web me k12 govt")
    ),
    # The provinces have second levels of their own.
    "cn": frozenset(
        get_words(
            "com net org gov edu ac mil",
            "ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn sx tj tw xj xz yn zj",
        )
    ),
    "hk": frozenset(get_words("com net org gov edu idv")),
    "tw": frozenset(get_words("com net org gov edu idv club ebiz game")),
    # They sell names below themselves, and companies are called Co and Me there.
    "de": frozenset(),
    "eu": frozenset(),
    "ch": frozenset(),
    "nl": frozenset(),
    "be": frozenset(["ac"]),
    "at": frozenset(get_words("co or ac gv")),
    "fr": frozenset(get_words("com gouv asso nom")),
    "it": frozenset(get_words("gov edu")),
    "io": frozenset(["com"]),
}

#: Names that providers of mailboxes have under the codes of many countries.
FREE_MAIL_NAMES = frozenset(get_words("yahoo ymail rocketmail hotmail outlook live gmx yandex tutanota protonmail"))

#: Domains whose mailboxes are for anybody.
FREE_MAIL_DOMAINS = frozenset(
    get_words(
        # China
        "qq.com foxmail.com 163.com 126.com yeah.net 188.com 139.com 189.cn wo.cn 21cn.com 263.net 263.com sina.com",
        "sina.cn sina.com.cn sohu.com tom.com aliyun.com 163.net 126.net eyou.com chinaren.com sogou.com 51.com",
        "vip.com citiz.net online.sh.cn hinet.net pchome.com.tw seed.net.tw netvigator.com",
        # International
        "gmail.com googlemail.com icloud.com me.com mac.com msn.com aol.com mail.com email.com usa.com proton.me pm.me",
        "zoho.com fastmail.com fastmail.fm hey.com hushmail.com inbox.com tuta.com tuta.io tutamail.com mailbox.org",
        "duck.com",
        # Germany, Austria, Switzerland
        "web.de t-online.de freenet.de arcor.de posteo.de mail.de email.de online.de vodafone.de aon.at",
        "chello.at a1.net bluewin.ch sunrise.ch hispeed.ch",
        # Other European countries
        "orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it tiscali.it alice.it",
        "tin.it telenet.be skynet.be ziggo.nl kpnmail.nl xs4all.nl planet.nl btinternet.com sky.com virginmedia.com",
        "talktalk.net ntlworld.com wp.pl o2.pl onet.pl interia.pl seznam.cz email.cz centrum.cz azet.sk freemail.hu",
        "citromail.hu telefonica.net telia.com abv.bg ukr.net mail.ru bk.ru list.ru inbox.ru rambler.ru ya.ru",
        # America
        "comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com",
        "optonline.net shaw.ca rogers.com sympatico.ca videotron.ca uol.com.br bol.com.br terra.com.br ig.com.br",
        # Asia and Oceania
        "naver.com hanmail.net daum.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp biglobe.ne.jp",
        "nifty.com rediffmail.com bigpond.com bigpond.net.au optusnet.com.au xtra.co.nz singnet.com.sg",
    )
)

#: Prefixes of tax numbers that are not the country's ISO code.
VAT_PREFIX_BY_COUNTRY = {"GR": "EL", "CH": "CHE"}

#: Prefixes that a tax number brings itself.
VAT_PREFIXES = frozenset(
    get_words("AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK XI")
)
