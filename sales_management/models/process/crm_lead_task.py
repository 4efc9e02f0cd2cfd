from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Domain

from .sales_deal_task_opening import WantedTask

#: Origins of moves that open to-dos. Imports and merges start no clock, for what they bring was there before.
OPENING = frozenset({"user", "system", "team", "stage_setting"})
#: Directions of moves that come to a stage for the first time, or to do its work again.
ONWARD = frozenset({"forward", "won"})
#: Fields of a deal that say whose it is.
PEOPLE = frozenset({"user_id", "team_id"})


class CrmLead(models.Model):
    """The to-dos of a deal: what opens them, what completes them, and how they follow it."""

    _inherit = "crm.lead"

    deal_task_ids = fields.One2many("sales.deal.task", "lead_id", string="Deal To-Dos", readonly=True)
    deal_task_next_due = fields.Datetime(
        string="Next Due", compute="_compute_deal_task_next", help="When the next open to-do of this deal is due."
    )
    deal_task_next_name = fields.Char(
        string="Next To-Do", compute="_compute_deal_task_next", help="The open to-do of this deal that is due next."
    )
    deal_task_next_user_id = fields.Many2one(
        "res.users",
        string="Next To-Do Of",
        compute="_compute_deal_task_next",
        help="Who is responsible for the open to-do that is due next.",
    )
    deal_task_open_count = fields.Integer(string="Open To-Dos", compute="_compute_deal_task_next")
    deal_task_state = fields.Selection(
        [("late", "Late"), ("today", "Due Within a Day"), ("planned", "Due Later")],
        string="State of To-Dos",
        compute="_compute_deal_task_next",
        help="Of the open to-do that is due next: whether it is late, due within 24 hours, or due later.",
    )

    # === Computes === #

    @api.depends("deal_task_ids.state", "deal_task_ids.due_at", "deal_task_ids.user_id", "deal_task_ids.name")
    def _compute_deal_task_next(self):
        now = fields.Datetime.now()
        by_lead = {}
        if self._filter_process_enabled():
            # Of a deal that one may see, one may see until when what is owed on it.
            for task in self.env["sales.deal.task"]._search_open([("lead_id", "in", self.ids)]):
                by_lead.setdefault(task.lead_id.id, []).append(task)
        for lead in self:
            tasks = by_lead.get(lead._origin.id, ())
            first = min(tasks, key=lambda task: (task.due_at, task.id), default=self.env["sales.deal.task"])
            lead.deal_task_open_count = len(tasks)
            lead.deal_task_next_due = first.due_at
            lead.deal_task_next_name = first._get_label() if first else False
            lead.deal_task_next_user_id = first.user_id
            lead.deal_task_state = first._get_urgency(now) if first else False

    # === ORM === #

    @contextmanager
    def _around_document_write(self, vals):
        with super()._around_document_write(vals):
            deals = self.browse() if PEOPLE.isdisjoint(vals) else self._filter_process_enabled()
            before = deals._get_task_people()
            yield
            changed = deals.filtered(lambda lead: lead._get_task_people()[lead] != before[lead])
            if changed:
                changed._reassign_tasks(before)

    @api.ondelete(at_uninstall=False)
    def _unlink_deal_tasks(self):
        """Their activities go first: an activity of an open to-do comes back."""
        if self.env["res.company"]._get_enabled_company_ids("sales_process_enabled"):
            self.env["sales.deal.task"]._search_open([("lead_id", "in", self.ids)])._cancel()

    def _merge_dependences(self, opportunities):
        """Take the to-dos over before core takes over the activities that mirror them."""
        # sudo: a merge takes over what it may not read.
        opportunities.sudo().deal_task_ids._move_to_deal(self)
        return super()._merge_dependences(opportunities)

    # === Completing === #

    def _close_tasks_when(self, code):
        """Complete the open to-dos of these deals that ask for what has just come about."""
        result = super()._close_tasks_when(code)
        deals = self._filter_process_enabled()
        if deals:
            domain = Domain("lead_id", "in", deals.ids) & Domain("done_when", "=", code)
            self.env["sales.deal.task"]._search_open(domain)._settle()
        return result

    def _filter_task_met(self, done_when, since):
        """Those of these deals on which a to-do would ask for what is there already.

        To override: answer for your code, and leave the others to ``super()``.

        :param str done_when: one of ``done_when`` of ``sales.stage.task``
        :param dict[crm.lead, datetime] since: from when on it counts, for deals where that is not all along
        :rtype: crm.lead
        """
        # sudo: what is there, is there for everybody.
        leads = self.sudo()
        if done_when == "contact":
            found = leads.filtered(
                lambda lead: (
                    lead.last_contact_at >= since[lead]
                    if lead.last_contact_at and lead in since
                    else lead.first_response_at and lead not in since
                )
            )
        elif done_when == "feedback":
            found = leads.filtered(
                lambda lead: (
                    lead.deal_feedback
                    and (lead not in since or (lead.deal_feedback_at and lead.deal_feedback_at >= since[lead]))
                )
            )
        elif done_when == "next_step":
            found = leads.filtered("deal_next_step") | leads._filter_planned()
        else:
            found = leads.browse()
        return found.with_env(self.env)

    def _filter_planned(self):
        """Those of these deals on which somebody planned an activity; what opens by itself is no plan."""
        domain = (
            Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids) & Domain("automated", "=", False)
        )
        rows = self.env["mail.activity"].sudo()._read_group(domain, ["res_id"])  # sudo: whoever planned it
        return self & self.browse(res_id for (res_id,) in rows)

    # === Following === #

    def _get_task_people(self):
        return {lead: lead.user_id | lead.team_id.user_id for lead in self}

    def _reassign_tasks(self, before):
        """Hand the to-dos that came to a person as salesperson or leader of these deals on to who that is now."""
        tasks = self.env["sales.deal.task"]._search_open([("lead_id", "in", self.ids)])
        tasks.filtered(lambda task: not task.user_id or task.user_id in before[task.lead_id])._reassign()

    def _after_stage_moves(self, moves):
        result = super()._after_stage_moves(moves)
        deals = self._filter_process_enabled()
        moves = moves.filtered(lambda move: move.lead_id in deals and move.direction != "enter")
        if moves:
            corrections = moves.filtered(lambda move: move.direction == "correction")
            corrections._take_tasks_back()
            moves -= corrections
            moves._follow_with_tasks()
            deals._open_tasks_after(moves)
        return result

    def _after_deal_start(self, origin):
        result = super()._after_deal_start(origin)
        deals = self._filter_process_enabled()
        if deals and origin in OPENING and not self._is_importing():
            deals.filtered(lambda lead: lead.won_status != "lost")._open_stage_tasks()
        return result

    # === Opening === #

    def _open_tasks_after(self, moves):
        """Open what the stages ask that deals have come to, by the last of their moves."""
        last = {move.lead_id: move for move in moves}
        entered = {
            lead: move
            for lead, move in last.items()
            if move.origin in OPENING
            and (move.direction == "reopen" or (move.direction != "lost" and move.from_stage_id != move.to_stage_id))
        }
        if not entered or self._is_importing():
            return
        for again in (True, False):
            leads = self.browse(lead.id for lead, move in entered.items() if (move.direction in ONWARD) == again)
            leads._open_stage_tasks(entered, again)

    def _open_stage_tasks(self, moves=None, again=True):
        """Open what their stages ask of these deals.

        :param dict[crm.lead, sales.stage.move] | None moves: moves that open it
        :param bool again: whether what was done once on a deal is asked anew
        """
        now = fields.Datetime.now()
        wanted = self._get_wanted_tasks("stage", dict.fromkeys(self, now), moves)
        for start in ("hand_over", "delivery"):
            asked = self.filtered(lambda lead, start=start: lead._get_task_scopes(start))
            wanted += asked._get_wanted_tasks(start, asked._get_clock_starts(start, now), moves)
        self.env["sales.deal.task"]._open(wanted, again)

    def _open_tasks_from(self, start, again=True):
        """Open what counts from something that has just happened to these deals, in the stage where they are.

        :param str start: ``hand_over`` or ``delivery``
        """
        deals = self._filter_process_enabled().filtered(
            lambda lead: lead.won_status != "lost" and lead._get_task_scopes(start)
        )
        if deals and not self._is_importing():
            starts = deals._get_clock_starts(start, fields.Datetime.now())
            self.env["sales.deal.task"]._open(deals._get_wanted_tasks(start, starts), again)

    def _get_wanted_tasks(self, start, started_at, moves=None):
        # sudo: what a stage opens is the same for everybody.
        templates = self.env["sales.stage.task"].sudo()
        wanted = {lead: lead._get_task_scopes(start) for lead in self if started_at.get(lead)}
        templates = templates.browse({scope.id for scopes in wanted.values() for scope in scopes})
        by_id = {template.id: template for template in templates}
        return [
            WantedTask(lead, by_id[scope.id], started_at[lead], (moves or {}).get(lead))
            for lead, scopes in wanted.items()
            for scope in scopes
        ]

    def _get_task_scopes(self, start):
        """Templates that open a to-do for this deal, in the stage where it is.

        :rtype: list[TaskScope]
        """
        self.ensure_one()
        scopes = self.env["sales.stage.task"]._get_scopes().get(self.stage_id.id, ())
        return [
            scope
            for scope in scopes
            if scope.start == start
            and (not scope.company_id or scope.company_id == self._get_process_company().id)
            and (not scope.class_ids or self.deal_class_id.id in scope.class_ids)
            and (not scope.team_ids or self.team_id.id in scope.team_ids)
        ]

    def _get_clock_starts(self, start, now):
        """When the clock started that counts from something else than a stage.

        :param str start: ``hand_over`` or ``delivery``
        :param datetime now: where it happened and nobody knows when
        :return: moment by deal, without those where it has not happened
        :rtype: dict[crm.lead, datetime]
        """
        if not self:
            return {}
        if start == "hand_over":
            moments = self.env["sale.order"]._get_hand_over_moments(self, now)
        else:
            moments = self.env["stock.picking"]._get_delivery_moments(self, now)
        return {lead: moments[lead.id] for lead in self if lead.id in moments}
