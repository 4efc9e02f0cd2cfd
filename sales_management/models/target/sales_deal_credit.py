from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Shares are percentages with so many digits.
DIGITS = (5, 2)
#: Where the cursor keeps, until the commit, the deals whose shares changed.
CHANGED = "sales_management.credit"


class SalesDealCredit(models.Model):
    """Who else gets credit for a deal: a share of what it brings. What is not given away is its salesperson's."""

    _name = "sales.deal.credit"
    _description = "Credit for a Deal"
    _order = "share desc, id"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('share', '=', False)]",
    )
    share = fields.Float(
        string="Share (%)",
        digits=DIGITS,
        required=True,
        help="The part of orders, invoices, payments and the win of this deal that counts for this person. What is "
        "left of 100 % counts for the salesperson of the document.",
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)

    _lead_user_uniq = models.UniqueIndex(
        "(lead_id, user_id)", "This person has a share of the deal already. Change it there."
    )
    _share_check = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share is more than 0 and at most 100 percent."
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        credits = super().create(vals_list)
        self.env.registry.clear_cache()
        return credits

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === Constraints === #

    @api.constrains("lead_id", "share")
    def _check_sum_later(self):
        """Check the sum when all shares are written: lines saved together pass through sums that nobody meant."""
        changed = self.env.cr.precommit.data.setdefault(CHANGED, set())
        if not changed:
            self.env.cr.precommit.add(self.browse()._check_sum)
        changed.update(self.lead_id.ids)

    def _check_sum(self):
        leads = self.env.cr.precommit.data.pop(CHANGED, set())
        rows = self.sudo()._read_group(  # sudo: shares that the writer may not read are shares as well
            [("lead_id", "in", list(leads))], ["lead_id"], ["share:sum"]
        )
        wrong = [(lead, total) for lead, total in rows if round(total, DIGITS[1]) > 100]
        if wrong:
            raise ValidationError(
                "\n".join(
                    self.env._(
                        "%(deal)s: the shares make %(total)s %%. Lower them so that they make at most 100 %%.",
                        deal=lead.display_name,
                        total=f"{total:g}",
                    )
                    for lead, total in wrong
                )
            )
