from . import sales_result
from . import sales_result_search
from . import sales_result_deals
from . import sales_result_orders
from . import sales_result_money
