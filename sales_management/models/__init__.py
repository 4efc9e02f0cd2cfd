# What every capability builds on: the single override points of hot methods.
from . import common

# The deal number, through opportunity, quotation, delivery and invoice.
from . import process

# The demo company; private methods that only demo data calls.
from . import demo
