from . import process
