"""Stages in a company that uses the staged process, and what guards them."""

from odoo import fields
from odoo.fields import Command

from odoo.addons.sales_management.exceptions import BlockedError
from odoo.addons.sales_management.tests.common import DealCommon


class GateMixin:
    """Five stages, of which the last is won, a deal in the first, and factories of what guards them."""

    @classmethod
    def _set_up_gate(cls):
        cls.company = cls.env.company
        cls.company.sales_process_enabled = True
        # Stages of earlier data would stand between ours.
        cls.env["crm.stage"].search([("id", "!=", False)]).write({"sequence": 900, "fold": True, "is_won": False})
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name, "sequence": position, "is_won": name == "Deal"}
                for position, name in enumerate(("First", "Second", "Third", "Fourth", "Deal"))
            ]
        )
        cls.first, cls.second, cls.third, cls.fourth, cls.won = cls.stages
        cls.deal = cls._create_deals(stage_id=cls.first.id)
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too slow"})
        cls.env.flush_all()

    @classmethod
    def _require(cls, stage=None, field="phone", enforcement="block", **values):
        """A requirement to leave a stage, that a field is filled in unless the values say otherwise."""
        if values.get("kind", "field") == "field":
            values["field_id"] = cls.env["ir.model.fields"]._get("crm.lead", field).id
        defaults = {"name": f"Needs {values.get('kind', field)}", "stage_id": (stage or cls.first).id}
        return cls.env["sales.stage.requirement"].create({**defaults, "enforcement": enforcement, **values})

    @classmethod
    def _set_policy(cls, code, level="block", **values):
        defaults = {"code": code, "level": level, "company_id": False, "active_from": "2020-01-01"}
        return cls.env["sales.policy"].create({**defaults, **values})

    @classmethod
    def _create_quotation(cls, deal, **values):
        """An order of one line that is not delivered: for tests without a warehouse."""
        product = cls.env["product.product"].create({"name": "Advice", "type": "service", "list_price": 100})
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Hangzhou Bolt", "email": "b@example.com"}).id,
                "opportunity_id": deal.id if deal else False,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})],
                **values,
            }
        )

    def _get_moves(self, deals=None):
        return (deals or self.deal).stage_move_ids.sorted("id")

    def _assert_blocked(self, function, *texts):
        """:return: the refusal; nothing of what it refused stays"""
        with self.assertRaises(BlockedError) as caught, self.env.cr.savepoint():
            function()
        self.env.invalidate_all()
        for text in texts:
            self.assertIn(text, str(caught.exception))
        return caught.exception

    def _assert_stage(self, stage, deals=None):
        self.assertEqual((deals or self.deal).stage_id, stage)


class GateCommon(GateMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_gate()
        cls.today = fields.Date.today()

    @classmethod
    def _create_deals(cls, count=1, **values):
        """Deals as their salesperson has them: the system itself is stopped by nothing."""
        return super()._create_deals(count, **values).with_user(cls.salesperson)
