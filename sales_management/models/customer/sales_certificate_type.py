from odoo import api, fields, models
from odoo.tools import ormcache

from odoo.addons.sales_management.tools.certificate import CertificateNeed

LEVELS = [("off", "Off"), ("warn", "Warn"), ("block", "Block")]
#: Longest reach of a reminder.
MAX_DAYS = 730


class SalesCertificateType(models.Model):
    """A kind of paper that customers need before they may be sold some things, such as a licence for medicines."""

    _name = "sales.certificate.type"
    _inherit = ["sales.tracked.mixin"]
    _description = "Type of Certificate"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(copy=False, tracking=True, help="Short name for imports and integrations.")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        tracking=True,
        help="The company that asks for it, with its branches. Empty: all companies do.",
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "sales_certificate_type_product_rel",
        "type_id",
        "product_tmpl_id",
        string="Products",
        tracking=True,
        help="Products that only customers with this certificate may buy.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        "sales_certificate_type_categ_rel",
        "type_id",
        "categ_id",
        string="Product Categories",
        tracking=True,
        help="All products of these categories, and of those below them, need this certificate.",
    )
    sending_level = fields.Selection(
        LEVELS,
        string="When a Quotation Is Sent",
        default="off",
        required=True,
        tracking=True,
        help="What happens to a quotation whose customer lacks it. Warn says so on the quotation; block keeps it in "
        "the company.",
    )
    confirmation_level = fields.Selection(
        LEVELS,
        string="When It Becomes an Order",
        default="warn",
        required=True,
        tracking=True,
        help="What happens at the confirmation. What may not be sent does not become an order either.",
    )
    needs_verification = fields.Boolean(
        string="Counts Only Once Verified",
        tracking=True,
        help="A certificate of this type counts only after a sales manager, or a register that is connected, has "
        "verified it.",
    )
    reminder_days = fields.Integer(
        string="Remind Before Expiry",
        default=30,
        required=True,
        tracking=True,
        help="How many days before a certificate expires the owner of the customer is reminded.",
    )
    archive_days = fields.Integer(
        string="Archive After Expiry",
        default=90,
        required=True,
        tracking=True,
        help="How many days after its expiry a certificate moves to the archive. Its file stays there.",
    )
    guidance = fields.Text(
        translate=True, help="Shown to whoever is to get it: which authority issues it, what has to be on it."
    )
    active = fields.Boolean(default=True, tracking=True)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "There is a type of certificate with this code already. Choose another one.",
    )
    _days_check = models.Constraint(
        f"CHECK (reminder_days BETWEEN 0 AND {MAX_DAYS} AND archive_days >= 0)",
        "A reminder comes 0 to 730 days before the expiry, and the archive none or more days after it.",
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        self.env.registry.clear_cache()
        return types

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # === Needs === #

    @api.model
    def _get_needs(self):
        """What certificates are needed for, where any company uses customers: cached, so that to ask costs nothing.

        :rtype: tuple[CertificateNeed]
        """
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_customer_enabled")
        return self._get_all_needs() if enabled else ()

    @api.model
    @ormcache()
    def _get_all_needs(self):
        # sudo: what is needed holds for everybody, also for who may not see the type.
        types = self.sudo().with_context(active_test=False).search([("active", "=", True)])
        needs = (type_._prepare_need() for type_ in types)
        return tuple(need for need in needs if need.strictest != "off" and (need.template_ids or need.category_ids))

    def _prepare_need(self):
        self.ensure_one()
        return CertificateNeed(
            type_id=self.id,
            company_id=self.company_id.id or 0,
            template_ids=frozenset(self.product_tmpl_ids.ids),
            category_ids=frozenset(self.categ_ids.ids),
            sending=self.sending_level,
            confirmation=self.confirmation_level,
        )
