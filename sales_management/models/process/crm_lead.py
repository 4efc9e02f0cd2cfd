from typing import NamedTuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from odoo.addons.sales_management.const import DEAL_SEQUENCE_CODE, MOVE_DEAL_TABLE
from odoo.addons.sales_management.tools.deal_number import (
    SEPARATOR,
    interpolate,
    join_numbers,
    split_numbers,
)

#: The number that an attempt drew, padded as ``ir.sequence`` pads: a counter that outgrows the size is not cut.
NUMBER = SQL(
    "wanted.prefix || lpad(attempt.counter, greatest(wanted.padding, length(attempt.counter)), '0') || wanted.suffix"
)


class DealSequence(NamedTuple):
    """What the numbers of a company are made of; cached, so that a new deal reads no sequence."""

    relation: str
    prefix: str
    suffix: str
    padding: int
    timezone: str


class CrmLead(models.Model):
    _inherit = "crm.lead"
    _rec_names_search = ["name", "deal_number", "former_deal_numbers"]

    deal_number = fields.Char(
        compute="_compute_deal_number",
        store=True,
        readonly=False,
        copy=False,
        index="trigram",
        help="Number of this deal on every document: quotations, deliveries and invoices carry it. It is given once, "
        "when the opportunity comes into being, and never changes.",
    )
    former_deal_numbers = fields.Char(
        readonly=True,
        copy=False,
        index="trigram",
        help="Numbers of the deals that were merged into this one. Searching for one of them finds this deal.",
    )

    # Also the way back from a deal to its invoices: without it, the ORM searches all invoices for each new deal.
    deal_invoice_ids = fields.Many2many(
        "account.move",
        relation=MOVE_DEAL_TABLE,
        column1="lead_id",
        column2="move_id",
        string="Deal Invoices",
        readonly=True,
        copy=False,
        help="Customer invoices and refunds of this deal.",
    )

    _deal_number_unique = models.UniqueIndex(
        "(deal_number) WHERE deal_number IS NOT NULL",
        "This deal number was just given to another deal. Save again to be given the next one.",
    )

    # === Computes === #

    # The company is not among the dependencies: a deal that changes hands keeps its number.
    @api.depends("type")
    def _compute_deal_number(self):
        """Give opportunities without a number theirs. A number once given stays, whatever becomes of the deal.

        Records that are not saved yet stay without: a form that is opened and left must not use numbers up.
        """
        unnumbered = self.filtered(lambda lead: lead.type == "opportunity" and lead.id and not lead.deal_number)
        for lead, number in unnumbered._draw_deal_numbers().items():
            lead.deal_number = number
        for lead in self - unnumbered:
            lead.deal_number = lead.deal_number or False

    @api.depends("deal_number")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        """Show the number beside the name where a deal is chosen from a list, and leave the name alone elsewhere."""
        result = super()._compute_display_name()
        if self.env.context.get("formatted_display_name"):
            for lead in self.filtered("deal_number"):
                # First, since what is too long for the list is cut at its end.
                lead.display_name = f"--{lead.deal_number}--\t{lead.display_name}"
        return result

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"deal_invoice_ids", "former_deal_numbers"}

    @api.model
    def _get_undefaulted_fields(self):
        return super()._get_undefaulted_fields() | {"deal_number"}

    def _prepare_document_write_values(self, vals):
        vals = super()._prepare_document_write_values(vals)
        if "deal_number" not in vals:
            return vals
        changed = self.filtered(lambda lead: (lead.deal_number or "") != self._clean_number(vals["deal_number"]))
        if changed:
            raise UserError(
                self.env._(
                    "A deal number never changes, since documents at the customer's carry it. "
                    "Leave it as it is on:\n%(deals)s",
                    deals="\n".join(f"- {lead.deal_number or '/'} · {lead.name}" for lead in changed),
                )
            )
        # An import that brings the number back as it stands updates the other columns.
        return {key: value for key, value in vals.items() if key != "deal_number"}

    @api.ondelete(at_uninstall=False)
    def _unlink_retire_deal_numbers(self):
        numbered = self.filtered("deal_number")
        if numbered:
            # sudo: nobody may write retired numbers by hand, and whoever may delete a deal retires its number.
            self.env["sales.deal.number"].sudo().create(
                [
                    {"name": lead.deal_number, "deal_name": lead.name, "company_id": lead.company_id.id}
                    for lead in numbered
                ]
            )

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        merged = self | opportunities
        numbers = [number for lead in merged for number in split_numbers(lead.former_deal_numbers)]
        # sudo: former numbers are no field that a user writes; the merge itself has checked the access.
        self.sudo().former_deal_numbers = join_numbers(numbers + opportunities.mapped("deal_number"))
        self._merge_invoices(opportunities)
        return result

    def _merge_invoices(self, opportunities):
        """Let invoices that name merged deals by hand name this one. Those of order lines follow their orders."""
        # sudo: an invoice follows its deal even where whoever merges may not see invoices.
        merged = opportunities.sudo()
        invoices = merged.deal_invoice_ids.filtered(lambda move: not move._get_invoiced_orders())
        invoices._forget_deals(invoices)
        invoices._set_deals({invoice: (invoice.deal_ids - merged) | self.sudo() for invoice in invoices})

    # === Numbers === #

    def _draw_deal_numbers(self):
        """Draw a new number for each of these leads, in the order of their creation, with one query for all of them.

        The sequence steps round numbers that an import brought and those of deals that are gone.

        :return: a number per lead
        :rtype: dict[crm.lead, str]
        :raise UserError: when there is no sequence to draw from
        """
        if not self:
            return {}
        leads = self.sorted("id")
        prefixes, suffixes, sequences = [], [], []
        for lead in leads:
            sequence = self._get_deal_sequence(lead.company_id.id)
            created = pytz.utc.localize(lead.create_date or self.env.cr.now())
            moment = created.astimezone(pytz.timezone(sequence.timezone))
            sequences.append(sequence)
            prefixes.append(interpolate(sequence.prefix, moment))
            suffixes.append(interpolate(sequence.suffix, moment))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT drawn.number
                  FROM unnest(%(relations)s, %(prefixes)s, %(suffixes)s, %(paddings)s)
                       WITH ORDINALITY AS wanted (relation, prefix, suffix, padding, position)
            CROSS JOIN LATERAL (
                       WITH RECURSIVE attempt (counter, count) AS (
                           SELECT nextval(wanted.relation::regclass)::text, 1
                        UNION ALL
                           SELECT nextval(wanted.relation::regclass)::text, attempt.count + 1
                             FROM attempt
                            WHERE EXISTS (SELECT FROM crm_lead WHERE deal_number = %(number)s)
                               OR EXISTS (SELECT FROM sales_deal_number WHERE name = %(number)s)
                       )
                       SELECT %(number)s FROM attempt ORDER BY attempt.count DESC LIMIT 1
                       ) AS drawn (number)
              ORDER BY wanted.position
                """,
                relations=[sequence.relation for sequence in sequences],
                prefixes=prefixes,
                suffixes=suffixes,
                paddings=[sequence.padding for sequence in sequences],
                number=NUMBER,
            )
        )
        return {lead: number for lead, (number,) in zip(leads, rows, strict=True)}

    @api.model
    @ormcache("company_id")
    def _get_deal_sequence(self, company_id):
        """:return: what the numbers of a company are made of: its own sequence, else the shared one
        :rtype: DealSequence
        :raise UserError: when there is neither
        """
        # sudo: whoever may create a deal may draw its number, without access to sequences or to the company's partner.
        sequence = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [("code", "=", DEAL_SEQUENCE_CODE), ("company_id", "in", [company_id, False])],
                order="company_id, id",
                limit=1,
            )
        )
        if not sequence:
            raise UserError(self.env["ir.sequence"]._get_last_deal_sequence_message())
        timezone = self.env["res.company"].sudo().browse(company_id).partner_id.tz  # sudo: as above
        return DealSequence(
            relation=f"ir_sequence_{sequence.id:03d}",
            prefix=sequence.prefix or "",
            suffix=sequence.suffix or "",
            padding=sequence.padding,
            timezone=timezone if timezone in pytz.all_timezones_set else "UTC",
        )

    # === Finding === #

    @api.model
    def _find_by_deal_numbers(self, numbers):
        """Find deals by their numbers, whoever asks: a number is no secret, the deal's content is.

        :param Iterable[str] numbers: current numbers, or former ones of deals that were merged
        :return: deal per number that was found, archived ones included
        :rtype: dict[str, crm.lead]
        """
        if not numbers:
            return {}
        self.flush_model(["deal_number", "former_deal_numbers"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT former.number, lead.id, FALSE AS is_current
                  FROM crm_lead lead
            CROSS JOIN LATERAL unnest(string_to_array(lead.former_deal_numbers, %(separator)s)) AS former (number)
                 WHERE lead.former_deal_numbers IS NOT NULL
                   AND former.number = ANY(%(numbers)s)
             UNION ALL
                SELECT deal_number, id, TRUE FROM crm_lead WHERE deal_number = ANY(%(numbers)s)
              ORDER BY is_current
                """,
                numbers=list(numbers),
                separator=SEPARATOR,
            )
        )
        # sudo: as said above; callers show the name or the number of what they find, or link it.
        leads = self.sudo().browse([lead_id for _number, lead_id, _is_current in rows])
        return {number: leads.browse(lead_id) for number, lead_id, _is_current in rows}
