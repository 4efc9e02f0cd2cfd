"""All dashboards of the addon."""

from .sales_board import SALES_BOARD

DASHBOARDS = (SALES_BOARD,)
