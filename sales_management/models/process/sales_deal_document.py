from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What nobody says of a document: who added it, as which version, and whose the deal is.
GIVEN = frozenset({"company_id", "user_id", "version"})


class SalesDealDocument(models.Model):
    """A document of a deal, by type and version: a file, a photo, or pasted text."""

    _name = "sales.deal.document"
    _description = "Deal Document"
    _order = "date desc, version desc, id desc"
    _rec_name = "type_id"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    type_id = fields.Many2one("sales.document.type", required=True, ondelete="restrict", index=True)
    version = fields.Integer(
        compute="_compute_version",
        store=True,
        precompute=True,
        help="Counts the deal documents of the same type.",
    )
    date = fields.Date(default=fields.Date.context_today, required=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", ondelete="restrict", index="btree_not_null", copy=False
    )
    text = fields.Text(help="Pasted text, such as the summary of a call.")
    user_id = fields.Many2one("res.users", string="Added By", default=lambda self: self.env.user, readonly=True)
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)

    # === Computes === #

    @api.depends("lead_id", "type_id")
    def _compute_version(self):
        """Count on from the highest version there is; one that was given stays."""
        fresh = self.filtered(lambda document: not document.version)
        highest = {
            (lead.id, type_.id): version
            # sudo: versions count all documents of a deal.
            for lead, type_, version in self.sudo()._read_group(
                [("lead_id", "in", fresh.lead_id.ids), ("type_id", "in", fresh.type_id.ids)],
                ["lead_id", "type_id"],
                ["version:max"],
            )
        }
        for document in fresh:
            key = (document.lead_id.id, document.type_id.id)
            highest[key] = document.version = highest.get(key, 0) + 1

    # === Constraints === #

    @api.constrains("attachment_id", "text")
    def _check_content(self):
        empty = self.filtered(lambda document: not document.attachment_id and not (document.text or "").strip())
        if empty:
            raise ValidationError(
                self.env._(
                    "Add a file, a photo or text to:\n%(documents)s",
                    documents="\n".join(f"- {document.type_id.name} · {document.lead_id.name}" for document in empty),
                )
            )

    # === ORM === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # Named, so that no default of a context or a user takes its place.
            vals_list = [{**self._drop_given(vals), "user_id": self.env.uid} for vals in vals_list]
        documents = super().create(vals_list)
        documents._keep_attachments()
        return documents

    def write(self, vals):
        if not self.env.su:
            vals = self._drop_given(vals)
            self._check_deal_stays(vals)
        # sudo: nobody says which version a document is.
        retyped = self.sudo().filtered(lambda document: "type_id" in vals and document.type_id.id != vals["type_id"])
        result = super().write(vals)
        if "attachment_id" in vals:
            self._keep_attachments()
        if retyped and "version" not in vals:
            retyped.version = 0
            retyped._compute_version()
        return result

    @api.model
    def _drop_given(self, vals):
        return {name: value for name, value in vals.items() if name not in GIVEN}

    def _check_deal_stays(self, vals):
        """Refuse to carry a document to another deal: core looks at the rights on the first alone."""
        moved = self.filtered(lambda document: "lead_id" in vals and document.lead_id.id != vals["lead_id"])
        if moved:
            raise UserError(
                self.env._(
                    "A deal document stays with its deal. Add it to the other one as well:\n%(documents)s",
                    documents="\n".join(f"- {document.type_id.name} · {document.lead_id.name}" for document in moved),
                )
            )

    def _keep_attachments(self):
        """Let the file be read by those who may read the document, and by nobody for its own sake.

        A file that hangs elsewhere, or that somebody else uploaded, stays where it is, and the document has a copy.
        """
        for document in self.filtered("attachment_id"):
            attachment = document.attachment_id
            if (attachment.res_model, attachment.res_id) == (self._name, document.id):
                continue
            kept = {"res_model": self._name, "res_id": document.id, "res_field": False, "public": False}
            if attachment.res_id or attachment.public or attachment.create_uid != self.env.user:
                document.attachment_id = attachment.copy(kept)
            else:
                attachment.write(kept)
