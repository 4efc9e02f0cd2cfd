from . import sale_management_portal
from . import quotation_page
from . import audit
from . import portal
from . import report

# After the gate of what is held back, so that its page is asked first.
from . import portal_replaced

