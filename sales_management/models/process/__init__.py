from . import ir_sequence
from . import res_partner
from . import sales_deal_number
from . import crm_lead
from . import sale_order
from . import stock_picking
from . import account_move
