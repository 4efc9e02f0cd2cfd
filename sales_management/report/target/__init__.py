from . import sales_result
from . import sales_result_search
from . import sales_result_deals
from . import sales_result_orders
from . import sales_result_money
from . import sales_forecast_report
from . import sales_forecast_change
from . import sales_forecast_accuracy
