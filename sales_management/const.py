"""Constants that more than one file needs."""

#: Code of the sequences that deal numbers are drawn from. A company may have one of its own.
DEAL_SEQUENCE_CODE = "sales.deal"

#: Prefix and padding of the sequence that the addon brings; the installation numbers existing deals alike.
DEAL_SEQUENCE_PREFIX = "D%(year)s-"
DEAL_SEQUENCE_PADDING = 5

#: Relation table between invoices and the deals that they belong to. The installation fills it by SQL.
MOVE_DEAL_TABLE = "account_move_deal_rel"

#: A deal is untouched after so many days without a contact, a move or a message.
UNTOUCHED_DAYS = 14

#: A quotation is shown so many days before it expires, and for so many after it has.
EXPIRY_NOTICE_DAYS = 3
EXPIRED_SHOWN_DAYS = 14

#: A deal that has been in its stage for longer counts towards the bottleneck.
BOTTLENECK_DAYS = 10

#: Days from which on a worse date is told anew, and a better one is offered.
NOTICEABLE_DAYS = 1

#: What targets count, and every report of what was reached: amounts of money first.
METRICS = [
    ("ordered", "Ordered"),
    ("invoiced", "Invoiced"),
    ("collected", "Collected"),
    ("margin", "Margin"),
    ("new_customers", "New Customers"),
    ("won_deals", "Won Deals"),
    ("activities", "Activities"),
]
#: Metrics that are amounts of money; the others are counted.
MONEY_METRICS = frozenset({"ordered", "invoiced", "collected", "margin"})

#: How sure a deal is, as forecasts have it: by its stage, unless its salesperson says otherwise.
FORECAST_CATEGORIES = [
    ("pipeline", "Pipeline"),
    ("best_case", "Best Case"),
    ("commit", "Commit"),
    ("closed", "Closed"),
    ("omitted", "Omitted"),
]
