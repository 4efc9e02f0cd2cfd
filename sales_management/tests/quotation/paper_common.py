from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealDocumentCommon
from odoo.addons.sales_management.tools.blocker import Blocker

#: A picture of a seal: what is in it does not matter, but that it is found.
SEAL = b"iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"


class PaperCommon(DealDocumentCommon):
    """A company that uses safe quotations, with a seal, and a quotation of a deal in yuan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.write({"sales_quotation_enabled": True, "quotation_seal": SEAL})
        cls.yuan = cls.env.ref("base.CNY")
        cls.yuan.active = True
        cls.deal = cls._create_deals(partner_id=cls.customer.id)
        cls.order = cls._create_paper_order()

    @classmethod
    def _create_paper_order(cls, **values):
        return cls._create_order(cls.deal, user_id=cls.salesperson.id, team_id=cls.team.id, **values)

    @classmethod
    def _quote_in_yuan(cls, price="1234.56", lang="zh_CN"):
        """A quotation whose total with tax is the price."""
        cls.env["res.lang"]._activate_lang(lang)
        cls.customer.write({"name": "杭州螺栓有限公司", "lang": lang})
        pricelist = cls.env["product.pricelist"].create({"name": "Yuan", "currency_id": cls.yuan.id})
        line = {"product_id": cls.bolt.id, "name": "八角螺栓", "product_uom_qty": 1, "price_unit": float(price)}
        return cls._create_paper_order(
            pricelist_id=pricelist.id, order_line=[Command.create({**line, "tax_ids": False})]
        )

    def _hold_back(self, order):
        """Let the quotation be one that may not leave, for a reason of whatever capability."""
        model = self.env.registry["sale.order"]
        ask = model._get_release_blockers

        def get_release_blockers(records):
            blockers = ask(records)
            for record in records:
                if record.id == order.id:
                    blockers[record].append(self._prepare_blocker(record))
            return blockers

        self.patch(model, "_get_release_blockers", get_release_blockers)
        order.invalidate_recordset(["is_released"])

    @staticmethod
    def _prepare_blocker(order):
        return Blocker("approval", order, "The discount of 18 % is not approved.")

    def _get_status(self, token):
        return self.env["sale.order"]._find_printed_quotation(token)[1]
