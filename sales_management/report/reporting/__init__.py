from . import sales_deal_report
from . import sales_quotation_report
from . import sales_result
from . import sales_retention_report
