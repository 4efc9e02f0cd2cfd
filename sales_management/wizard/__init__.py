from . import process
from . import quotation
from . import approval
from . import promise
from . import customer
from . import target
from . import reporting
