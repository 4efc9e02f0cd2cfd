from . import res_company
from . import sales_customer_tier
from . import res_partner
from . import res_partner_panel
