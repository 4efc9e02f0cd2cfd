from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.sales_management.const import MOVE_DEAL_TABLE
from odoo.addons.sales_management.tools.deal_number import join_numbers, split_numbers


class AccountMove(models.Model):
    _inherit = "account.move"

    deal_ids = fields.Many2many(
        "crm.lead",
        relation=MOVE_DEAL_TABLE,
        column1="move_id",
        column2="lead_id",
        string="Deals",
        compute="_compute_deal_ids",
        inverse="_inverse_deal_ids",
        store=True,
        readonly=False,
        copy=False,
        # A lost deal is archived, and its invoices and refunds are still its own.
        context={"active_test": False},
        # Reading a many2many applies the reader's rights on deals. Finance has none of them and reads the numbers.
        groups="sales_team.group_sale_salesman",
        help="Deals whose order lines are invoiced here. On an invoice without order lines they are chosen by hand.",
    )
    deal_numbers = fields.Char(
        compute="_compute_deal_numbers",
        inverse="_inverse_deal_numbers",
        store=True,
        readonly=False,
        copy=False,
        index="trigram",
        help="Numbers of the deals that are invoiced here, taken from the order lines. On an invoice without order "
        "lines, such as an opening balance, type the number; several with a comma between them.",
    )

    # === Computes === #

    @api.depends("move_type", "line_ids.sale_line_ids.order_id.opportunity_id")
    def _compute_deal_ids(self):
        """Take the deals from the order lines that are invoiced; without any, keep those that were chosen by hand."""
        taken = []
        for move in self:
            orders = move._get_invoiced_orders()
            if orders:
                taken.append((move, [Command.set(orders.opportunity_id.ids)]))
            elif not move.id:
                # A saved invoice keeps what is stored without our reading it: most journal entries have no deal.
                move.deal_ids = move.deal_ids
        # One by one, each invoice of a batch would cost an INSERT.
        self._fields["deal_ids"].write_batch(taken)

    @api.depends("deal_ids.deal_number")
    def _compute_deal_numbers(self):
        for move in self:
            # The orders are at hand where an invoice is made of them; its deals would be read anew.
            documents = move._get_invoiced_orders() or move.deal_ids
            move.deal_numbers = join_numbers(documents.mapped("deal_number"))

    def _inverse_deal_ids(self):
        """Check deals that were chosen by hand.

        :raise ValidationError: naming every invoice whose deals cannot be chosen, or not these
        """
        # sudo: that an invoice has order lines decides, not whether the writer may read them.
        problems = [problem for move in self.sudo() for problem in move._get_deal_problems(move.deal_ids)]
        if problems:
            raise ValidationError("\n".join(problems))

    def _inverse_deal_numbers(self):
        """Find the deals of the numbers that were typed. A former number finds the deal that it was merged into.

        :raise ValidationError: naming every number that no deal has
        """
        typed = {move: split_numbers(move.deal_numbers) for move in self}
        found = self.env["crm.lead"]._find_by_deal_numbers({number for numbers in typed.values() for number in numbers})
        problems = [
            self.env._(
                "%(document)s: no deal has the number %(number)s. Check it against the opportunity.",
                document=move._get_deal_label(),
                number=number,
            )
            for move, numbers in typed.items()
            for number in numbers
            if number not in found
        ]
        if problems:
            raise ValidationError("\n".join(problems))
        for move, numbers in typed.items():
            deals = self.env["crm.lead"].union(*(found[number] for number in numbers))
            # sudo: finance names deals by their numbers and has no rights on them.
            if move.sudo().deal_ids != deals:
                move.sudo().deal_ids = deals
            # What was typed in another order, or by a former number, stands as it would be computed.
            move.deal_numbers = join_numbers(deals.mapped("deal_number"))

    # === Business methods === #

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Let the refund of an invoice whose deals were chosen by hand name the same deals."""
        default_values_list = default_values_list or [{} for _move in self]
        for move, default_values in zip(self, default_values_list, strict=True):
            if move.deal_numbers and not move.sudo()._get_invoiced_orders():  # sudo: as in _inverse_deal_ids
                default_values.setdefault("deal_numbers", move.deal_numbers)
        return super()._reverse_moves(default_values_list=default_values_list, cancel=cancel)

    # === Tools === #

    def _get_invoiced_orders(self):
        """:return: orders whose lines these customer invoices and refunds contain, down payments included"""
        customer_documents = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        return customer_documents.line_ids.sale_line_ids.order_id

    def _get_deal_problems(self, deals):
        """:return: what speaks against these deals on this document
        :rtype: list[str]
        """
        self.ensure_one()
        document = self._get_deal_label()
        orders = self._get_invoiced_orders()
        if orders:
            if deals == orders.opportunity_id:
                return []
            return [
                self.env._(
                    "%(document)s takes its deals from the orders %(orders)s. "
                    "Change the opportunity on the order instead.",
                    document=document,
                    orders=", ".join(orders.mapped("name")),
                )
            ]
        if deals and not self.is_sale_document(include_receipts=True):
            return [self.env._("%(document)s is no customer invoice or refund, so it has no deal.", document=document)]
        return [
            self.env._(
                "%(document)s belongs to %(company)s, and deal %(deal)s to %(deal_company)s. "
                "Choose a deal of %(company)s.",
                document=document,
                company=self.company_id.name,
                deal=deal.deal_number or deal.name,
                deal_company=deal.company_id.name,
            )
            for deal in deals
            if deal.company_id and deal.company_id not in self.company_id.parent_ids
        ]

    def _get_deal_label(self):
        self.ensure_one()
        if self.name and self.name != "/":
            return self.name
        return self.env._("New document of %(partner)s", partner=self.partner_id.name or "")
