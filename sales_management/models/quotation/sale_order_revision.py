from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain

#: Transactions in these states are money of the customer that is here, or on its way.
PAYMENT_STATES = ("pending", "authorized", "done")
#: What of the caller's context goes into the new record: nothing that could give it a value.
KEPT_CONTEXT = ("lang", "tz", "allowed_company_ids")


class SaleOrder(models.Model):
    """New revisions: the same paper once more, while the former is put aside in the same moment."""

    _inherit = "sale.order"

    before_revision = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="State that it had when it was replaced, and invoices that went with it.",
    )
    current_revision_id = fields.Many2one(
        "sale.order",
        string="Valid Revision",
        compute="_compute_current_revision_id",
        compute_sudo=True,
        groups="base.group_user",
        help="The revision of the same quotation that is valid now.",
    )
    revision_count = fields.Integer(
        string="Number of Revisions",
        compute="_compute_revision_count",
        compute_sudo=True,
        help="How many revisions this quotation has, those included that were replaced or discarded.",
    )
    can_revise = fields.Boolean(compute="_compute_can_revise", help="It can be replaced by a new revision.")

    _superseded_is_cancelled = models.Constraint(
        "CHECK (is_current_revision OR state = 'cancel')",
        "A revision that was replaced stays cancelled. Go on with the current one.",
    )

    # === Computes === #

    @api.depends("quotation_family_id", "is_current_revision")
    def _compute_current_revision_id(self):
        families = self.quotation_family_id
        domain = Domain("quotation_family_id", "in", families.ids) & Domain("is_current_revision", "=", True)
        currents = {order.quotation_family_id: order for order in self.search(domain)} if families else {}
        for order in self:
            current = currents.get(order.quotation_family_id, self.browse())
            order.current_revision_id = order if order.is_current_revision else current

    @api.depends("quotation_family_id")
    def _compute_revision_count(self):
        families = self.quotation_family_id
        domain = Domain("quotation_family_id", "in", families.ids)
        counts = dict(self._read_group(domain, ["quotation_family_id"], ["__count"])) if families else {}
        for order in self:
            order.revision_count = counts.get(order.quotation_family_id, 1)

    @api.depends("company_id", "state", "locked", "is_current_revision", "signed_on")
    def _compute_can_revise(self):
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        for order in self:
            is_open = order.state in ("draft", "sent") and not order.locked and not order.signed_on
            is_used = order.company_id.id in company_ids
            order.can_revise = bool(order._origin.id) and is_used and order.is_current_revision and is_open

    # === ORM === #

    @api.model
    def _get_computed_only_fields(self):
        return super()._get_computed_only_fields() | {"before_revision"}

    # === Actions === #

    def action_create_revision(self):
        """Replace this quotation by a new revision that says the same, and put it aside in the same moment.

        :return: action that opens the new revision
        :rtype: dict
        :raise UserError: when it is not the current revision, no quotation any more, signed, being paid or invoiced, or
            when somebody else revises it at this moment
        """
        self.ensure_one()
        self._check_revision_right()
        self._lock_revision()
        self._check_revisable()
        return self._create_revision()._get_revision_action()

    @api.readonly
    def action_view_revisions(self):
        """Open the list of all revisions of this quotation, those included that were replaced or discarded.

        :rtype: dict
        """
        self.ensure_one()
        family = self.quotation_family_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revisions of %(quotation)s", quotation=family.name or self.name),
            "res_model": "sale.order",
            "view_mode": "list,kanban,form",
            "views": [
                (self.env.ref("sales_management.sale_order_revision_view_list").id, "list"),
                (False, "kanban"),
                (False, "form"),
            ],
            "domain": [("quotation_family_id", "=", family.id)] if family else [("id", "=", self.id)],
        }

    def _get_revision_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === Checks === #

    def _check_revision_right(self):
        """Refuse who may not write these and create others, and companies that do not use revisions."""
        self.check_access("write")
        self.browse().check_access("create")
        self._check_quotation_enabled()

    def _check_quotation_enabled(self):
        company_ids = self.env["res.company"]._get_enabled_company_ids("sales_quotation_enabled")
        for order in self:
            if order.company_id.id not in company_ids:
                raise UserError(
                    self.env._(
                        "%(company)s does not use revisions. Switch Safe Quotations on in its settings first.",
                        company=order.company_id.name,
                    )
                )

    def _lock_revision(self):
        """Let nobody else revise these quotations until this transaction ends.

        :raise UserError: when somebody does at this moment
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is changing %(quotations)s at this moment. Load the page again and look at what "
                    "they did.",
                    quotations=", ".join(self.mapped("name")),
                )
            ) from error

    def _check_revisable(self):
        self._check_not_superseded()
        reason = self._get_revision_refusal()
        if reason:
            raise UserError(reason)

    def _get_revision_refusal(self):
        """:return: why this quotation cannot be revised, nothing when it can"""
        name = self.name
        if self.state not in ("draft", "sent"):
            return self.env._(
                "%(quotation)s is no open quotation any more, so it cannot be revised. Duplicate it to quote anew.",
                quotation=name,
            )
        if self.locked:
            return self.env._("%(quotation)s is locked. Unlock it before you revise it.", quotation=name)
        return self._get_commitment(name)

    def _get_commitment(self, name):
        """:return: what the customer has done that a new revision would take away, nothing when there is nothing"""
        # sudo: salespeople may not read payments, and must not revise what is being paid.
        order = self.sudo()
        if order.signature or order.signed_on:
            return self.env._(
                "%(quotation)s is signed by %(name)s. Confirm it, or cancel it and duplicate it.",
                quotation=name,
                name=order.signed_by or "–",
            )
        if order.transaction_ids.filtered(lambda transaction: transaction.state in PAYMENT_STATES):
            return self.env._(
                "A payment of %(quotation)s is under way. Wait until it is done or has failed.", quotation=name
            )
        posted = order.invoice_ids.filtered(lambda invoice: invoice.state == "posted")
        if posted:
            return self.env._(
                "%(quotation)s was invoiced: %(invoices)s. Reverse that before you revise it.",
                quotation=name,
                invoices=", ".join(posted.mapped("name")),
            )
        return None

    # === Creation === #

    def _create_revision(self):
        """:return: the new revision of this quotation, which is cancelled by then"""
        # The caller's context gives no values.
        self = self.with_context(self._get_revision_context())  # pylint: disable=context-overridden
        # sudo: the fields of revisions are nobody's to write, and the copy is of all content, seen by the user or not.
        former = self.sudo()
        family = former.quotation_family_id or former._create_family()
        values = former._prepare_revision_values(family)
        self._put_aside(family)
        revision = former.create(values)
        former.superseded_by_id = revision
        former._link_revised_lines(revision)
        former._copy_attachments(revision)
        former._copy_followers(revision)
        former._log_revision(revision)
        revision = self.browse(revision.id)
        revision._after_revision_created(self)
        former._move_activities(revision)
        return revision

    def _get_revision_context(self):
        return {key: self.env.context[key] for key in KEPT_CONTEXT if key in self.env.context}

    def _create_family(self):
        return self.env["sales.quotation.family"].create({"name": self.name, "company_id": self.company_id.id})

    def _prepare_revision_values(self, family):
        # Discarded revisions keep their numbers.
        last = max([*family.order_ids.mapped("quotation_revision"), self.quotation_revision or 1])
        (values,) = self.copy_data(
            {
                "name": f"{family.name}-R{last + 1}",
                "quotation_revision": last + 1,
                "quotation_family_id": family.id,
                "is_current_revision": True,
                "state": "draft",
                "locked": False,
                "validity_date": self.validity_date,
                "commitment_date": self.commitment_date,
                "client_order_ref": self.client_order_ref,
                "pending_email_template_id": False,
            }
        )
        lines = self._get_copiable_order_lines()
        values["order_line"] = [
            Command.create({**command[2], **line._prepare_revised_line_values()})
            for line, command in zip(lines, values["order_line"], strict=True)
        ]
        return values

    def _put_aside(self, family):
        """Archive this quotation as it is, cancel it as core does, and remember how it was."""
        # sudo: as in _create_revision().
        former = self.sudo()
        invoices = former.invoice_ids.filtered(lambda invoice: invoice.state == "draft")
        state = self.state
        self._archive("replaced")
        self._action_cancel()
        cancelled = invoices.filtered(lambda invoice: invoice.state == "cancel")
        former.write(
            {
                "quotation_family_id": family.id,
                "is_current_revision": False,
                "before_revision": {"state": state, "invoice_ids": cancelled.ids},
            }
        )
        # The index allows one current revision: the old one makes room before the new one comes.
        former.flush_recordset()

    def _link_revised_lines(self, revision):
        """Let lines of the new revision hang on each other as those of this one do."""
        twins = dict(zip(self._get_copiable_order_lines(), revision.order_line.sorted("id"), strict=True))
        for line, twin in twins.items():
            if line.linked_line_id in twins and twin.linked_line_id != twins[line.linked_line_id]:
                twin.linked_line_id = twins[line.linked_line_id]

    def _copy_attachments(self, revision):
        """Take along the files that people put there; those of messages left with them, or are old copies of it."""
        attachments = self.env["ir.attachment"].search(
            Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id) & Domain("res_field", "=", False)
        )
        if not attachments:
            return
        messages = self.env["mail.message"].search([("attachment_ids", "in", attachments.ids)])
        for attachment in attachments - messages.attachment_ids:
            attachment.copy({"res_id": revision.id})

    def _copy_followers(self, revision):
        """Whoever follows the old one, customers among them, follows the new one, and the same kinds of messages."""
        for subtypes, followers in self.message_follower_ids.grouped("subtype_ids").items():
            missing = followers.partner_id - revision.message_partner_ids
            if missing:
                revision.message_subscribe(missing.ids, subtypes.ids)

    def _log_revision(self, revision):
        self._message_log(body=self.env._("Replaced by %(revision)s.", revision=revision._get_html_link()))
        revision._message_log(body=self.env._("Revision of %(former)s.", former=self._get_html_link()))

    def _move_activities(self, target):
        """What people planned goes on where the quotation goes on."""
        # sudo: activities of colleagues go along as well.
        activities = self.env["mail.activity"].sudo()
        domain = Domain("res_model", "=", self._name) & Domain("res_id", "=", self.id) & Domain("automated", "=", False)
        activities.search(domain).write({"res_id": target.id})
        (self | target).invalidate_recordset(["activity_ids"])
