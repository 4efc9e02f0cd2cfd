from odoo import models
from odoo.exceptions import UserError

#: What a file is, and who may read it. Its name may change.
KEPT = frozenset({"datas", "db_datas", "public", "raw", "res_field", "res_id", "res_model", "type", "url"})


class IrAttachment(models.Model):
    """Files of deal documents: they prove what a deal had, so that they are not exchanged under its documents."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if not self.env.su and not KEPT.isdisjoint(vals):
            self._check_deal_files()
        return super().write(vals)

    def _check_deal_files(self):
        # sudo: what it hangs on decides, and core checks who may write it.
        kept = self.sudo().filtered(lambda file: file.res_model == "sales.deal.document" and file.res_id)
        if kept:
            raise UserError(
                self.env._(
                    "Deals keep these files as they are. Add another version of the deal document instead:\n%(files)s",
                    files="\n".join(f"- {attachment.name}" for attachment in kept),
                )
            )
