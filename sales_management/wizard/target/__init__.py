from . import sales_target_reopen
