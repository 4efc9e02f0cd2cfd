# Rates come first: reports are made of them.
from . import sales_rate_mixin
from . import sales_conversion_report
from . import sales_deal_report
from . import sales_quotation_report
from . import sales_result
from . import sales_retention_report
from . import sales_target_report
from . import sales_task_report
from . import sales_trend_report
from . import sales_trend_report_query
from . import sales_trend_report_search
