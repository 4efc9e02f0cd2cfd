from . import test_demo_company
from . import test_demo_plan
from . import test_demo_promises
