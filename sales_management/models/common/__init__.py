# The mixin comes before the models that take it.
from . import sales_document_mixin
from . import crm_lead
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
from . import stock_picking
