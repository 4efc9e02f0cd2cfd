from . import deal_number
from . import stage_order
from . import working_time
from . import zone_offsets
