from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

#: Fields of a deal that say whether and what it is asked.
LOOKED_AT = ("active", "company_id", "deal_class_id", "stage_id", "team_id", "type", "user_id")

#: What there is on deals, whoever may read it: what it is, deal, what tells it apart, number, moment. By the kinds of
#: requirements that count it, to-dos by none: what nobody asks for is not looked up.
MET = (
    (
        frozenset({"document"}),
        """SELECT 'document', lead_id, type_id, count(*), NULL::timestamp
             FROM sales_deal_document WHERE lead_id IN %s GROUP BY lead_id, type_id""",
    ),
    (
        frozenset({"activity"}),
        """SELECT 'activity', res_id, mail_activity_type_id, count(*), NULL::timestamp
             FROM mail_message WHERE model = 'crm.lead' AND res_id IN %s AND mail_activity_type_id IS NOT NULL
            GROUP BY res_id, mail_activity_type_id""",
    ),
    (
        frozenset({"order", "quotation"}),
        """SELECT state, opportunity_id, 0, count(*), NULL::timestamp
             FROM sale_order WHERE opportunity_id IN %s AND state IN ('sent', 'sale') GROUP BY opportunity_id, state""",
    ),
    (
        frozenset({"checklist"}),
        """SELECT what, lead_id, requirement_id, count(*), NULL::timestamp
             FROM (SELECT line.lead_id, line.requirement_id,
                          unnest(CASE WHEN line.item_id IS NULL AND line.is_done THEN ARRAY['own']
                                      WHEN line.item_id IS NULL THEN ARRAY['own', 'open']
                                      WHEN line.is_done AND item.active THEN ARRAY['ticked']
                                      ELSE ARRAY[]::text[] END) AS what
                     FROM sales_deal_checklist line
                     LEFT JOIN sales_stage_requirement_item item ON item.id = line.item_id
                    WHERE line.lead_id IN %s) lines
            GROUP BY what, lead_id, requirement_id""",
    ),
    (
        frozenset(),
        """SELECT 'task', lead_id, 0, count(*), min(due_at)
             FROM sales_deal_task WHERE lead_id IN %s AND state = 'open' GROUP BY lead_id""",
    ),
)


class CrmLead(models.Model):
    """How much a stage misses, and what is due: for a pipeline full of cards in one query, without any words."""

    _inherit = "crm.lead"

    stage_line = fields.Json(
        compute="_compute_stage_line",
        help="What a card shows: class of the deal, number of things that are missing, and when the next to-do is due.",
    )

    # === Computes === #

    # What depends on other records is read with the cards; the columns named here come along with those of the card.
    @api.depends(*LOOKED_AT)
    def _compute_stage_line(self):
        leads = self.filtered("id")
        leads._fetch_counted()
        deals = leads.filtered(lambda lead: lead.type == "opportunity")._filter_process_enabled()
        (self - deals).stage_line = False
        if not deals:
            return
        found = deals._look_up_met()
        counts = deals._count_unmet(found)
        labels = self.env["sales.deal.class"]._get_labels()
        alike = defaultdict(list)
        for lead in deals:
            alike[counts[lead.id], lead.deal_class_id.id, found["task"].get((lead.id, 0))].append(lead.id)
        for (missing, class_id, due), lead_ids in alike.items():
            name, color = labels.get(class_id, ("", 0))
            due = fields.Datetime.to_string(due) if due else False
            self.browse(lead_ids).stage_line = {"missing": missing, "class": name, "color": color, "due": due}

    # === Counting === #

    def _count_missing(self):
        """How many requirements of their stages deals do not meet: as many as :meth:`_get_stage_blockers` names.

        :return: number by id of the deal
        :rtype: dict[int, int]
        """
        deals = self.filtered(lambda lead: lead.type == "opportunity")._filter_process_enabled()
        return dict.fromkeys(self._ids, 0) | (deals._count_unmet(deals._look_up_met()) if deals else {})

    def _count_unmet(self, found):
        """Count as :meth:`_count_missing` does, with what was looked up of these deals, which the process holds for."""
        counts = dict.fromkeys(self._ids, 0)
        checks = self.env["sales.stage.requirement"]._get_checks()
        companies = self._get_process_company_ids()
        alike = defaultdict(list)
        for lead in self:
            alike[lead.stage_id.id, lead.team_id.id, lead.deal_class_id.id, companies[lead.id]].append(lead.id)
        # Deals that are alike in all this are asked the same.
        firsts = self.browse(lead_ids[0] for lead_ids in alike.values())
        same = {lead_ids[0]: lead_ids for lead_ids in alike.values()}
        asked = self._get_asked_ids({lead: lead._get_stages_to_pass(None) for lead in firsts})
        for requirement_id, first_ids in asked.items():
            if requirement_id in checks:
                deals = self.browse(lead_id for first_id in first_ids for lead_id in same[first_id])
                for lead_id in deals._get_missing_ids(requirement_id, checks[requirement_id], found):
                    counts[lead_id] += 1
        return counts

    def _get_missing_ids(self, requirement_id, check, found):
        """Deals that do not meet a requirement. To override: answer for a kind that can be told without its words.

        :param RequirementCheck check: what the requirement looks at
        :param dict found: what :meth:`_look_up_met` found
        :rtype: list[int]
        """
        if check.kind == "field":
            # sudo: a requirement looks at what the deal is, not at what its reader may see.
            return [lead.id for lead in self.sudo() if not lead._has_value(check.field_name)]
        if check.kind == "document":
            return self._get_below(found["document"], check.document_type_id, check.wanted)
        if check.kind == "activity":
            return self._get_below(found["activity"], check.activity_type_id or 0, check.wanted)
        if check.kind in ("quotation", "order"):
            return self._get_below(found[check.kind], 0, check.wanted)
        if check.kind == "checklist":
            return self._get_unticked_ids(requirement_id, check, found)
        # sudo: what a stage asks is the same for everybody.
        requirement = self.env["sales.stage.requirement"].sudo().browse(requirement_id)
        states = self._get_requirement_state(requirement)
        return [lead.id for lead in self if not states[lead].is_met]

    def _get_below(self, counts, key, wanted):
        return [lead_id for lead_id in self._ids if counts.get((lead_id, key), 0) < wanted]

    def _get_unticked_ids(self, requirement_id, check, found):
        unticked = []
        for lead_id in self._ids:
            ticked = found["ticked"].get((lead_id, requirement_id), 0)
            is_empty = not check.item_ids and not found["own"].get((lead_id, requirement_id))
            if is_empty or ticked < len(check.item_ids) or found["open"].get((lead_id, requirement_id)):
                unticked.append(lead_id)
        return unticked

    # === Looking up === #

    def _fetch_counted(self):
        """Read what a card looks at of its deal, and no more: the ORM would read all columns of them."""
        checks = self.env["sales.stage.requirement"]._get_checks().values()
        required = {check.field_name for check in checks if check.kind == "field"}
        names = {*LOOKED_AT, *(name for name in required if self._fields[name].store)}
        # To fetch what is there already would check the access to each deal again.
        if self._determine_fields_to_fetch(names, ignore_when_in_cache=True):
            self.fetch(names)

    def _look_up_met(self):
        """What there is on these deals of what requirements count, in one query.

        :return: by what it is; each by id of the deal and of what tells it apart, ``0`` where nothing does
        :rtype: dict[str, dict[tuple[int, int], object]]
        """
        for model in ("mail.message", "sale.order", "sales.deal.checklist", "sales.deal.document", "sales.deal.task"):
            self.env[model].flush_model()
        kinds = {check.kind for check in self.env["sales.stage.requirement"]._get_checks().values()}
        ids = tuple(self.ids)
        parts = [SQL("(%s)", SQL(part, ids)) for asking, part in MET if not asking or asking & kinds]
        found = defaultdict(dict)
        for what, lead_id, key, count, due in self.env.execute_query(SQL(" UNION ALL ").join(parts)):
            found[what][lead_id, key] = due or count
        found["order"] = found["sale"]
        found["quotation"] = self._sum_counts(found["sent"], found["sale"])
        if found["activity"]:
            own_ids = self._get_own_activity_type_ids()
            contacts = {key: count for key, count in found["activity"].items() if key[1] not in own_ids}
            for (lead_id, _type_id), count in contacts.items():
                found["activity"][lead_id, 0] = found["activity"].get((lead_id, 0), 0) + count
        return found

    @staticmethod
    def _sum_counts(*counts):
        """:return: the sums of what was counted, by what tells it apart
        :rtype: dict
        """
        total = Counter()
        for part in counts:
            total.update(part)
        return total
