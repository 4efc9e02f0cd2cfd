from . import deal_number
