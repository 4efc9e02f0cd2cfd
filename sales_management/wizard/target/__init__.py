from . import sales_target_reopen
from . import sales_target_split
from . import sales_target_split_line
from . import sales_target_copy
from . import sales_scorecard_make
from . import sales_scorecard_reopen
