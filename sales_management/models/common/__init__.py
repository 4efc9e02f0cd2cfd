# The mixins come before the models that take them.
from . import sales_document_mixin
from . import sales_fact_mixin
from . import crm_lead
from . import res_company
from . import res_config_settings
from . import res_partner
from . import resource_calendar
from . import sales_calendar_exception
from . import sales_fact_erasure
from . import sale_order
from . import stock_picking
