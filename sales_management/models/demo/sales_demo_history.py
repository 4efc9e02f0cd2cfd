from collections import defaultdict
from datetime import timedelta
from random import Random

from odoo import api, fields, models
from odoo.fields import Command

from .plan import SEED, Calendar

ACTIVITY_TYPES = {
    "contact": "mail.mail_activity_data_call",
    "call": "mail.mail_activity_data_call",
    "meeting": "mail.mail_activity_data_meeting",
    "next": "mail.mail_activity_data_todo",
}
PAST_MEETINGS, COMING_MEETINGS = 24, 8


class SalesDemo(models.AbstractModel):
    _inherit = "sales.demo"

    @api.model
    def _load_history(self, deals, tables):
        """Write what was said and done on the deals, and what is planned."""
        notes = defaultdict(list)
        for row in tables["notes"]:
            notes[row["kind"]].append(row["text"])
        random = Random(SEED)
        calendar = Calendar(random, fields.Date.today())
        done = self._plan_talks(deals, notes, random, calendar)
        done += self._load_meetings(deals, notes, random, calendar)
        # In one go and in their order, since a chatter is sorted by creation.
        values = self._prepare_stage_moves(deals)
        values += self._prepare_mails(deals, notes, random, calendar)
        values += [self._prepare_done_values(*row) for row in done]
        values.sort(key=lambda message: message["date"])
        messages = self.env["mail.message"].create(values)
        columns = {
            value: {"create_date": message.date} for message in messages for value in message.sudo().tracking_value_ids
        }
        self._rewrite("mail.tracking.value", columns)
        self._load_done_activities(done)
        self._load_activities(deals, notes, random)

    # === Messages === #

    @api.model
    def _prepare_message_values(self, record, moment, author, body=""):
        return {
            "model": record._name,
            "res_id": record.id,
            "date": moment,
            "author_id": author.id,
            "email_from": author.email_formatted,
            "reply_to": author.email_formatted,  # else computed message by message
            "body": body,
        }

    @api.model
    def _prepare_stage_moves(self, deals):
        """Tell what moving the deals by hand would have left: the tracking that Odoo's time per stage is made of."""
        stages = self._find_stages()
        field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        subtypes = {name: self.env.ref("crm.mt_lead_won" if name == "won" else "crm.mt_lead_stage") for name in stages}
        values = []
        for deal in deals:
            before = stages["lead"]
            for name, moment in deal.moves:
                tracking = {
                    "field_id": field.id,
                    "old_value_integer": before.id,
                    "old_value_char": before.name,
                    "new_value_integer": stages[name].id,
                    "new_value_char": stages[name].name,
                }
                before = stages[name]
                values.append(
                    {
                        **self._prepare_message_values(deal.record, moment, deal.record.user_id.partner_id),
                        "subtype_id": subtypes[name].id,
                        "message_type": "notification",
                        "tracking_value_ids": [Command.create(tracking)],
                    }
                )
        return values

    @api.model
    def _prepare_mails(self, deals, notes, random, calendar):
        """:return: what customers wrote on the deals that came far enough"""
        subtype = self.env.ref("mail.mt_comment")
        values = []
        for deal in deals:
            if len(deal.moves) < 2:
                continue
            moment = calendar.between(deal.created, deal.moves[-1][1])
            message = self._prepare_message_values(
                deal.record, moment, deal.record.partner_id, random.choice(notes["mail"])
            )
            values.append({**message, "message_type": "email", "subtype_id": subtype.id})
        return values

    @api.model
    def _plan_talks(self, deals, notes, random, calendar):
        """First contacts, most within a day, and a call for each stage that a deal went through.

        :return: list of (deal, kind, moment, text)
        """
        done = []
        for deal in deals:
            last = deal.closed or (deal.moves[-1][1] if deal.moves else deal.created)
            contacted = self._after(deal.created, hours=random.choice((1, 2, 3, 20, 26, 50)))
            if deal.moves or random.random() < 0.6:
                done.append((deal, "contact", contacted, random.choice(notes["contact"])))
            texts = random.sample(notes["call"], min(len(deal.moves), len(notes["call"])))
            done += [(deal, "call", calendar.between(contacted, last), text) for text in texts]
        return done

    @api.model
    def _prepare_done_values(self, deal, kind, moment, text):
        return {
            **self._prepare_message_values(deal.record, moment, deal.record.user_id.partner_id, text),
            "message_type": "notification",
            "subtype_id": self.env.ref("mail.mt_activities").id,
            "mail_activity_type_id": self.env.ref(ACTIVITY_TYPES[kind]).id,
        }

    # === Activities === #

    @api.model
    def _prepare_activity_values(self, record, kind, deadline, summary, user=None):
        return {
            "res_model_id": self.env["ir.model"]._get_id(record._name),
            "res_id": record.id,
            "activity_type_id": self.env.ref(ACTIVITY_TYPES[kind]).id,
            "summary": summary,
            "date_deadline": deadline,
            "user_id": (user or record.user_id).id,
        }

    @api.model
    def _load_done_activities(self, done):
        activities = self.env["mail.activity"].create(
            [
                {**self._prepare_activity_values(deal.record, kind, moment.date(), text.split(".")[0]), "active": False}
                for deal, kind, moment, text in done
            ]
        )
        columns = {
            activity: {"date_done": moment.date(), "create_date": moment - timedelta(days=1)}
            for activity, (_deal, _kind, moment, _text) in zip(activities, done, strict=True)
        }
        self._rewrite("mail.activity", columns)

    @api.model
    def _load_activities(self, deals, notes, random):
        """Next steps: planned, overdue, and none at all on a quarter of the open deals."""
        today = fields.Date.today()
        values = []
        for deal in deals:
            if deal.outcome != "open" or random.random() < 0.25:
                continue
            deadline = today + timedelta(days=random.choice((-20, -9, -4, -1, 0, 1, 2, 4, 6, 9, 13)))
            kind = random.choice(("call", "next", "next"))
            values.append(self._prepare_activity_values(deal.record, kind, deadline, random.choice(notes["next"])))
        engineer = self._ref("user", "engineer")
        waiting = [order.record for deal in deals for order in deal.orders if order.confirmed and not order.shipped]
        for order, days in zip(waiting, (-3, -1, 1, 3, 6), strict=False):
            summary = "Confirm the production date 确认生产完成日期"
            values.append(self._prepare_activity_values(order, "next", today + timedelta(days=days), summary, engineer))
        finance = self._ref("user", "finance")
        for invoice, days in zip(self._find_overdue_invoices(today), (-6, -2, 0, 3), strict=False):
            deadline = today + timedelta(days=days)
            values.append(self._prepare_activity_values(invoice, "call", deadline, "Ask for the payment 催款", finance))
        self.env["mail.activity"].create(values)

    @api.model
    def _find_overdue_invoices(self, today):
        domain = [
            ("company_id", "=", self.env.company.id),
            ("move_type", "=", "out_invoice"),
            ("payment_state", "in", ["not_paid", "partial"]),
            ("state", "=", "posted"),
            ("invoice_date_due", "<", today - timedelta(days=20)),
        ]
        return self.env["account.move"].search(domain, limit=4, order="invoice_date_due, id")

    # === Meetings === #

    @api.model
    def _load_meetings(self, deals, notes, random, calendar):
        """:return: the meetings that took place, as list of (deal, kind, moment, text)"""
        moved = [deal for deal in deals if len(deal.moves) > 1]
        still_open = [deal for deal in deals if deal.outcome == "open" and deal.moves]
        past = [
            (deal, "meeting", calendar.between(deal.created, deal.moves[-1][1]), random.choice(notes["meeting"]))
            for deal in random.sample(moved, PAST_MEETINGS)
        ]
        Event = self.env["calendar.event"]
        events = Event.create([self._prepare_meeting_values(deal, moment, text) for deal, _kind, moment, text in past])
        for event, (deal, _kind, _moment, _text) in zip(events, past, strict=True):
            event.opportunity_id = deal.record  # afterwards: a meeting created with its deal is noted there as of now
        model_id = self.env["ir.model"]._get_id("crm.lead")
        for deal in random.sample(still_open, COMING_MEETINGS):
            start = calendar.future(random.randint(1, 16))
            # A meeting to come is a to-do on its deal, as it is when somebody plans it there.
            link = {"opportunity_id": deal.record.id, "res_model_id": model_id, "res_id": deal.record.id}
            Event.create({**self._prepare_meeting_values(deal, start, random.choice(notes["meeting"])), **link})
        return past

    @api.model
    def _prepare_meeting_values(self, deal, start, name):
        start = start.replace(minute=0, second=0, microsecond=0)
        return {
            "name": name,
            "start": start,
            "stop": start + timedelta(hours=2),
            "user_id": deal.record.user_id.id,
            "partner_ids": [Command.set((deal.record.user_id.partner_id | deal.record.partner_id).ids)],
        }
