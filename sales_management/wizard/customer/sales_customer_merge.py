from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: Core merges no more at once.
MOST_MERGED = 3
#: Documents that are counted, of the contact and of all contacts of its company.
COUNTED = {"deal_count": "crm_lead", "order_count": "sale_order", "invoice_count": "account_move"}


class SalesCustomerMerge(models.TransientModel):
    """Customers that may be one, beside each other: which to keep, and what merging them means."""

    _name = "sales.customer.merge"
    _description = "Compare Before Merging"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True, context={"active_test": False})
    line_ids = fields.One2many("sales.customer.merge.line", "wizard_id", string="Compared")
    dst_partner_id = fields.Many2one("res.partner", string="Keep", help="The others are merged into this one.")
    reason = fields.Char(readonly=True, help="Why this one is proposed.")
    warnings = fields.Text(compute="_compute_words")
    blockers = fields.Text(compute="_compute_words")

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._compare()
        return wizards

    # === Computes === #

    @api.depends("dst_partner_id", "line_ids.is_left_out")
    def _compute_words(self):
        for wizard in self:
            wizard.blockers = "\n".join(wizard._get_blockers()) or False
            wizard.warnings = "\n".join(wizard._get_warnings()) or False

    # === Actions === #

    def action_merge(self):
        """Open core's wizard with those that are merged and the one that is kept.

        :rtype: dict
        :raise UserError: when core would refuse it
        """
        self.ensure_one()
        if self.blockers:
            raise UserError(self.blockers)
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [Command.set(self._get_merged().ids)],
                "dst_partner_id": self.dst_partner_id.id,
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("base.action_partner_merge")
        return {**action, "res_id": wizard.id, "context": {"active_test": False}}

    def _get_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which One to Keep"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    # === Comparing === #

    def _compare(self):
        self.ensure_one()
        # What one may not see one does not merge.
        partners = self.with_context(active_test=False).partner_ids._filtered_access("read")
        counts = self._count_documents(partners)
        lines = self.env["sales.customer.merge.line"].create(
            [{"wizard_id": self.id, "partner_id": partner.id, **counts[partner.id]} for partner in partners]
        )
        ordered = lines.sorted(lambda line: line._get_rank(), reverse=True)
        ordered[MOST_MERGED:].is_left_out = True
        if ordered:
            self.dst_partner_id = ordered[0].partner_id
            self.reason = ordered[0]._get_reason(ordered[1:])

    @api.model
    def _count_documents(self, partners):
        """Deals, orders and posted invoices of these and of their contacts, in one query for each.

        Counted past the rules: the one to keep is the one with the most, whoever asks.

        :rtype: dict[int, dict]
        """
        counts = {partner.id: dict.fromkeys(COUNTED, 0) for partner in partners}
        conditions = {
            "deal_count": SQL("document.type = 'opportunity'"),
            "order_count": SQL("document.state = 'sale'"),
            "invoice_count": SQL("document.state = 'posted' AND document.move_type IN ('out_invoice', 'out_refund')"),
        }
        self.env.flush_all()
        for name, table in COUNTED.items():
            query = SQL(
                """
                SELECT kept.id, count(*)
                  FROM res_partner kept
                  JOIN res_partner member ON member.id = kept.id OR member.commercial_partner_id = kept.id
                  JOIN %(table)s document ON document.partner_id = member.id
                 WHERE kept.id = ANY(%(ids)s) AND %(condition)s
              GROUP BY kept.id
                """,
                table=SQL.identifier(table),
                ids=partners.ids,
                condition=conditions[name],
            )
            for partner_id, count in self.env.execute_query(query):
                counts[partner_id][name] = count
        return counts

    def _get_merged(self):
        return self.line_ids.filtered(lambda line: not line.is_left_out).partner_id

    # === Words === #

    def _get_blockers(self):
        """What core would refuse, all at once.

        :rtype: list[str]
        """
        merged, words = self._get_merged(), []
        if len(merged) < 2:
            words.append(self.env._("Compare at least two customers: what is left out is not merged."))
        if len(merged) > MOST_MERGED:
            words.append(self.env._("No more than three are merged at once. Leave some out, and merge again."))
        if self.dst_partner_id not in merged:
            words.append(self.env._("Choose the one to keep among those that are merged."))
        related = merged.filtered(lambda partner: partner._get_merge_parents() & merged)
        if related:
            words.append(
                self.env._(
                    "%(names)s: a contact is not merged with its own company.",
                    names=", ".join(related.mapped("display_name")),
                )
            )
        # sudo: how many users there are is asked, and nothing of them.
        if len(merged.sudo().with_context(active_test=False).user_ids) > 1:
            words.append(self.env._("More than one of them has a user, and a user belongs to one contact only."))
        if not self.env.is_admin() and len(set(merged.mapped("email"))) > 1:
            words.append(
                self.env._(
                    "They have different email addresses, so that only an administrator may merge them. Correct the "
                    "addresses first if they are one customer."
                )
            )
        return words

    def _get_warnings(self):
        """What merging them means.

        :rtype: list[str]
        """
        merged, kept = self._get_merged(), self.dst_partner_id
        others = merged - kept
        if not kept or not others:
            return []
        words = [
            self.env._(
                "%(others)s: deleted for good. Contacts, deals, orders, invoices and messages move to %(kept)s, and "
                "nobody can take them apart again.",
                others=", ".join(others.mapped("display_name")),
                kept=kept.display_name,
            )
        ]
        words += self._get_owner_warnings(merged, kept, others)
        vats = {partner.vat for partner in merged if partner.vat}
        if len(vats) > 1:
            words.append(
                self.env._(
                    "Their tax IDs differ (%(vats)s): they may be two companies. Invoices will show that of %(kept)s.",
                    vats=", ".join(sorted(vats)),
                    kept=kept.display_name,
                )
            )
        if len(merged.company_id) > 1:
            words.append(self.env._("They belong to different companies of yours."))
        return words

    def _get_owner_warnings(self, merged, kept, others):
        owners = merged.user_id
        if not owners or (len(owners) == 1 and kept.user_id):
            return []
        owner = kept.user_id or others.user_id[:1]
        names = sorted({partner.user_id.name or self.env._("nobody") for partner in merged})
        return [
            self.env._(
                "Their owners are %(owners)s: the customer will be with %(owner)s.",
                owners=", ".join(names),
                owner=owner.name,
            )
        ]
