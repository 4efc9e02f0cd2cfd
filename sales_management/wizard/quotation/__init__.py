from . import sale_advance_payment_inv
from . import sales_quotation_comparison
from . import payment_link_wizard
from . import portal_share
from . import sales_quotation_deal
