from . import sales_demo
from . import sales_demo_masters
from . import sales_demo_deals
from . import sales_demo_orders
from . import sales_demo_deliveries
from . import sales_demo_invoices
from . import sales_demo_history
