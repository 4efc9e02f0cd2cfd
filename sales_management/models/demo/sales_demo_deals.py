from datetime import timedelta
from random import Random

from odoo import api, fields, models
from odoo.fields import Command

from .plan import SEED, Calendar

PROBABILITIES = {"lead": 10, "contact": 25, "requirements": 40, "proposal": 60, "negotiation": 80, "won": 100}


class SalesDemo(models.AbstractModel):
    _inherit = "sales.demo"

    # === Deals and leads === #

    @api.model
    def _load_deals(self, deals, tables):
        self._number_deals(deals)
        stages = self._find_stages()
        records = self.env["crm.lead"].create([self._prepare_deal_values(deal, stages) for deal in deals])
        for deal, record in zip(deals, records, strict=True):
            deal.record = record
        self._rewrite("crm.lead", {deal.record: self._prepare_deal_columns(deal) for deal in deals})
        self._load_leads(tables["leads"], stages["lead"])

    @api.model
    def _number_deals(self, deals):
        """Draw the numbers in the order of the deals' dates, so that each carries the year of its creation."""
        numbered = self.env["crm.lead"].with_context(active_test=False).search([("deal_number", "!=", False)])
        taken = set(numbered.mapped("deal_number"))
        for deal in deals:
            day = (deal.created + Calendar.ZONE).date()
            sequence = self.env["ir.sequence"].with_context(ir_sequence_date=fields.Date.to_string(day))
            deal.number = sequence.next_by_code("sales.deal")
            while deal.number in taken:
                deal.number = sequence.next_by_code("sales.deal")

    @api.model
    def _find_stages(self):
        """:return: what the stages of the template became, by code"""
        template = self.env.ref("sales_management.template_manufacturing")
        return {line.sales_code: line.applied_ids[:1] for line in template.stage_ids}

    @api.model
    def _prepare_deal_values(self, deal, stages):
        customer = self._ref("customer", deal.customer["key"])
        stage = stages[deal.stage]
        contact = customer.child_ids[:1]
        values = {
            "type": "opportunity",
            "name": deal.name,
            "deal_number": deal.number,
            "partner_id": (contact or customer).id,
            "company_id": self.env.company.id,
            "user_id": customer.user_id.id,
            "team_id": customer.user_id.sale_team_id.id,
            "stage_id": stage.id,
            "priority": deal.priority,
            "expected_revenue": deal.revenue,
            "tag_ids": [Command.set([self._id("tags", key) for key in deal.tags])],
            "source_id": self._id("sources", deal.source),
            "probability": PROBABILITIES[deal.stage],
            "date_deadline": (deal.closed or deal.created + timedelta(days=60)).date(),
        }
        if deal.outcome == "lost":
            values |= {"active": False, "probability": 0, "lost_reason_id": self._id("reasons", deal.reason)}
        return self._without_enrichment(values)

    @api.model
    def _without_enrichment(self, values):
        """Keep the optional lead enrichment, where it is installed, from sending invented addresses to its service."""
        if "iap_enrich_done" in self.env["crm.lead"]._fields:
            values["iap_enrich_done"] = True
        return values

    @api.model
    def _prepare_deal_columns(self, deal):
        opened = self._after(deal.created, hours=2)
        moved = deal.moves[-1][1] if deal.moves else deal.created
        author = deal.record.user_id.id
        return {
            "create_date": deal.created,
            "create_uid": author,
            "write_date": deal.closed or moved,
            "write_uid": author,
            "date_open": opened,
            "date_conversion": deal.created,
            "date_last_stage_update": moved,
            "date_closed": deal.closed,
            "automated_probability": deal.record.probability,
            "day_open": 0.0,
            "day_close": float((deal.closed - deal.created).days) if deal.closed else None,
        }

    @api.model
    def _load_leads(self, rows, stage):
        values = []
        for row in rows:
            user = self._ref("user", row["salesperson"]) or self.env["res.users"]
            lead = {
                "type": "lead",
                "name": row["name"],
                "partner_name": row["company"],
                "contact_name": row["contact"],
                "email_from": row["email"],
                "city": row["city"],
                "country_id": self.env.ref(f"base.{row['country'].lower()}").id,
                "company_id": self.env.company.id,
                "source_id": self._id("sources", row["source"]),
                "user_id": user.id,
                "team_id": user.sale_team_id.id,
                "stage_id": stage.id,
            }
            values.append(self._without_enrichment(lead))
        leads = self.env["crm.lead"].create(values)
        calendar = Calendar(Random(SEED), fields.Date.today())
        columns = {}
        for row, lead in zip(rows, leads, strict=True):
            created = calendar.past(int(row["age"]))
            columns[lead] = {
                "create_date": created,
                "write_date": created,
                "date_last_stage_update": created,
                "date_open": created + timedelta(hours=1) if lead.user_id else None,
            }
        self._rewrite("crm.lead", columns)
