from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_management.tools.handover_split import Rule, split_bundles

#: Customers without a successor that a refusal names.
SHOWN = 10


class SalesCustomerHandoverPlan(models.TransientModel):
    """Who is to get what of a person who leaves: shown first, changed by hand where wanted, then done at once."""

    _name = "sales.customer.handover.plan"
    _description = "Hand Over Customers"

    user_id = fields.Many2one(
        "res.users",
        string="From",
        required=True,
        context={"active_test": False},
        domain=[("share", "=", False)],
        help="Whoever leaves, or changes to another job. Open to-dos go along only as long as the user is not "
        "archived: that deletes them.",
    )
    successor_ids = fields.Many2many(
        "res.users",
        string="Successors",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        help="Who gets what no rule gives: evenly, by the number of records. A customer is never split.",
    )
    reason = fields.Char(help="Kept with the handover, and with each customer's change of owner.")
    rule_ids = fields.One2many("sales.customer.handover.rule", "plan_id", string="Rules")
    line_ids = fields.One2many("sales.customer.handover.share", "plan_id", string="Preview")
    is_previewed = fields.Boolean()
    summary = fields.Text(compute="_compute_summary", help="What each successor gets.")
    remains = fields.Text(string="Stays", readonly=True)

    # === Computes === #

    @api.depends("line_ids.successor_id", "line_ids.record_count")
    def _compute_summary(self):
        for plan in self:
            by_successor = plan.line_ids.grouped("successor_id")
            rows = [
                self.env._(
                    "%(user)s: %(customers)s customers, %(records)s records",
                    user=user.name or self.env._("Nobody yet"),
                    customers=len(lines.filtered("is_customer")),
                    records=sum(lines.mapped("record_count")),
                )
                for user, lines in sorted(by_successor.items(), key=lambda item: item[0].name or "")
            ]
            plan.summary = "\n".join(rows)

    @api.onchange("user_id", "successor_ids", "rule_ids")
    def _onchange_question(self):
        """What was shown answers another question."""
        self.is_previewed = False

    # === Actions === #

    def action_preview(self):
        """Show who would get what. Nothing is handed over.

        :return: action that shows it
        :rtype: dict
        :raise AccessError: for anybody but sales managers
        :raise UserError: naming all that is wrong at once
        """
        self.ensure_one()
        self.env["sales.customer.handover"]._check_handover_right()
        self._raise_problems(self._get_question_problems())
        sources = self.env["sales.handover"]._get_handover_sources(self.user_id, self._get_companies())
        bundles = self._get_bundles(sources)
        if not bundles:
            self._raise_problems([self._get_nothing_text()])
        split = self._split(bundles)
        self._raise_problems(self._get_company_problems(bundles, {key: user for key, (user, _rule) in split.items()}))
        self.line_ids.unlink()
        self.env["sales.customer.handover.share"].create(
            [self._prepare_share_values(bundle, *split[key]) for key, bundle in bundles.items()]
        )
        remains = self.env["sales.handover"]._get_handover_remains(self.user_id, self._get_companies())
        self.write({"is_previewed": True, "remains": "\n".join(remains)})
        return self._get_own_action()

    def action_hand_over(self):
        """Hand over as the preview says.

        :return: action that shows what was done
        :rtype: dict
        :raise AccessError: for anybody but sales managers
        :raise UserError: naming all that is wrong at once; then nothing is handed over
        """
        self.ensure_one()
        handovers = self.env["sales.customer.handover"]
        handovers._check_handover_right()
        if not self.line_ids:
            self._raise_problems([self.env._("Nothing is planned yet. Preview first.")])
        owners = {line.bundle: line.successor_id for line in self.line_ids}
        self._raise_problems(self._get_share_problems())
        handover = handovers._hand_over(self.user_id, owners, self._get_companies(), self.reason or "")
        return {
            "type": "ir.actions.act_window",
            "res_model": handover._name,
            "res_id": handover.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    @api.model
    def _get_open_action(self, user):
        """:return: action that asks to whom a person hands over"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over Customers"),
            "res_model": self._name,
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_user_id": user.id, "dialog_size": "extra-large"},
        }

    def _get_own_action(self):
        return {**self._get_open_action(self.user_id), "res_id": self.id}

    # === Splitting === #

    def _get_companies(self):
        return self.env.companies

    def _get_bundles(self, sources):
        """:return: by key: the records of each customer by source, and the customer or the record itself"""
        bundles = {}
        for source in sources:
            for record in source.records:
                key = self.env["sales.customer.handover"]._get_bundle_key(source, record)
                owner = source.customers.get(record) or record
                bundle = bundles.setdefault(key, {"key": key, "owner": owner, "records": {}})
                bundle["records"].setdefault(source.code, []).append(record)
        return bundles

    def _split(self, bundles):
        """:return: successor and rule of each bundle, by key
        :rtype: dict
        """
        rules = [Rule(rule.successor_id.id, rule._get_matching(bundles), rule.share) for rule in self.rule_ids.sorted()]
        weights = {key: sum(len(records) for records in bundle["records"].values()) for key, bundle in bundles.items()}
        split = split_bundles(weights, rules, self._get_successors().ids)
        users, numbered = self.env["res.users"].browse, self.rule_ids.sorted()
        return {
            key: (users(user_id), numbered[number] if number is not None else numbered.browse())
            for key, (user_id, number) in split.items()
        }

    def _get_successors(self):
        """:return: who gets what no rule gives: without anybody chosen for it, those of the rules"""
        return self.successor_ids or self.rule_ids.sorted().successor_id

    def _prepare_share_values(self, bundle, successor, rule):
        return {
            "plan_id": self.id,
            "bundle": bundle["key"],
            "name": bundle["owner"].display_name,
            "is_customer": bundle["owner"]._name == "res.partner",
            "successor_id": successor.id,
            "rule_id": rule.id,
            **self.env["sales.customer.handover.share"]._prepare_counts(
                {code: len(records) for code, records in bundle["records"].items()}
            ),
        }

    # === Checks === #

    def _raise_problems(self, problems):
        if problems:
            raise UserError("\n".join(problems))

    def _get_nothing_text(self):
        return self.env._(
            "%(user)s has no customers, open deals, quotations, orders or to-dos in %(companies)s to hand over.",
            user=self.user_id.name,
            companies=", ".join(self._get_companies().mapped("name")),
        )

    def _get_question_problems(self):
        """:return: what is wrong with who is to get something, in words"""
        # Who was archived meanwhile is to be named, and not left out silently.
        plan = self.with_context(active_test=False)
        successors = plan.successor_ids | plan.rule_ids.successor_id
        if not successors:
            return [self.env._("Choose at least one successor.")]
        return self._get_successor_problems(successors) + self.rule_ids._get_problems()

    def _get_successor_problems(self, successors):
        problems = []
        for user in successors.sudo():  # sudo: what they may do decides, whoever may read it
            name = user.name
            if user == self.user_id:
                problems.append(self.env._("%(user)s cannot be their own successor. Choose somebody else.", user=name))
            elif not user.active:
                problems.append(self.env._("%(user)s is archived. Choose somebody who works here.", user=name))
            elif user.share:
                problems.append(
                    self.env._("%(user)s is a portal user. Choose somebody from the company itself.", user=name)
                )
            elif not user.has_group("sales_team.group_sale_salesman"):
                problems.append(
                    self.env._(
                        "%(user)s has no rights in sales and would not see it. Give the rights in Settings, or choose "
                        "somebody else.",
                        user=name,
                    )
                )
            elif not user.company_ids & self._get_companies():
                problems.append(
                    self.env._(
                        "%(user)s has no access to %(companies)s. Give it in Settings, or choose somebody else.",
                        user=name,
                        companies=", ".join(self._get_companies().mapped("name")),
                    )
                )
        return problems

    def _get_company_problems(self, bundles, owners):
        """:return: who would get records of a company that they have no access to, in words"""
        missing = {}
        for key, bundle in bundles.items():
            user = owners.get(key, self.env["res.users"]).sudo()  # sudo: as above
            for record in (record for records in bundle["records"].values() for record in records):
                company = record["company_id"] if "company_id" in record._fields else self.env["res.company"]
                if company and user and company not in user.company_ids:
                    missing.setdefault((user, company), bundle["owner"].display_name)
        return [
            self.env._(
                "%(user)s has no access to %(company)s, which %(record)s belongs to. Give it in Settings, or choose "
                "somebody else by a rule or in the preview.",
                user=user.name,
                company=company.name,
                record=name,
            )
            for (user, company), name in missing.items()
        ]

    def _get_share_problems(self):
        """:return: what is wrong with the preview as it was changed by hand, in words"""
        problems = []
        if unowned := self.line_ids.filtered(lambda line: not line.successor_id):
            problems.append(
                self.env._(
                    "Nobody is chosen for:\n%(customers)s",
                    customers="\n".join(f"- {line.name}" for line in unowned[:SHOWN]),
                )
            )
        problems += self._get_successor_problems(self.line_ids.successor_id)
        if problems:
            return problems
        bundles = self._get_bundles(
            self.env["sales.handover"]._get_handover_sources(self.user_id, self._get_companies())
        )
        return self._get_company_problems(bundles, {line.bundle: line.successor_id for line in self.line_ids})
