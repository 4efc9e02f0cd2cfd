"""The report models that dashboards read, and what each filter narrows in them: one definition for all."""

from .elements import Filter, Source

PERIOD = Filter("period", "Period", default="last_90_days")
TEAM = Filter("team", "Sales Team", "crm.team")
PERSON = Filter("person", "Salesperson", "res.users")
CATEGORY = Filter("category", "Product Category", "product.category")
COUNTRY = Filter("country", "Country", "res.country")
REGION = Filter("region", "Region", "res.country.state")

PEOPLE = {"team": "team_id", "person": "user_id"}
PLACES = {"country": "country_id", "region": "state_id"}
DEAL_PLACES = {"country": "lead_id.country_id", "region": "lead_id.state_id"}
#: Repeat orders are counted apart.
NO_REPEAT = (("is_repeat", "=", False),)

RESULTS = Source(
    "sales.result",
    "sales_result_action",
    filters={"period": "date", "category": "categ_id", **PEOPLE, **PLACES},
    period_type="date",
)
CREATED_DEALS = Source(
    "sales.deal.report", "sales_deal_report_action", NO_REPEAT, {"period": "opened_on", **PEOPLE, **PLACES}
)
CLOSED_DEALS = Source(
    "sales.deal.report",
    "sales_deal_report_action",
    (*NO_REPEAT, ("deal_state", "in", ["won", "lost"])),
    {"period": "closed_on", **PEOPLE, **PLACES},
)
OPEN_DEALS = Source(
    "sales.deal.report",
    "sales_deal_report_action",
    (*NO_REPEAT, ("deal_state", "=", "open")),
    {**PEOPLE, **PLACES},
)
QUOTATIONS = Source(
    "sales.quotation.report", "sales_quotation_report_action", NO_REPEAT, {"period": "sent_at", **PEOPLE, **PLACES}
)
ENTRIES = Source(
    "sales.conversion.report",
    "sales_conversion_report_action",
    NO_REPEAT,
    {"period": "entered_at", **PEOPLE, **DEAL_PLACES},
)
CUSTOMERS = Source(
    "sales.retention.report",
    "sales_retention_report_action",
    filters={"period": "date", **PEOPLE, **PLACES},
    period_type="date",
)
