from . import sales_approval_change
from . import base_partner_merge
from . import sales_approval_presets
from . import sales_approval_ask
from . import sales_approval_answer
from . import sales_approval_answer_line
