from . import sales_customer_handover_plan
from . import sales_customer_handover_rule
from . import sales_customer_handover_share
from . import sales_key_date_add
from . import base_partner_merge
from . import sales_customer_merge
from . import sales_customer_merge_line
