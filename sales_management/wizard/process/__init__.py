from . import crm_lead_lost
from . import sales_process_apply
from . import sales_process_apply_department
from . import sales_process_apply_stage
from . import sales_stage_change
