"""Constants that more than one file needs."""

#: Code of the sequences that deal numbers are drawn from. A company may have one of its own.
DEAL_SEQUENCE_CODE = "sales.deal"

#: Prefix and padding of the sequence that the addon brings; the installation numbers existing deals alike.
DEAL_SEQUENCE_PREFIX = "D%(year)s-"
DEAL_SEQUENCE_PADDING = 5

#: Relation table between invoices and the deals that they belong to. The installation fills it by SQL.
MOVE_DEAL_TABLE = "account_move_deal_rel"
