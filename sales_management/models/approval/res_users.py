from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_possible_approvers(self, document):
        """:return: those of these people who are there, and work for the company of a document
        :rtype: res.users
        """
        # sudo: as for who is asked.
        company = document.sudo().company_id
        return self.sudo().filtered(lambda user: user.active and not user.share and company in user.company_ids)
