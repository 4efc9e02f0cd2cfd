import ast
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import ormcache

from odoo.addons.sales_management.tools.approval_condition import get_needed_measures, is_asked

#: Conditions with a limit of their own, which a Boolean switches on.
LIMITS = ("amount_min", "discount_max", "margin_min", "line_margin_min", "payment_days_max", "validity_days_max")


class RuleScope(NamedTuple):
    """Which documents a rule asks for; cached, so that to decide it reads no rule."""

    id: int
    company_id: int
    team_ids: frozenset
    class_ids: frozenset
    active_from: object
    domain: str
    limits: dict


class SalesApprovalRule(models.Model):
    """Which rules apply to which documents."""

    _inherit = "sales.approval.rule"

    # === Asking === #

    @api.model
    def _get_matching_rules(self, documents, measures=None):
        """Rules that apply to documents today, those that warn and those that block.

        The number of queries does not grow with the documents; none is issued where approval is off. Only what a rule
        looks at is measured.

        :param documents: of one model
        :param dict | None measures: what was measured of them, none to measure now
        :return: rules per document, in their order
        :rtype: dict[record, sales.approval.rule]
        """
        matching = {id_: [] for id_ in documents._ids}
        enabled = self.env["res.company"]._get_enabled_company_ids("sales_approval_enabled")
        asked = documents.filtered(lambda document: document.company_id.id in enabled) if enabled else None
        scopes = self._get_scopes() if asked else ()
        if scopes:
            Policy = self.env["sales.policy"]
            today = {company.id: Policy._get_today(company.id) for company in asked.company_id}
            scopes = [scope for scope in scopes if scope.active_from <= max(today.values())]
            # Where it is already the day of every rule, no document is asked for its company once more.
            last = max((scope.active_from for scope in scopes), default=None)
            waiting = {
                document._ids[0]: today[document.company_id.id]
                for document in (asked if last and last > min(today.values()) else ())
            }
            for scope, found in self._match_scopes(scopes, asked, measures):
                for id_ in found._ids:
                    if id_ not in waiting or scope.active_from <= waiting[id_]:
                        matching[id_].append(scope.id)
        return {document: self.browse(matching[document._ids[0]]) for document in documents}

    @api.model
    def _get_needed_measures(self):
        """:return: names of what any active rule looks at
        :rtype: set[str]
        """
        return {name for scope in self._get_scopes() for name in get_needed_measures(scope.limits)}

    @api.model
    @ormcache()
    def _get_scopes(self):
        # sudo: what rules ask for is the same for everybody.
        rules = self.sudo().search([("active", "=", True), ("model_id.model", "=", "sale.order")])
        return tuple(rule._get_scope() for rule in rules)

    def _get_scope(self):
        """:rtype: RuleScope"""
        self.ensure_one()
        # Archived classes and teams count: a rule for such alone must not come to hold for all.
        every = self.with_context(active_test=False)
        limits = {name: self[name] for name in LIMITS if self[f"has_{name}"]}
        flags = ("below_floor_price", "is_customer_overdue", "is_before_promise", "has_changed_terms")
        limits |= {name: True for name in flags if self[name]}
        if self.category_ids:
            limits["category_ids"] = frozenset(self.category_ids.ids)
        return RuleScope(
            self.id,
            self.company_id.id,
            frozenset(every.team_ids.ids),
            frozenset(every.deal_class_ids.ids),
            self.active_from,
            self.domain or "",
            limits,
        )

    @api.model
    def _match_scopes(self, scopes, documents, measures=None):
        """Documents to which rules apply, whatever today is and whether approval is on.

        :param Iterable[RuleScope] scopes: the rules
        :param documents: of one model
        :param dict | None measures: what was measured of them, none to measure now
        :return: each rule and its documents
        :rtype: list[tuple[RuleScope, recordset]]
        """
        # sudo: a rule asks the same, whoever edits the document.
        documents = documents.sudo()
        asked = self._filter_scopes(scopes, documents)
        # Only what is looked at, of those that it is looked at of.
        needed = {name for scope, ids in asked if ids for name in get_needed_measures(scope.limits)}
        if needed:
            wanted = {id_ for scope, ids in asked if scope.limits for id_ in ids}
            measured = documents.filtered(lambda document: document._ids[0] in wanted)
            known = measures or {}
            if any(needed - known.get(document, {}).keys() for document in measured):
                measures = measured._get_measures(needed)
            by_id = {document._ids[0]: measures[document] for document in measured}
            asked = [
                (scope, [id_ for id_ in ids if is_asked(scope.limits, by_id[id_])] if scope.limits else ids)
                for scope, ids in asked
            ]
        return [(scope, documents.browse(ids)) for scope, ids in asked]

    @api.model
    def _filter_scopes(self, scopes, documents):
        """Documents in the companies, teams, deal classes and conditions of rules. Each is looked at once, and not once
        for each rule.

        :rtype: list[tuple[RuleScope, list[int]]]
        """
        parents = {company.id: frozenset((False, *company.parent_ids._ids)) for company in documents.company_id}
        has_classes = any(scope.class_ids for scope in scopes)
        places = [
            (
                document._ids[0],
                parents.get(document.company_id.id, {False}),
                document.team_id.id,
                has_classes and document.opportunity_id.deal_class_id.id,
            )
            for document in documents
        ]
        result = []
        for scope in scopes:
            ids = [
                id_
                for id_, company_ids, team_id, class_id in places
                if scope.company_id in company_ids
                and (not scope.team_ids or team_id in scope.team_ids)
                and (not scope.class_ids or class_id in scope.class_ids)
            ]
            domain = self._parse_domain(scope.domain, documents) if scope.domain and ids else None
            # One that this database no longer understands asks for everybody rather than for nobody.
            result.append(
                (scope, list(documents.browse(ids).filtered_domain(domain)._ids) if domain is not None else ids)
            )
        return result

    @api.model
    def _parse_domain(self, text, documents):
        """:return: the condition, none when it cannot be read or names a field that is gone
        :rtype: Domain | None
        """
        try:
            domain = Domain(ast.literal_eval(text or "[]"))
            domain.validate(documents)
        except (KeyError, SyntaxError, TypeError, ValueError):
            return None
        return domain
