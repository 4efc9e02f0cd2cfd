# Figures: SQL report models over the records of a capability, and the page that shows them against what is wanted.
from . import common
from . import process
from . import promise
from . import quotation
from . import target
from . import reporting
