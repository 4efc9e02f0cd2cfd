# What every capability builds on: the single override points of hot methods.
from . import common

# The deal number, through opportunity, quotation, delivery and invoice.
from . import process

# Revisions of quotations, their tie to deals, and every way by which they leave.
from . import quotation

# Rules, requests and decisions: what a document says is approved, not the document.
from . import approval

# When goods can be with the customer, what was committed, and whether it holds.
from . import promise

# Whose a customer is, what it is worth, and whether it is leaving.
from . import customer

# What is wanted of sales, and what was reached.
from . import target

# The state of sales at a glance: boards, the workbook, the weekly review.
from . import reporting

# The demo company; private methods that only demo data calls.
from . import demo
