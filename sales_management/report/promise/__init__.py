from . import sales_promise_demand
from . import sales_delivery_report
from . import sales_vendor_report
