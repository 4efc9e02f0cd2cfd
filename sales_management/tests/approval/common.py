"""Quotations that a rule asks about, and people to ask."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import DealDocumentCommon


class ApprovalMixin:
    """A rule that asks about every quotation of the company, and what tests do with it."""

    @classmethod
    def _switch_approval_on(cls):
        cls.env.company.sales_approval_enabled = True
        cls.director = cls._create_approver("director")
        cls.controller = cls._create_approver("controller")
        cls.rule = cls._create_rule("Everything", cls.director)

    @classmethod
    def _create_approver(cls, name):
        """An approver has no right on quotations."""
        return new_test_user(
            cls.env, f"sm_{name}", "base.group_user", name=name.capitalize(), company_id=cls.env.company.id
        )

    @classmethod
    def _create_rule(cls, name, *approvers, enforcement="block", **values):
        steps = [
            {"approver_kind": "user", "user_ids": [Command.set(users.ids)], "sequence": 10 * position}
            for position, users in enumerate(approvers, 1)
        ]
        return cls.env["sales.approval.rule"].create(
            {
                "name": name,
                "enforcement": enforcement,
                "active_from": "2020-01-01",
                "step_ids": [Command.create({**step, **values}) for step in steps],
            }
        )

    @classmethod
    def _create_quotation(cls, **values):
        return cls._create_order(**{"user_id": cls.salesperson.id, "team_id": cls.team.id, **values}).with_user(
            cls.salesperson
        )

    @classmethod
    def _create_pending(cls, **values):
        order = cls._create_quotation(**values)
        order.action_request_approval()
        return order

    @classmethod
    def _get_request(cls, order):
        return order.sudo().approval_request_ids.sorted("id")[-1:]


class ApprovalCommon(ApprovalMixin, DealDocumentCommon):
    """Rules match by what tests say, so that these need no measures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._match_rules()
        cls._switch_approval_on()

    @classmethod
    def _match_rules(cls):
        """All active rules apply to every quotation whose reference is not ``free``."""
        model = type(cls.env["sales.approval.rule"])

        def match(self, documents, measures=None):
            rules = self.env["sales.approval.rule"].sudo().search([("company_id", "in", cls.env.company.ids)])
            return {
                document: rules if document.sudo().client_order_ref != "free" else rules.browse()
                for document in documents
            }

        patcher = patch.object(model, "_get_matching_rules", match)
        patcher.start()
        cls.addClassCleanup(patcher.stop)
