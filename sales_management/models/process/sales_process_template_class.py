from odoo import fields, models


class SalesProcessTemplateClass(models.Model):
    _name = "sales.process.template.class"
    _inherit = ["sales.process.template.line"]
    _description = "Deal Class of a Process Template"

    template_id = fields.Many2one("sales.process.template", required=True, ondelete="cascade", index=True)
    code = fields.Char(required=True)
    color = fields.Integer()
    amount_min = fields.Float(string="From", help="In the currency of the company that the template is applied to.")
    amount_max = fields.Float(string="Below", help="In the currency of the company. Zero: without limit.")
    domain = fields.Char()
    is_repeat = fields.Boolean(string="Repeat Orders")
    applied_ids = fields.Many2many("sales.deal.class", relation="sales_process_template_class_rel", string="Became")

    def _apply_class(self, company):
        """:return: the class that this one is in a company: found by origin or code, else created
        :rtype: sales.deal.class
        """
        self.ensure_one()
        found = self._find_applied(company)[:1]
        if not found:
            # sudo: a class of all companies may be one of this one's, although another branch keeps it.
            domain = [("code", "=", self.code), ("company_id", "in", (False, company.id))]
            same_code = self.env["sales.deal.class"].sudo().with_context(active_test=False).search(domain)
            found = same_code.sorted(lambda known: not known.company_id)[:1].with_env(self.env)
            if found:
                self._link_applied(found)
        return found or self._create_applied(self._prepare_class_values(company))

    def _prepare_class_values(self, company):
        return {
            "company_id": company.id,
            "code": self.code,
            "sequence": self.sequence,
            "color": self.color,
            "amount_min": self.amount_min,
            "amount_max": self.amount_max,
            "domain": self.domain,
            "is_repeat": self.is_repeat,
        }
