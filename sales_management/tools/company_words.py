"""The words that names of companies are made of beside the name: legal forms, places, and traditional characters."""


def get_words(*lines):
    """The words of all lines, in their order: a table that people can read and complete.

    >>> get_words("co ltd", "gmbh")
    ('co', 'ltd', 'gmbh')
    """
    return tuple(word for line in lines for word in line.split())


#: Forms of companies in Latin and Cyrillic letters: without case, accents, dots and spaces. A name that ends on
#: several of them, as in GmbH & Co. KG, loses one after the other.
FORMS = frozenset(
    get_words(
        # English, and what is used in English beside it
        "co company coltd coinc cocorp ltd limited coltda inc incorporated corp corporation llc lllp llp lp plc",
        "pllc ulc pty ptyltd pte pteltd pvt pvtltd privatelimited privateltd publiclimitedcompany",
        "publiclimited publiccompanylimited pcl bhd sdnbhd sdn ltee group",
        # German
        "gmbh ggmbh mbh gesmbh gesellschaftmbh gesellschaftmitbeschrankterhaftung gesellschaftmitbeschraenkterhaftung",
        "ag aktiengesellschaft kg kgaa kommanditgesellschaft ohg offenehandelsgesellschaft gbr ek ekfm ekfr",
        "eingetragenerkaufmann eingetragenekauffrau ug haftungsbeschrankt haftungsbeschraenkt se ev",
        "eingetragenerverein partg partgmbb gmbhcokg gmbhcokgaa cokg",
        # French, Italian, Spanish, Portuguese
        "sa sarl sarlu sas sasu eurl snc cie compagnie societeanonyme sagl srl srls spa sapa sca sl slu sau ltda lda",
        "sociedadanonima sociedadlimitada sapidecv sadecv sderldecv srldecv eireli unipessoallda",
        # Dutch, Nordic, Baltic
        "bv bvba nv vof cvba sanv oy oyj ab abp publ as asa aps ivs uab sia ou osauhing",
        # Central and eastern European, Turkish
        "sro spolsro spzoo spolkazoo spolkaakcyjna kft zrt nyrt doo dooel ood eood ead sti ltdsti anonimsirketi",
        "limitedsirketi ооо оао зао пао ао тов оод еоод ooo oao zao pao tov",
        # Asian and Arabian
        "kk kabushikikaisha godokaisha kabushikigaisha tbk jsc pjsc ojsc cjsc fze fzco fzllc dmcc wll psc",
    )
)

#: Forms that are also words or signs of something else: only where they are spelled in letters, as in e.U. and I/S.
SPELLED_FORMS = frozenset(get_words("ad bt cv dd eg eu is ks zoo"))

#: Forms that also stand in front of the name.
FRONT_FORMS = frozenset(get_words("ооо оао зао пао тов ooo oao zao pt oy sarl eurl sasu uab firma"))

#: Forms that say nothing where they stand in brackets, as in Acme (P) Ltd. and 日立（株）.
BRACKETED_FORMS = frozenset(
    get_words("p pvt private m publ 株 有 주 유 有限合伙 普通合伙 特殊普通合伙 个体工商户 个人独资 一人独资")
)

#: What may follow an "and" and still be a form: the Spa of a hotel is none.
PARTNER_FORMS = frozenset(get_words("co company coltd cie compagnie cokg cokgaa coinc cocorp"))

CONNECTORS = frozenset(("&", "+", "and", "und", "et"))

ARTICLES = frozenset(("the",))

#: Forms at the end of a Chinese, Japanese or Korean name, the longer ones first.
HAN_FORMS = (
    "股份有限公司",
    "有限责任公司",
    "责任有限公司",
    "股份合作公司",
    "个人独资企业",
    "特殊普通合伙",
    "个体工商户",
    "有限公司",
    "无限公司",
    "股份公司",
    "集团公司",
    "集团总公司",
    "合伙企业",
    "有限合伙",
    "普通合伙",
    "株式会社",
    "有限会社",
    "合同会社",
    "주식회사",
    "유한회사",
    "总公司",
    "集团",
    "公司",
)

#: What ends on a form and is none: the branch of a company is not the company.
HAN_BRANCHES = ("分公司", "子公司", "办事处", "分行", "分店", "分厂", "分部")

#: Forms of Japanese and Korean companies that also stand in front of the name.
HAN_FRONT_FORMS = ("株式会社", "有限会社", "合同会社", "주식회사", "유한회사")

#: Provinces and the like.
PROVINCES = get_words(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川",
    "贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门",
)

#: Cities that companies are registered in: those of prefectures, and counties known for their industry. Those whose
#: names are common parts of brands, such as 朝阳, 中山 and 黄山, are left out.
CITIES = get_words(
    "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城",
    "朔州 晋中 运城 忻州 临汾 吕梁",
    "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪",
    "丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 葫芦岛",
    "长春 四平 辽源 通化 白山 松原 白城 延边 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯",
    "七台河 牡丹江 黑河 绥化",
    "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 江阴 张家港 常熟",
    "太仓 宜兴 丹阳 靖江 启东",
    "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪 余姚 温岭 诸暨 永康",
    "海宁 桐乡 乐清 瑞安",
    "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门",
    "莆田 三明 泉州 漳州 南平 龙岩 宁德 晋江 石狮",
    "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台",
    "潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口",
    "驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西 广州 韶关 深圳",
    "珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 潮州 揭阳 云浮",
    "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 儋州",
    "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中",
    "资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 大理 拉萨 日喀则 西安 铜川 宝鸡 咸阳 渭南 延安",
    "汉中 榆林 商洛",
    "兰州 嘉峪关 金昌 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原",
    "中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 台北 高雄 台中 台南 新竹",
)

#: The same places in Latin letters, as far as English names of Chinese companies have them.
LATIN_PLACES = frozenset(
    get_words(
        "beijing tianjin shanghai chongqing guangzhou shenzhen dongguan foshan zhuhai huizhou hangzhou ningbo wenzhou",
        "suzhou nanjing wuxi changzhou nantong kunshan qingdao jinan yantai dalian shenyang changchun harbin wuhan",
        "changsha zhengzhou xian chengdu kunming guiyang nanning fuzhou xiamen quanzhou hefei taiyuan tangshan",
    )
)

# Characters of names of companies of Hong Kong and Taiwan that have one simplified form each. Those with several
# meanings, such as 乾 and 後, are left out, as this is for comparing and not for reading.
_TRADITIONAL = (
    "臺灣積體電製國際貿實業機發華東廣責團無夥務產銷聯興達龍鳳馬豐偉傑亞歐蘇滬錢寧紹濟煙連瀋陽長爾濱鄭漢慶"
    "貴雲蘭烏魯齊齋魚鱉鮮農漁糧飲飯館廳樓賓園圖書報紙筆紡織絲綢綿縫紉練綉網絡線纜絕緣經緯維繞紅綠藍黃銀銅"
    "鋁鋼鐵鋅鎳鈦錫鎢鋰鑄鍛鍊鎖鏈鏡鐘錶針釘鑽鋸錘鍋爐燈燭燒熱煉礦磚層廈廟庫廠廢應術樂橋樑樹樣標權構檢膠歡"
    "殘氣氫氬溫濕濾淨潔滙澤潤瀾為煥爍獎瑪環瓊璣畫療癒盤蓋盧監盡眾確碼礎禮種稱穩窯競節範築簡籃糾紀約純納紐"
    "級細終組結給統綜緊緒縣縱總績繼續纖缽羅義習聖聞聲職聽肅腦腳膚臨舊艙艦艷藝莊萬葉藥蘆處號蝦衛補裝複視覽"
    "觀訂計討訓託記訊設許訴診評詞試詩話該詳認語誠誤說課調談請諸諾謝證識譜議譯護讀變讓貝負財貢貨販貫貸費資"
    "賀賜賞賢賣質賴購賽贊贏車軌軍軒軟軸載輕輛輝輪輯輸轉辦運過違遠適選遷還邊邏郵鄉鄰醫醬釀釋鈣鈴鉑鉅銘銳鋒"
    "錄錦鍵鎂鎮鏢鏵門閃閉開間閣閱關陝陳陰陸隊隨險雙雜雞離難霧靈靜韓韻頂項順須預頓領頭頻題顏願類顧顯風颱飛"
    "飾餅養駕駿驅驗驛驚鮑鯨鳥鳴鴻鵬鶴鹽麗麥黨齒龜區島圍圓壓壩壯壽夢奧奪婦媽嬰孫學寶審寫寬將專尋導屬岡嶺嶼"
    "師帶帥幣幫廬張強彈從憑懷戰戲擔據擁擇擴攝攜數敵斷時晉晝暢會朧條楊楓榮槍極協單卻厲參叢吳呂員問啟嗎嗆噴"
    "嚴囑倉個們側傳備債傷傾優儀億儲兒內兩冊凍凱別刪剛創劃劇劉劍勁動勝勞勵勳勻匯衝灑淵渦湧滅滾滿漸"
)
_SIMPLIFIED = (
    "台湾积体电制国际贸实业机发华东广责团无伙务产销联兴达龙凤马丰伟杰亚欧苏沪钱宁绍济烟连沈阳长尔滨郑汉庆"
    "贵云兰乌鲁齐斋鱼鳖鲜农渔粮饮饭馆厅楼宾园图书报纸笔纺织丝绸绵缝纫练绣网络线缆绝缘经纬维绕红绿蓝黄银铜"
    "铝钢铁锌镍钛锡钨锂铸锻炼锁链镜钟表针钉钻锯锤锅炉灯烛烧热炼矿砖层厦庙库厂废应术乐桥梁树样标权构检胶欢"
    "残气氢氩温湿滤净洁汇泽润澜为焕烁奖玛环琼玑画疗愈盘盖卢监尽众确码础礼种称稳窑竞节范筑简篮纠纪约纯纳纽"
    "级细终组结给统综紧绪县纵总绩继续纤钵罗义习圣闻声职听肃脑脚肤临旧舱舰艳艺庄万叶药芦处号虾卫补装复视览"
    "观订计讨训托记讯设许诉诊评词试诗话该详认语诚误说课调谈请诸诺谢证识谱议译护读变让贝负财贡货贩贯贷费资"
    "贺赐赏贤卖质赖购赛赞赢车轨军轩软轴载轻辆辉轮辑输转办运过违远适选迁还边逻邮乡邻医酱酿释钙铃铂巨铭锐锋"
    "录锦键镁镇镖铧门闪闭开间阁阅关陕陈阴陆队随险双杂鸡离难雾灵静韩韵顶项顺须预顿领头频题颜愿类顾显风台飞"
    "饰饼养驾骏驱验驿惊鲍鲸鸟鸣鸿鹏鹤盐丽麦党齿龟区岛围圆压坝壮寿梦奥夺妇妈婴孙学宝审写宽将专寻导属冈岭屿"
    "师带帅币帮庐张强弹从凭怀战戏担据拥择扩摄携数敌断时晋昼畅会胧条杨枫荣枪极协单却厉参丛吴吕员问启吗呛喷"
    "严嘱仓个们侧传备债伤倾优仪亿储儿内两册冻凯别删刚创划剧刘剑劲动胜劳励勋匀汇冲洒渊涡涌灭滚满渐"
)

SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
