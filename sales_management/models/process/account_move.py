from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.sales_management.const import MOVE_DEAL_TABLE
from odoo.addons.sales_management.tools.deal_number import join_numbers, split_numbers


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["sales.deal.number.mixin", "account.move"]
    _deal_number_field = "deal_numbers"

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
        self._forget_deals(move for move, _deals in taken)

    @api.depends("deal_ids.deal_number")
    def _compute_deal_numbers(self):
        by_hand = self.filtered(lambda move: not move._get_invoiced_orders())
        named = by_hand.filtered(lambda move: move.deal_numbers or move.deal_ids)
        self._forget_deals(named)
        for move in self - by_hand:
            # The orders are at hand where an invoice is made of them; its deals would be read anew.
            move.deal_numbers = join_numbers(move._get_invoiced_orders().mapped("deal_number"))
        for move in by_hand:
            move.deal_numbers = join_numbers(move.deal_ids.mapped("deal_number"))
        self._forget_deals(named)

    def _inverse_deal_ids(self):
        """Check deals that were chosen by hand.

        :raise ValidationError: naming every invoice whose deals cannot be chosen, or not these
        """
        self._forget_deals(self)
        # sudo: that an invoice has order lines decides, not whether the writer may read them.
        problems = [problem for move in self.sudo() for problem in move._get_deal_problems(move.deal_ids)]
        if problems:
            raise ValidationError("\n".join(problems))
        # Computed while all deals are in the cache, not those that the writer may read.
        self.sudo().mapped("deal_numbers")
        self._forget_deals(self)

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
        self._forget_deals(self)
        named = {}
        for move in self.sudo():  # sudo: finance names deals by their numbers and has no rights on them
            named[move] = move.env["crm.lead"].union(*(found[number] for number in typed[move] if number in found))
            # Deals that stand there already stay, whatever has become of them.
            known = move.deal_ids | move.reversed_entry_id.deal_ids
            problems += move._get_deal_problems(named[move], known)
        if problems:
            raise ValidationError("\n".join(problems))
        self._set_deals(named)
        for move, deals in named.items():
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

    @api.model
    def _set_deals(self, deals_by_move):
        """Set the deals of invoices that have no order lines, without asking whether they may be chosen.

        :param dict deals_by_move: deals per invoice, with all rights
        """
        moves = self.env["account.move"].sudo().union(*deals_by_move)  # sudo: callers checked, or a deal was merged
        commands = [(move, [Command.set(deals.ids)]) for move, deals in deals_by_move.items()]
        self._fields["deal_ids"].write_batch(commands)
        moves.modified(["deal_ids"])
        self._forget_deals(moves)

    @api.model
    def _forget_deals(self, moves):
        """Drop the deals of saved invoices from the cache.

        What a person reads there is only what their rules let through, and what ``sudo()`` reads is more than they may
        see; the cache holds one of them for both.
        """
        saved = self.browse(move.id for move in moves if move.id)
        saved.invalidate_recordset(["deal_ids"], flush=False)

    def _get_invoiced_orders(self):
        """:return: orders whose lines these customer invoices and refunds contain, down payments included"""
        customer_documents = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        return customer_documents.line_ids.sale_line_ids.order_id

    def _get_deal_problems(self, deals, known=()):
        """Say what speaks against these deals on this document.

        :param crm.lead deals: deals that are chosen
        :param crm.lead known: those of them that need no check, since they stand there already
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
            if deal not in known and deal.company_id and deal.company_id not in self.company_id.parent_ids
        ]

    def _get_deal_label(self):
        self.ensure_one()
        if self.name and self.name != "/":
            return self.name
        return self.env._("New document of %(partner)s", partner=self.partner_id.name or "")
