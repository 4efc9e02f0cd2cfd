from . import res_company
from . import account_move
from . import sales_deal_credit
from . import crm_lead
from . import sales_target
