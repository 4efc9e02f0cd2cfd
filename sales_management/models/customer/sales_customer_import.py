from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [("customer", "Customers"), ("contact", "Contacts"), ("deal", "Deals"), ("follow_up", "Follow-Ups")]
CHOICES = [("skip", "Leave Out"), ("create", "Create Anyway"), ("update", "Fill What Is Empty")]
#: What a client may set; all the rest is what the import itself found.
OPEN_FIELDS = frozenset({"file", "file_name", "table_kind", "duplicate_choice", "line_ids"})


class SalesCustomerImport(models.Model):
    """A spreadsheet with customers, their contacts, deals and history, from its upload to its undoing."""

    _name = "sales.customer.import"
    _description = "Import from a Spreadsheet"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    file = fields.Binary(string="Spreadsheet", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    table_kind = fields.Selection(
        KINDS,
        string="Rows of the Table",
        help="What the rows of a csv file are. Empty: known by the titles of its columns. A workbook has a sheet for "
        "each.",
    )
    is_table = fields.Boolean(compute="_compute_is_table")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Done By", readonly=True, default=lambda self: self.env.user, ondelete="set null"
    )
    state = fields.Selection(
        [("draft", "Upload"), ("checked", "Checked"), ("imported", "Imported"), ("undone", "Undone")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    duplicate_choice = fields.Selection(
        CHOICES,
        string="Rows That Are Known",
        default="skip",
        required=True,
        help="What happens to all rows of customers, contacts and deals that are known already; each row may say "
        "otherwise. Fill What Is Empty: the record that is there gets what it lacks, and nothing of it is overwritten. "
        "Follow-ups that are known are left out.",
    )
    line_ids = fields.One2many(
        "sales.customer.import.line", "import_id", string="Rows", domain=[("kind", "!=", "value")]
    )
    # Values that lists were given, such as tags: not rows of their own, but undone like them.
    value_line_ids = fields.One2many("sales.customer.import.line", "import_id", domain=[("kind", "=", "value")])
    remarks = fields.Text(readonly=True, copy=False)
    imported_at = fields.Datetime(string="Imported On", readonly=True, copy=False)
    undone_at = fields.Datetime(string="Undone On", readonly=True, copy=False)
    # Last contacts of customers that were there before, as they were and as the import left them.
    contacts_before = fields.Json(readonly=True, copy=False)
    new_count = fields.Integer(string="New", compute="_compute_counts")
    duplicate_count = fields.Integer(string="Known", compute="_compute_counts")
    error_count = fields.Integer(string="Problems", compute="_compute_counts")
    imported_count = fields.Integer(string="Rows Imported", compute="_compute_counts")

    # === Computes === #

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Import from Spreadsheet")

    @api.depends("file_name")
    def _compute_is_table(self):
        for record in self:
            record.is_table = (record.file_name or "").lower().endswith((".csv", ".txt", ".tsv"))

    @api.depends("line_ids.state")
    def _compute_counts(self):
        rows = self.env["sales.customer.import.line"]._read_group(
            [("import_id", "in", self.ids), ("kind", "!=", "value")], ["import_id", "state"], ["__count"]
        )
        counts = {(record.id, state): count for record, state, count in rows}
        for record in self:
            record.new_count = counts.get((record.id, "new"), 0)
            record.duplicate_count = counts.get((record.id, "duplicate"), 0)
            record.error_count = counts.get((record.id, "error"), 0)
            record.imported_count = counts.get((record.id, "imported"), 0)

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_open_fields({name for vals in vals_list for name in vals} - {"line_ids"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_open_fields(vals)
        if not self.env.su and any(record.state in ("imported", "undone") for record in self):
            raise UserError(self.env._("%(name)s is imported already. Start a new import.", name=self[:1].display_name))
        result = super().write(vals)
        if {"file", "table_kind"}.intersection(vals):
            self._reset()
        if "duplicate_choice" in vals:
            self._choose_for_all()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_imported(self):
        for record in self:
            if record.state == "imported":
                raise UserError(
                    self.env._("%(name)s can still be undone, so it stays. Undo it first.", name=record.display_name)
                )

    @api.model
    def _check_open_fields(self, names):
        if not self.env.su and not OPEN_FIELDS.issuperset(names):
            raise AccessError(self.env._("What an import found is not written by hand. Check the file again."))

    def _reset(self):
        """Forget what was found in another file."""
        records = self.sudo()  # sudo: nobody writes by hand what an import found
        records.line_ids.unlink()
        records.write({"state": "draft", "remarks": False})

    def _choose_for_all(self):
        for record in self:
            # sudo: as above
            duplicates = record.sudo().line_ids.filtered(lambda line: line.state == "duplicate" and line.match_id)
            duplicates.choice = record.duplicate_choice
            others = record.sudo().line_ids.filtered(lambda line: line.state == "duplicate" and not line.match_id)
            others.choice = "create" if record.duplicate_choice == "create" else "skip"
            follow_ups = duplicates.filtered(lambda line: line.kind == "follow_up" and line.choice == "update")
            follow_ups.choice = "skip"

    # === Actions === #

    def action_check(self):
        """Read the file and say of each row what it is: new, known, or a problem. Nothing is imported.

        :raise UserError: when there is no file, or it cannot be read at all
        """
        self._check_manager()
        if self.state not in ("draft", "checked"):
            raise UserError(self.env._("%(name)s is imported already. Start a new import.", name=self.display_name))
        rows, remarks = self._read_rows()
        rows, remarks = self._judge_rows(rows, remarks)
        record = self.sudo()  # sudo: nobody writes by hand what an import found
        record.line_ids.unlink()
        record.env["sales.customer.import.line"].create([self._prepare_line(row) for row in rows])
        record.write({"state": "checked", "remarks": "\n".join(remarks)})
        record._choose_for_all()

    def action_import(self):
        """Import the rows without problems, all or none.

        :raise UserError: when nothing is to be imported, or a row cannot be
        """
        self._check_manager()
        self._lock()
        if self.state != "checked":
            raise UserError(self.env._("%(name)s: check the file first.", name=self.display_name))
        self._import_rows()

    def action_undo(self):
        """Remove what the import created, and put back what it filled, as far as nobody used it since. Once.

        :return: a notification that says what stays
        :rtype: dict
        """
        self._check_manager()
        self._lock()
        if self.state != "imported":
            raise UserError(self.env._("%(name)s is not imported, or undone already.", name=self.display_name))
        kept = self._undo_rows()
        if kept:
            message = self.env._("%(count)s rows stay, as they were used since: the list says how.", count=kept)
        else:
            message = self.env._("Everything that was imported is removed.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if kept else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_rows(self):
        """:return: the rows of the import, those that need attention first
        :rtype: dict
        """
        self.ensure_one()
        state = self.env.context.get("row_state")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rows"),
            "res_model": "sales.customer.import.line",
            "views": [[False, "list"], [False, "kanban"]],
            "domain": [("import_id", "=", self.id), ("kind", "!=", "value")],
            "context": {f"search_default_{state}": 1} if state in ("new", "duplicate", "error", "imported") else {},
        }

    # === Checks === #

    def _check_manager(self):
        self.ensure_one()
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers import customers. Ask one of them."))
        self.check_access("write")
        if self.company_id not in self.env.companies:
            raise UserError(
                self.env._(
                    "%(name)s belongs to %(company)s. Switch to that company.",
                    name=self.display_name,
                    company=self.company_id.name,
                )
            )

    def _lock(self):
        """Wait for who does the same at this moment, and see what they left."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id FROM sales_customer_import WHERE id = %s FOR UPDATE", [self.id])
        self.invalidate_recordset(["state"])

    # === Preparing === #

    def _prepare_line(self, row):
        state = "error" if row.problems else "duplicate" if row.words else "new"
        return {
            "import_id": self.id,
            "kind": row.kind,
            "row": row.number,
            "name": row.name,
            "state": state,
            "choice": "skip" if state == "duplicate" else False,
            "message": "\n".join(row.problems or [*filter(None, [row.words]), *row.remarks]),
            "data": row.values,
            "match_model": row.match[0] if row.match else False,
            "match_id": row.match[1] if row.match else False,
            "match_row": row.match_row,
        }
