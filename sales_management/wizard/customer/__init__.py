from . import sales_key_date_add
