"""All dashboards of the addon."""

from .process_board import PROCESS_BOARD
from .sales_board import SALES_BOARD
from .target_board import TARGET_BOARD

DASHBOARDS = (SALES_BOARD, PROCESS_BOARD, TARGET_BOARD)
