from . import res_company
from . import account_move
from . import sales_deal_credit
from . import crm_lead
from . import sales_target
from . import sales_indicator
from . import sales_strategy_adjustment
