from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealDocumentCommon


class RevisionMixin:
    """A company that uses revisions, and a quotation with everything that a revision must keep."""

    @classmethod
    def _set_up_revisions(cls):
        cls.company = cls.env.company
        cls.company.sales_quotation_enabled = True
        cls.nut = cls.env["product.product"].create({"name": "Nut", "type": "consu", "list_price": 1.0})
        cls.service = cls.env["product.product"].create({"name": "Assembly", "type": "service", "list_price": 50.0})
        cls.deal = cls._create_deals(partner_id=cls.customer.id, company_id=cls.company.id)

    @classmethod
    def _create_quotation(cls, **values):
        """A quotation of ``salesperson`` whose prices are not those of any pricelist."""
        defaults = {
            "opportunity_id": cls.deal.id,
            "user_id": cls.salesperson.id,
            "team_id": cls.team.id,
            "origin": "RFQ 7",
            "client_order_ref": "PO 7",
            "validity_date": "2027-03-31",
            "commitment_date": "2027-04-15 08:00:00",
            "order_line": [
                Command.create({"display_type": "line_section", "name": "Fasteners", "sequence": 1}),
                Command.create(
                    {
                        "product_id": cls.bolt.id,
                        "product_uom_qty": 5000,
                        "price_unit": 0.8237,
                        "discount": 7.5,
                        "sequence": 2,
                        "name": "M8 bolt, zinc",
                    }
                ),
                Command.create({"product_id": cls.nut.id, "product_uom_qty": 10, "price_unit": 0.0, "sequence": 3}),
                Command.create({"display_type": "line_section", "name": "Options", "sequence": 4, "is_optional": True}),
                Command.create({"product_id": cls.service.id, "product_uom_qty": 0, "price_unit": 61.0, "sequence": 5}),
                Command.create({"display_type": "line_note", "name": "Ex works", "sequence": 6}),
            ],
        }
        return cls._create_order(**{**defaults, **values})

    def _revise(self, order, user=None):
        """:return: the new revision, with the rights of the test"""
        action = order.with_user(user or self.env.user).action_create_revision()
        self.env.flush_all()
        return self.env["sale.order"].browse(action["res_id"])

    def _discard(self, order, user=None):
        action = order.with_user(user or self.env.user).action_discard_revision()
        self.env.flush_all()
        return self.env["sale.order"].browse(action["res_id"])

    @staticmethod
    def _mark_sent(order):
        order.write({"state": "sent"})


class RevisionCommon(RevisionMixin, DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_revisions()
