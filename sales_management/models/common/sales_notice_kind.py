from odoo import api, fields, models


class SalesNoticeKind(models.Model):
    """What notices are about: channels subscribe to kinds, and a kind may ask its receivers to act."""

    _name = "sales.notice.kind"
    _description = "Kind of Notice"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="What the code that sends a notice calls its kind.")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        ondelete="set null",
        index="btree_not_null",
        help="A notice of this kind opens an activity of this type on its record, for each person who may read it: one "
        "for a cause, as long as it is open. Empty: the notice is a message only.",
    )

    _code_uniq = models.UniqueIndex("(code)", "There is a kind of notice with this code already. Choose another one.")

    @api.model
    def _get_by_code(self, code):
        """
        :raise ValueError: where no kind has this code
        """
        kind = self.search([("code", "=", code)])
        if not kind:
            raise ValueError(f"no kind of notice has the code {code}")
        return kind
