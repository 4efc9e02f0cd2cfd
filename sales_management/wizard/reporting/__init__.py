from . import sales_workbook_make
