from . import res_company
from . import spreadsheet_dashboard
