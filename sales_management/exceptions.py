"""Refusals that know how to get on."""

from odoo.exceptions import UserError


class BlockedError(UserError):
    """A refusal with the action that resolves it.

    The web client shows its button, as it does for core's ``RedirectWarning``; which is no ``UserError``, and so a
    failure of the server to whoever calls over RPC. To them this is a plain refusal.
    """

    def __init__(self, message, action=None, button=None):
        """
        :param str message: what is wrong, on which records, and what to do; translated
        :param dict | None action: action that resolves it
        :param str | None button: translated text of the button that runs the action
        """
        super().__init__(message)
        if action:
            self.args = (message, action, button)

    def __str__(self):
        return self.args[0]
