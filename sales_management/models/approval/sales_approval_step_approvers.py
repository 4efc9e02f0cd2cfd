from odoo import models


class SalesApprovalStep(models.Model):
    """Who is asked by a step, for one quotation."""

    _inherit = "sales.approval.step"

    def _get_approvers(self, order, excluded):
        """Who may take this step for a quotation: people of its company who are there, and not those who made it.

        To override: answer for your kind of approver.

        :param sale.order order: one quotation
        :param res.users excluded: those who decide nothing of their own
        :rtype: res.users
        """
        self.ensure_one()
        # sudo: who is asked does not depend on who asks.
        step, order = self.sudo(), order.sudo()
        chains = {
            "user": lambda: [step.with_context(active_test=False).user_ids],
            "group": lambda: [step.group_id.all_user_ids],
            # As to-dos are escalated: where the leader cannot, the sales managers can.
            "team_leader": lambda: [order.team_id.user_id, self._get_sales_managers()],
            "manager": lambda: [self._get_sales_managers()],
        }
        for users in chains[step.approver_kind]():
            if possible := users._filter_possible_approvers(order) - excluded:
                return possible
        return self.env["res.users"]

    def _get_required_count(self, approvers):
        """:return: how many of these people must agree"""
        self.ensure_one()
        counts = {"any": 1, "all": len(approvers), "count": max(self.required_count, 1)}
        return counts[self.required]

    def _get_sales_managers(self):
        group = self.env.ref("sales_team.group_sale_manager", raise_if_not_found=False)
        return group.sudo().all_user_ids if group else self.env["res.users"]  # sudo: as above
