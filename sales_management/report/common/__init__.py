from . import sales_report_mixin
