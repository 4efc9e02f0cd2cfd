from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .sales_customer_claim import LINKS


class SalesCustomerClaim(models.Model):
    """What a person may claim: so many a day, and not what they just lost."""

    _inherit = "sales.customer.claim"

    @api.model
    def _number_claims(self, records):
        """Count the claims of the user's day, of customers and leads together.

        :param records: customers or leads about to be claimed
        :return: day and number of the claim, by record
        :rtype: dict
        :raise UserError: when the claims of the day are used up
        """
        user = self.env.user
        zone = pytz.timezone(user.tz or "UTC")
        day = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        company = self.env["res.company"].sudo().browse(self.env["res.company"]._get_pool_companies()[1])
        most = user.sudo().sale_team_id.customer_pool_claims_per_day or company.customer_pool_claims_per_day
        # sudo: all claims of the person count, whatever rules hide.
        claims = self.sudo()
        [(last,)] = claims._read_group(
            [("user_id", "=", user.id), ("claim_day", "=", day), ("kind", "=", "claimed")],
            aggregates=["claim_number:max"],
        )
        last = last or 0
        if most and last + len(records) > most:
            raise UserError(
                self.env._(
                    "You may claim %(most)s customers and leads a day, and have claimed %(done)s today. Go on "
                    "tomorrow.",
                    most=most,
                    done=last,
                )
            )
        return {record: (day, last + number) for number, record in enumerate(records, start=1)}

    @api.model
    def _check_cooled_down(self, records):
        """
        :param records: customers or leads about to be claimed
        :raise UserError: when the user lost or gave up one of them lately
        """
        company = self.env["res.company"].sudo().browse(self.env["res.company"]._get_pool_companies()[1])
        days = company.customer_pool_cooldown_days
        if not days:
            return
        link = LINKS[records._name]
        # sudo: as above.
        lost = self.sudo().search_fetch(
            [
                (link, "in", records.ids),
                ("former_id", "=", self.env.uid),
                ("kind", "in", ("released", "recycled")),
                ("moment", ">", fields.Datetime.now() - timedelta(days=days)),
            ],
            [link, "moment"],
            limit=1,
        )
        if lost:
            until = fields.Datetime.context_timestamp(self, lost.moment + timedelta(days=days)).date()
            raise UserError(
                self.env._(
                    "%(customer)s was yours until lately. Others may claim it first; you can from %(date)s on.",
                    customer=lost[link].display_name,
                    date=format_date(self.env, until),
                )
            )
