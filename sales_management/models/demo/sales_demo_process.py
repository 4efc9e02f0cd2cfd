import csv
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import file_open

from .process_plan import CHECKLIST_SIZE, STAGES
from .sales_demo import ADDON

KEY_ACCOUNT_FROM = 200_000  # yuan: what is much for this company
REPEATED = ("second batch", "annual contract")


class SalesDemo(models.AbstractModel):
    """The staged process of the demo company: the manufacturing template, and a year of living with it."""

    _inherit = "sales.demo"

    @api.model
    def _apply_template(self, company):
        """Take the template over, its names as well; the process is switched on when the year is told."""
        template = self.env.ref("sales_management.template_manufacturing")
        matches = template._prepare_matches()
        technical = {
            "user_ids": [Command.set(self._ref("user", "engineer").ids)],
            "manager_id": self._id("user", "manager"),
        }
        template._apply(
            company,
            matches,
            renamed=self.env["crm.stage"].union(*matches.values()),
            departments={"Technical Department": technical},
            is_enabling=False,
        )
        self._get_classes()["key"].amount_min = KEY_ACCOUNT_FROM
        begun = fields.Datetime.now() - timedelta(days=370)
        requirements = self._get_own("sales.stage.requirement")
        self._rewrite("sales.stage.requirement", {requirement: {"create_date": begun} for requirement in requirements})
        self._load_holidays()

    @api.model
    def _load_holidays(self):
        """The holidays of the last year that the addon brings, with the weekends that make up for them."""
        with file_open(f"{ADDON}/static/csv/calendar_exceptions_china_2026.csv", "r", filter_ext=(".csv",)) as table:
            header, *rows = csv.reader(table)
        self.env["sales.calendar.exception"].load([name.removeprefix("\ufeff") for name in header], rows)

    @api.model
    def _load_process(self, deals, tables, company):
        notes = defaultdict(list)
        for row in tables["notes"]:
            notes[row["kind"]].append(row["text"])
        classes = self._classify_deals(deals)
        self._load_stage_moves(deals, notes, classes)
        self._load_documents_of_deals(deals, notes, classes)
        self._load_checklists(deals, classes)
        self._load_words(deals, notes)
        self._load_tasks(deals, classes)
        self.env["sales.policy"].create(
            [{"code": code, "company_id": company.id, "level": "warn"} for code in ("lost_reason", "back_reason")]
        )
        self.env["sales.process.template"]._enable(company)
        self.env["crm.lead"]._fill_contacts(company.ids)

    @api.model
    def _get_own(self, model):
        return self.env[model].search([("company_id", "=", self.env.company.id)])

    @api.model
    def _get_classes(self):
        return {deal_class.code: deal_class for deal_class in self._get_own("sales.deal.class")}

    # === Classes === #

    @api.model
    def _classify_deals(self, deals):
        """:return: code of its class by deal"""
        classes, codes, columns = self._get_classes(), {}, {}
        for deal in deals:
            codes[deal.number] = self._get_class_code(deal)
            columns[deal.record] = {"deal_class_id": classes[codes[deal.number]].id, "is_deal_class_chosen": True}
        self._rewrite("crm.lead", columns)
        return codes

    @api.model
    def _get_class_code(self, deal):
        if deal.revenue >= KEY_ACCOUNT_FROM:
            return "key"
        if deal.revenue < 20_000:
            return "fast"
        return "repeat" if deal.name.split(" · ")[-1].startswith(REPEATED) else "standard"

    @api.model
    def _is_asked(self, line, code):
        """:return: whether a requirement or to-do is asked of deals of a class"""
        return not line.deal_class_ids or code in line.deal_class_ids.mapped("code")

    # === Moves === #

    @api.model
    def _load_stage_moves(self, deals, notes, classes):
        stages = self._find_stages()
        asked = self._get_own("sales.stage.requirement").grouped("stage_id")
        values = []
        for deal in deals:
            before, since = "lead", deal.created
            for position, (stage, moment) in enumerate(deal.moves):
                step = STAGES.index(stage) - STAGES.index(before)
                left_out = self.env["crm.stage"].union(*(stages[code] for code in self._get_between(before, stage)))
                unmet = self.env["sales.stage.requirement"].union(*(asked.get(each, ()) for each in left_out))
                warned = unmet.filtered(lambda one, deal=deal: self._is_asked(one, classes[deal.number]))
                values.append(
                    {
                        **self._prepare_fact_common_values(deal, moment),
                        "direction": "won" if stage == "won" else "forward" if step > 0 else "back",
                        "from_stage_id": stages[before].id,
                        "to_stage_id": stages[stage].id,
                        "skipped_count": len(left_out),
                        "seconds_in_stage": int((moment - since).total_seconds()),
                        "warned_requirement_ids": [Command.set(warned.ids)],
                        "warned_summary": "\n".join(warned.mapped("name")),
                        "reason": notes["back"][deal.story.reasons[position] % len(notes["back"])]
                        if step < 0
                        else False,
                    }
                )
                before, since = stage, moment
            if deal.outcome == "lost":
                stage = stages[deal.stage].id
                lost = {"direction": "lost", "from_stage_id": stage, "to_stage_id": stage}
                values.append({**self._prepare_fact_common_values(deal, deal.closed), **lost})
        self.env["sales.stage.move"]._add_facts(sorted(values, key=lambda move: move["moved_at"]))

    @api.model
    def _get_between(self, before, stage):
        return STAGES[STAGES.index(before) + 1 : STAGES.index(stage)]

    @api.model
    def _prepare_fact_common_values(self, deal, moment):
        return {
            "lead_id": deal.record.id,
            "moved_at": moment,
            "user_id": deal.record.user_id.id,
            "team_id": deal.record.team_id.id,
            "company_id": deal.record.company_id.id,
            "origin": "user",
        }

    # === What was gathered === #

    @api.model
    def _load_documents_of_deals(self, deals, notes, classes):
        types = {
            name: self.env.ref(f"sales_management.document_type_{name}") for name in ("call_summary", "signed_contract")
        }
        values = []
        for position, deal in enumerate(deals):
            moments = dict(deal.moves)
            if classes[deal.number] in ("repeat", "fast"):
                continue
            if deal.story.ticked >= CHECKLIST_SIZE // 2 and "requirements" in moments:
                text = notes["summary"][position % len(notes["summary"])]
                values.append(self._prepare_document_values(deal, types["call_summary"], moments["requirements"], text))
            if deal.stage == "won" and position % 9:
                text = f"Contract signed by both sides 双方签署合同 {deal.number.replace('D', 'HD-C')}"
                values.append(self._prepare_document_values(deal, types["signed_contract"], deal.closed, text))
        self.env["sales.deal.document"].create(values)

    @api.model
    def _prepare_document_values(self, deal, document_type, moment, text):
        return {
            "lead_id": deal.record.id,
            "type_id": document_type.id,
            "date": moment.date(),
            "text": text,
            "user_id": deal.record.user_id.id,
        }

    @api.model
    def _load_checklists(self, deals, classes):
        requirements = self._get_own("sales.stage.requirement").filtered(lambda one: one.kind == "checklist")
        values, moments = [], []
        for deal in deals:
            moment = next((moment for stage, moment in deal.moves if stage in STAGES[2:]), None)
            for requirement in requirements.filtered(lambda one, deal=deal: self._is_asked(one, classes[deal.number])):
                share = deal.story.ticked / CHECKLIST_SIZE
                for item in requirement.item_ids[: int(len(requirement.item_ids) * share)]:
                    line = {"lead_id": deal.record.id, "requirement_id": requirement.id, "item_id": item.id}
                    values.append({**line, "is_done": True})
                    moments.append((moment, deal.record.user_id.id))
        lines = self.env["sales.deal.checklist"].create(values)
        columns = {
            line: {"done_at": moment, "done_by_id": user_id}
            for line, (moment, user_id) in zip(lines, moments, strict=True)
        }
        self._rewrite("sales.deal.checklist", columns)

    @api.model
    def _load_words(self, deals, notes):
        """What customers said to proposals, what comes next, what holds deals up, and to whom they were lost."""
        heard, ahead, lost = {}, {}, {}
        for position, deal in enumerate(deals):
            proposed = dict(deal.moves).get("proposal") or (deal.closed or deal.created)
            if deal.story.is_heard:
                feedback = notes["feedback"][position % len(notes["feedback"])]
                heard[deal.record] = {"deal_feedback": feedback, "deal_feedback_at": self._after(proposed, hours=30)}
            if deal.outcome == "open" and position % 3:
                ahead[deal.record] = {
                    "deal_next_step": notes["next"][position % len(notes["next"])],
                    "deal_next_step_date": fields.Date.today() + timedelta(days=position % 9 - 2),
                    "deal_blocking_reason": None
                    if position % 4
                    else notes["blocked"][position % len(notes["blocked"])],
                }
            if deal.outcome == "lost" and deal.reason == "competitor":
                lost[deal.record] = {"lost_competitor": "Foshan Jinli Hardware 佛山金利五金"}
        for columns in (heard, ahead, lost):
            self._rewrite("crm.lead", columns)
