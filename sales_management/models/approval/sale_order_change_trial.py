from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class TriedChange(NamedTuple):
    """What an order would be after a change, and what its rules would say of it."""

    digest: str
    content: dict
    measures: dict
    rules: models.Model


class _Undone(Exception):
    """Takes back what was tried."""


class SaleOrder(models.Model):
    """Changes that are tried before anybody is asked about them."""

    _inherit = "sale.order"

    def _try_change(self, values):
        """Make a change, look at what the order is then, and take it back.

        :param dict values: values as :meth:`write` takes them
        :return: the order after the change
        :rtype: TriedChange
        :raise UserError: where the change cannot be made at all
        """
        self.ensure_one()
        tried = None
        try:
            with self.env.cr.savepoint():
                with self._applying_change(), self._trying_content():
                    self.write(values)
                    self.flush_recordset()
                tried = self._look_at_change()
                raise _Undone
        except _Undone:
            self.env.invalidate_all(flush=False)
        return tried

    def _look_at_change(self):
        measures = self._get_approval_measures()
        rules = self.env["sales.approval.rule"]._get_matching_rules(self, measures)[self]
        return TriedChange(
            self._get_content_digests()[self],
            self._get_content()[self],
            measures[self],
            rules.filtered(lambda rule: rule.enforcement == "block"),
        )

    def _apply_change(self, values, digest):
        """Make a change that was approved, with the rights of the caller.

        :param dict values: as they were approved
        :param str digest: of the content that was approved
        :raise UserError: when the order is something else by now, so that the change would make something else of it
        """
        self.ensure_one()
        with self._applying_change():
            self.write(values)
        if self._get_content_digests()[self] != digest:
            raise UserError(
                self.env._(
                    "%(order)s says something else by now than when the change was requested, so that the change would "
                    "make something else of it. Reject it, and let it be requested again.",
                    order=self.name,
                )
            )
        # sudo: nobody writes by hand what is approved.
        self.sudo().approval_digest = digest

    # === Requesting === #

    def _describe_change_of(self, values):
        """What a change would make of this order, in words.

        :rtype: list[str]
        """
        request = self.env["sales.approval.request"].new(
            {"order_id": self.id, "snapshot": self._try_change(values).content}
        )
        return request._describe_changes_since(self._get_content()[self])

    def _request_change(self, values, comment):
        """Ask for the approval of a change of this order. Where nothing of it needs one, it is made at once.

        :param dict values: as :meth:`write` takes them
        :param str comment: what the approvers should know
        :return: the request, none where the change was made or nobody can approve it
        :rtype: sales.approval.request
        :raise AccessError: for whoever may not edit the order
        :raise UserError: where it is no confirmed order, or the change cannot be made
        """
        self.ensure_one()
        self.check_access("write")
        requests = self.env["sales.approval.request"]
        if self.state != "sale":
            raise UserError(self.env._("%(order)s is no confirmed order: edit it.", order=self.name))
        self._lock_for_approval()
        tried = self._try_change(values)
        if tried.digest == self._get_content_digests()[self]:
            raise UserError(self.env._("This changes nothing of what %(order)s offers.", order=self.name))
        if not tried.rules:
            self.write(values)
            return requests
        plan = self._plan_steps(tried.rules)
        if not self._is_plan_possible(tried.rules, plan):
            raise UserError(self._describe_stuck(tried.rules, plan))
        # sudo: nobody writes requests.
        request = requests.sudo().create(self._prepare_change_request_values(tried, values, comment))
        request._create_steps({request: plan})
        return request.sudo(False)

    def _prepare_change_request_values(self, tried, values, comment):
        return {
            "res_model": "sale.order",
            "res_id": self.id,
            "order_id": self.id,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "requester_id": self.env.uid,
            "comment": comment,
            "kind": "change",
            "digest": tried.digest,
            "snapshot": tried.content,
            "former_snapshot": self._get_content()[self],
            "measures": tried.measures,
            "proposed_values": values,
            "rule_ids": [Command.set(tried.rules.ids)],
        }
