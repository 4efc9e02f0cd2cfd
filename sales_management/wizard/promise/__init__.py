from . import sales_promise_answer
from . import sales_promise_ask
from . import sales_promise_release
