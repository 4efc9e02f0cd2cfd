from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_duplicate_mode = fields.Selection(
        [("off", "Say Nothing"), ("warn", "Warn"), ("block", "Refuse to Save")],
        string="Duplicate Customers",
        default="off",
        required=True,
        help="What happens when a customer or lead is saved that somebody works with already: the same tax ID, "
        "telephone number, address of mail or name. The same domain of mail is only told.",
    )

    # === Switches === #

    def _after_switches_written(self, names):
        result = super()._after_switches_written(names)
        if not {"customer_duplicate_mode", "sales_customer_enabled"}.isdisjoint(names):
            # Customers that are there already become known by the scan, which takes its time.
            scan = self.env.ref("sales_management.ir_cron_scan_duplicates", raise_if_not_found=False)
            if scan:
                scan.sudo()._trigger()  # sudo: whoever may set it up need not be an administrator
        return result
