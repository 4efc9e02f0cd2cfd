from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain

#: What decides which one of several is the newest.
RENEWAL_FIELDS = frozenset({"partner_id", "type_id", "valid_to", "refused_at", "active"})


class SalesCustomerCertificate(models.Model):
    """Which certificates have been followed by a newer one: nobody needs to ask for that."""

    _inherit = "sales.customer.certificate"

    is_renewed = fields.Boolean(
        string="Renewed",
        readonly=True,
        copy=False,
        help="The customer has another one of the same type that is valid for longer.",
    )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        certificates = super().create(vals_list)
        certificates._get_siblings()._refresh_renewed()
        return certificates

    def write(self, vals):
        if RENEWAL_FIELDS.isdisjoint(vals):
            return super().write(vals)
        siblings = self._get_siblings()
        result = super().write(vals)
        (siblings | self._get_siblings())._refresh_renewed()
        return result

    def unlink(self):
        siblings = self._get_siblings() - self
        result = super().unlink()
        siblings._refresh_renewed()
        return result

    @api.model
    def _get_own_fields(self):
        return super()._get_own_fields() | {"is_renewed"}

    # === Renewal === #

    def _get_siblings(self):
        """:return: all of the same customers and types, archived ones too, with all rights"""
        # sudo: a newer one counts, whoever looks.
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("commercial_partner_id", "in", self.sudo().commercial_partner_id.ids)
                & Domain("type_id", "in", self.sudo().type_id.ids)
            )
        )

    def _refresh_renewed(self):
        """Find anew which of these, all of some customers and types, have been followed by a newer one."""
        last = {}
        for record in self.filtered(lambda record: record.active and not record.refused_at):
            # What never expires lasts longest.
            end = record.valid_to or date.max
            key = (record.commercial_partner_id, record.type_id)
            last[key] = max(last.get(key, end), end)
        renewed = self.filtered(
            lambda record: (
                record.valid_to
                and record.valid_to < last.get((record.commercial_partner_id, record.type_id), record.valid_to)
            )
        )
        for is_renewed, records in ((True, renewed), (False, self - renewed)):
            changed = records.filtered(lambda record, value=is_renewed: record.is_renewed != value)
            if changed:
                changed.write({"is_renewed": is_renewed})
        renewed._drop_reminders()
