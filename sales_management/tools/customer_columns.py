"""Columns of the sheets that customers, contacts, deals and their history come in, in English and Chinese."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column of a sheet.

    :param str key: what the import calls it
    :param str type: ``text``, ``note`` (with lines), ``number``, ``day``, ``moment``, ``answer``, or the list that its
        values are looked up in
    :param tuple titles: what it is called, in English and Chinese, as a template is headed
    :param tuple aliases: what else people call it
    :param tuple examples: cell of the template's example row, in English and Chinese
    """

    key: str
    type: str
    titles: tuple
    aliases: tuple = ()
    examples: tuple = ("", "")
    required: bool = False


class SheetKind(NamedTuple):
    """A kind of rows: its titles in English and Chinese, what else its tab is called, and its columns."""

    key: str
    titles: tuple
    aliases: tuple
    columns: tuple

    @property
    def by_key(self):
        return {column.key: column for column in self.columns}


CUSTOMERS = SheetKind(
    "customer",
    ("Customers", "客户"),
    ("customer", "客户信息", "客户资料", "客户列表", "公司", "companies", "accounts"),
    (
        Column(
            "ref",
            "text",
            ("Reference", "客户编号"),
            (
                "编号",
                "客户编码",
                "客户代码",
                "编码",
                "Customer No",
                "Customer Number",
                "Customer Code",
                "Code",
                "No",
                "ID",
            ),
            ("C-0001", "C-0001"),
        ),
        Column(
            "name",
            "text",
            ("Customer Name", "客户名称"),
            ("Name", "名称", "客户", "公司名称", "公司", "客户全称", "单位名称", "Customer", "Company", "Company Name"),
            ("Hangzhou Bolt Co., Ltd.", "杭州博特紧固件有限公司"),
            True,
        ),
        Column(
            "vat",
            "text",
            ("Tax ID", "税号"),
            ("VAT", "VAT Number", "纳税人识别号", "统一社会信用代码", "信用代码", "社会信用代码"),
            ("91330100MA2XXXXX0A", "91330100MA2XXXXX0A"),
        ),
        Column(
            "phone",
            "text",
            ("Phone", "电话"),
            ("Telephone", "Tel", "Phone Number", "电话号码", "联系电话", "公司电话", "座机", "手机"),
            ("+86 571 8888 0000", "0571-88880000"),
        ),
        Column(
            "email",
            "text",
            ("Email", "邮箱"),
            ("E-mail", "Mail", "Email Address", "电子邮箱", "电子邮件", "邮件"),
            ("info@bolt.example", "info@bolt.example"),
        ),
        Column(
            "website", "text", ("Website", "网站"), ("Web", "网址", "官网", "公司网址"), ("https://bolt.example",) * 2
        ),
        Column(
            "country", "country", ("Country", "国家"), ("国家/地区", "国家地区", "Country/Region"), ("China", "中国")
        ),
        Column(
            "state",
            "state",
            ("State", "省份"),
            ("Province", "Region", "State/Province", "省", "州/省", "省/州", "省/直辖市", "地区"),
            ("Zhejiang", "浙江省"),
        ),
        Column("city", "text", ("City", "城市"), ("市", "所在城市"), ("Hangzhou", "杭州")),
        Column(
            "zip", "text", ("ZIP", "邮政编码"), ("邮编", "Postcode", "Postal Code", "ZIP Code"), ("310000", "310000")
        ),
        Column(
            "street",
            "text",
            ("Street", "地址"),
            ("Address", "详细地址", "街道", "公司地址", "联系地址"),
            ("8 Binjiang Road", "滨江路 8 号"),
        ),
        Column("industry", "industry", ("Industry", "行业"), ("所属行业", "客户行业"), ("Manufacturing", "制造业")),
        Column(
            "company_size",
            "size",
            ("Employees", "员工人数"),
            ("Company Size", "Size", "公司规模", "人数", "规模", "企业规模"),
            ("50 – 249", "50 – 249"),
        ),
        Column("tier", "tier", ("Tier", "客户等级"), ("等级", "客户级别", "级别", "Customer Tier", "Level")),
        Column(
            "user",
            "user",
            ("Salesperson", "销售人员"),
            ("Owner", "负责人", "业务员", "销售员", "销售", "客户经理", "归属人", "所有人", "跟进人"),
        ),
        Column("tags", "tags", ("Tags", "标签"), ("Tag", "客户标签"), ("Fair 2026, Export", "展会, 出口")),
        Column(
            "last_contact",
            "moment",
            ("Last Contact On", "最近联系日期"),
            (
                "Last Contact",
                "Last Contact Date",
                "最近联系",
                "最近联系时间",
                "最后联系日期",
                "最后联系时间",
                "最后跟进时间",
                "最近跟进时间",
                "最后跟进日期",
            ),
            ("2026-01-15", "2026年1月15日"),
        ),
        Column("note", "note", ("Note", "备注"), ("Notes", "Comment", "Remark", "Remarks", "说明", "描述")),
    ),
)

CONTACTS = SheetKind(
    "contact",
    ("Contacts", "联系人"),
    ("contact", "people", "联系人信息", "联系人列表"),
    (
        Column(
            "customer",
            "customer",
            ("Customer", "客户"),
            (
                "Company",
                "Customer Name",
                "Customer Reference",
                "客户名称",
                "客户编号",
                "公司",
                "公司名称",
                "所属公司",
                "所属客户",
            ),
            ("C-0001", "C-0001"),
            True,
        ),
        Column(
            "name",
            "text",
            ("Contact Name", "联系人姓名"),
            ("Name", "姓名", "联系人", "Contact", "Full Name", "名字"),
            ("Ann Lee", "李安"),
            True,
        ),
        Column(
            "function",
            "text",
            ("Job Position", "职位"),
            ("Function", "Position", "Title", "Job Title", "职务", "岗位"),
            ("Head of Purchasing", "采购经理"),
        ),
        Column(
            "phone",
            "text",
            ("Phone", "电话"),
            ("Telephone", "Tel", "Mobile", "Cell", "手机", "手机号", "手机号码", "联系电话", "电话号码"),
            ("+86 138 0013 8000", "13800138000"),
        ),
        Column(
            "email",
            "text",
            ("Email", "邮箱"),
            ("E-mail", "Mail", "Email Address", "电子邮箱", "电子邮件", "邮件"),
            ("ann@bolt.example",) * 2,
        ),
        Column("note", "note", ("Note", "备注"), ("Notes", "Comment", "Remark", "WeChat", "微信", "微信号", "说明")),
    ),
)

DEALS = SheetKind(
    "deal",
    ("Deals", "商机"),
    ("deal", "opportunities", "pipeline", "商机信息", "商机列表", "销售机会", "项目"),
    (
        Column(
            "number",
            "text",
            ("Deal Number", "商机编号"),
            ("Number", "Reference", "No", "编号", "商机号", "项目编号"),
            ("P-2025-17", "P-2025-17"),
        ),
        Column(
            "customer",
            "customer",
            ("Customer", "客户"),
            ("Company", "Customer Name", "Customer Reference", "客户名称", "客户编号", "公司", "公司名称"),
            ("C-0001", "C-0001"),
            True,
        ),
        Column(
            "name",
            "text",
            ("Title", "商机名称"),
            ("Deal", "Deal Name", "Name", "Opportunity", "主题", "标题", "名称", "项目名称", "商机", "商机标题"),
            ("40,000 bolts M8", "M8 螺栓 4 万件"),
            True,
        ),
        Column("stage", "stage", ("Stage", "阶段"), ("Sales Stage", "商机阶段", "销售阶段", "Status", "状态")),
        Column(
            "revenue",
            "number",
            ("Expected Revenue", "预期收入"),
            ("Amount", "Revenue", "Expected Amount", "金额", "预计金额", "预计收入", "商机金额", "预计成交金额"),
            ("120000", "12万"),
        ),
        Column(
            "deadline",
            "day",
            ("Expected Closing", "预计成交日期"),
            ("Closing Date", "Expected Closing Date", "预计结束日期", "预计签单日期", "预计关闭日期", "预计成交时间"),
            ("2026-09-30", "2026年9月30日"),
        ),
        Column(
            "opened_on",
            "moment",
            ("Opened On", "开始日期"),
            (
                "Created On",
                "Creation Date",
                "Start Date",
                "创建日期",
                "创建时间",
                "立项日期",
                "商机创建时间",
                "开启日期",
            ),
            ("2025-11-03", "2025年11月3日"),
        ),
        Column(
            "user",
            "user",
            ("Salesperson", "销售人员"),
            ("Owner", "负责人", "业务员", "销售员", "销售", "跟进人", "归属人"),
        ),
        Column("team", "team", ("Sales Team", "销售团队"), ("Team", "团队", "销售组")),
        Column("source", "source", ("Source", "来源"), ("Lead Source", "客户来源", "商机来源", "线索来源")),
        Column("lost", "answer", ("Lost", "输单"), ("Is Lost", "已输单", "是否输单", "是否丢单")),
        Column(
            "lost_reason",
            "lost_reason",
            ("Lost Reason", "输单原因"),
            ("Reason Lost", "丢单原因", "失败原因", "流失原因"),
        ),
        Column("note", "note", ("Description", "描述"), ("Note", "Notes", "备注", "说明", "商机描述")),
    ),
)

FOLLOW_UPS = SheetKind(
    "follow_up",
    ("Follow-Ups", "跟进记录"),
    (
        "follow up",
        "followups",
        "follow-up history",
        "history",
        "activities",
        "跟进",
        "跟进历史",
        "拜访记录",
        "联系记录",
    ),
    (
        Column(
            "about",
            "customer_or_deal",
            ("Customer or Deal", "客户或商机"),
            (
                "Customer",
                "Deal",
                "Customer Name",
                "Deal Number",
                "Reference",
                "客户",
                "商机",
                "客户名称",
                "客户编号",
                "商机编号",
                "公司名称",
            ),
            ("P-2025-17", "P-2025-17"),
            True,
        ),
        Column(
            "date",
            "moment",
            ("Date and Time", "日期和时间"),
            ("Date", "Time", "日期", "时间", "跟进日期", "跟进时间", "联系时间", "拜访时间"),
            ("2026-01-15 14:30", "2026年1月15日 14:30"),
            True,
        ),
        Column(
            "author",
            "author",
            ("Author", "跟进人"),
            ("By", "Salesperson", "User", "Owner", "作者", "记录人", "销售人员", "业务员", "拜访人"),
        ),
        Column(
            "way",
            "way",
            ("Kind", "跟进方式"),
            ("Type", "Way", "Channel", "方式", "类型", "联系方式", "跟进类型"),
            ("Call", "电话"),
        ),
        Column(
            "text",
            "note",
            ("Text", "跟进内容"),
            ("Note", "Notes", "Content", "Description", "Summary", "内容", "备注", "沟通内容", "记录", "跟进记录"),
            ("Wants samples before the fair.", "展会前需要样品。"),
            True,
        ),
    ),
)

#: In the order in which rows are imported: each may name those before it.
KINDS = {kind.key: kind for kind in (CUSTOMERS, CONTACTS, DEALS, FOLLOW_UPS)}
