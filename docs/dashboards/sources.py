"""The report models that dashboards read, and what each filter narrows in them: one definition for all."""

from .elements import Filter, Source

PERIOD = Filter("period", "Period", default="last_30_days")
TEAM = Filter("team", "Sales Team", "crm.team")
PERSON = Filter("person", "Salesperson", "res.users")
CATEGORY = Filter("category", "Product Category", "product.category")
COUNTRY = Filter("country", "Country", "res.country")
REGION = Filter("region", "Region", "res.country.state")
DEAL_CLASS = Filter("deal_class", "Deal Class", "sales.deal.class")
#: Of targets: present months of what is ordered, unless one asks for others.
METRIC = Filter("metric", "Metric", "sales.target.report", "metric", "ordered")
PERIOD_KIND = Filter("period_kind", "Length", "sales.target.report", "period_kind", "month")
TIMING = Filter("timing", "When", "sales.target.report", "timing", "current")
LEVEL = Filter("level", "For", "sales.target.report", "level", "person")
ENDING = Filter("period", "Period")

PEOPLE = {"team": "team_id", "person": "user_id", "deal_class": "deal_class_id"}
PLACES = {"country": "country_id", "region": "state_id"}
DEAL_PLACES = {"country": "lead_id.country_id", "region": "lead_id.state_id"}
#: Repeat orders are counted apart.
NO_REPEAT = (("is_repeat", "=", False),)

#: What was reached, and customers who come back, know no deal.
CREDIT = {"team": "team_id", "person": "user_id"}

RESULTS = Source(
    "sales.result",
    "sales_management.sales_result_action",
    filters={"period": "date", "category": "categ_id", **CREDIT, **PLACES},
    period_type="date",
    has_first=True,
)
CREATED_DEALS = Source(
    "sales.deal.report",
    "sales_management.sales_deal_report_action",
    NO_REPEAT,
    {"period": "opened_on", **PEOPLE, **PLACES},
)
CLOSED_DEALS = Source(
    "sales.deal.report",
    "sales_management.sales_deal_report_action",
    (*NO_REPEAT, ("deal_state", "in", ["won", "lost"])),
    {"period": "closed_on", **PEOPLE, **PLACES},
)
OPEN_DEALS = Source(
    "sales.deal.report",
    "sales_management.sales_deal_report_action",
    (*NO_REPEAT, ("deal_state", "=", "open"), ("type", "=", "opportunity")),
    {**PEOPLE, **PLACES},
)
QUOTATIONS = Source(
    "sales.quotation.report",
    "sales_management.sales_quotation_report_action",
    NO_REPEAT,
    {"period": "sent_at", **PEOPLE, **PLACES},
)
ENTRIES = Source(
    "sales.conversion.report",
    "sales_management.sales_conversion_report_action",
    NO_REPEAT,
    {"period": "entered_at", **PEOPLE, **DEAL_PLACES},
)
CUSTOMERS = Source(
    "sales.retention.report",
    "sales_management.sales_retention_report_action",
    filters={"period": "date", **CREDIT, **PLACES},
    period_type="date",
)
MOVES = Source(
    "sales.stage.report",
    "sales_management.sales_stage_report_action",
    NO_REPEAT,
    {"period": "moved_at", **PEOPLE, **DEAL_PLACES},
)
#: What is due is counted once it is.
TASKS = Source(
    "sales.task.report",
    "sales_management.sales_task_report_action",
    (*NO_REPEAT, ("state", "!=", "cancelled"), ("due_at", "<=", "now")),
    {"period": "due_at", **PEOPLE, **DEAL_PLACES, "person": "responsible_id"},
)
TARGETS = Source(
    "sales.target.report",
    "sales_management.sales_target_report_action",
    filters={
        "period": "date_to",
        "metric": "metric",
        "period_kind": "period_kind",
        "timing": "timing",
        "level": "level",
        "category": "categ_id",
        **CREDIT,
        **PLACES,
    },
    period_type="date",
)
