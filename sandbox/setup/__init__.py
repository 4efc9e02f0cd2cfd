"""Gets Odoo 19 and PostgreSQL onto a bare machine, and runs the addon in them.

Standard library only: these modules run before anything is installed. One concern per module; `environment.prepare` is
the door that the commands come in by.
"""
