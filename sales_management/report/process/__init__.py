from . import sales_process_report_mixin
from . import sales_stage_report
from . import sales_conversion_report
from . import sales_task_report
from . import sales_deal_report
from . import sales_process_health
