from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list


class SalesCustomerCertificate(models.Model):
    """Whether a certificate is what it says: told by a register outside, or by a sales manager who looked."""

    _inherit = "sales.customer.certificate"

    # === Actions === #

    def action_verify(self):
        """Verify these: a register that is connected is asked first, and where none knows, a manager says so.

        :raise UserError: for what only a sales manager may verify
        """
        self.check_access("write")
        answers = self._verify_externally()
        unknown = self.filtered(lambda certificate: certificate not in answers)
        if unknown and not self.env.user.has_group("sales_team.group_sale_manager"):
            raise UserError(
                self.env._(
                    "No register tells whether %(certificates)s is what it says. Ask a sales manager to compare it "
                    "with the original and to verify it.",
                    certificates=format_list(self.env, unknown.mapped("display_name")),
                )
            )
        # sudo: nobody writes what was verified otherwise; the right was checked.
        for certificate, answer in answers.items():
            certificate.sudo().write(certificate._prepare_verification_values(answer.is_valid, answer.note))
        if unknown:
            unknown.sudo().write(self._prepare_verification_values(True))  # sudo: as above

    # === Hooks === #

    def _verify_externally(self):
        """Ask a register outside about these certificates.

        To override: ask your register by type (``type_id.code``), number, holder and dates, and add to ``super()``'s.
        Called without any lock when somebody presses *Verify*; raise a :class:`UserError` where the register cannot be
        reached, so that nothing is decided. Leave out what your register knows nothing of: a sales manager decides.

        :return: what the register says, of the certificates that it knows
        :rtype: dict[sales.customer.certificate, odoo.addons.sales_management.tools.certificate.Verification]
        """
        return {}

    # === Tools === #

    def _prepare_verification_values(self, is_valid=None, note=""):
        """
        :param bool | None is_valid: none where nobody says so any more
        """
        now = fields.Datetime.now()
        return {
            "verified_by_id": self.env.uid if is_valid else False,
            "verified_at": now if is_valid else False,
            "refused_at": now if is_valid is False else False,
            "verification_note": note or False,
        }
