import secrets

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_management.models.common.sales_fact_mixin import ERASED
from odoo.addons.sales_management.tools.hash_chain import GENESIS, Entry, find_problems, make_entry

#: Texts that a hash holds as a digest of their own.
TEXTS = ("comment", "user_name", "on_behalf_of_name")


class SalesApprovalDecision(models.Model):
    """Who decided what, on which content: facts, each of which holds the hash of the one before it."""

    _name = "sales.approval.decision"
    _inherit = ["sales.fact.mixin"]
    _description = "Approval Decision"
    _order = "id desc"

    _fact_links = ("request_id", "order_id", "step_id", "user_id", "on_behalf_of_id")
    _fact_texts = ("comment",)

    request_id = fields.Many2one("sales.approval.request", required=True, readonly=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade", index=True)
    step_id = fields.Many2one("sales.approval.step", readonly=True, ondelete="set null")
    step_name = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Decided By", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name", readonly=True)
    on_behalf_of_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    on_behalf_of_name = fields.Char(string="Name of the Absent", readonly=True)
    outcome = fields.Selection(
        [
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("returned", "Returned With a Price"),
            ("carried", "Carried Over"),
            ("withdrawn", "Approval Withdrawn"),
        ],
        required=True,
        readonly=True,
    )
    comment = fields.Text(readonly=True)
    decided_at = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    digest = fields.Char(required=True, readonly=True, help="SHA-256 of what was decided on.")
    text_salt = fields.Char(readonly=True, groups="base.group_system")
    text_digest = fields.Char(readonly=True, help="Salted SHA-256 of the texts, which may be erased on request.")
    previous_hash = fields.Char(readonly=True, help="Hash of the decision before this one on the same document.")
    hash = fields.Char(readonly=True, help="SHA-256 of this decision and of the hash before it.")

    _chain_unique = models.UniqueIndex(
        "(order_id, previous_hash) WHERE order_id IS NOT NULL",
        "Somebody has decided about this document at the same moment. Load the page again.",
    )
    _hash_check = models.Constraint(
        "CHECK (num_nulls(hash, previous_hash, text_digest) = 0 AND hash ~ '^[0-9a-f]{64}$'"
        " AND previous_hash ~ '^[0-9a-f]{64}$' AND text_digest ~ '^[0-9a-f]{64}$')",
        "A decision holds its hash, and that of the one before it.",
    )

    # === Facts === #

    @api.model
    def _prepare_fact_values(self, vals_list):
        """Let each decision hold the hash of the one before it on the same document."""
        last = self._get_last_hashes(vals_list)
        names = self._get_user_names(vals_list)
        result = []
        for vals in super()._prepare_fact_values(vals_list):
            key = self._get_chain_key(vals)
            vals = {
                "comment": False,
                **vals,
                "user_name": names.get(vals.get("user_id"), False),
                "on_behalf_of_name": names.get(vals.get("on_behalf_of_id"), False),
                "decided_at": fields.Datetime.to_datetime(vals.get("decided_at") or fields.Datetime.now()),
                "text_salt": secrets.token_hex(16),
            }
            decided_at = vals["decided_at"] = vals["decided_at"].replace(microsecond=0)
            entry = make_entry(
                vals["outcome"],
                fields.Datetime.to_string(decided_at),
                vals["digest"],
                last.get(key, GENESIS),
                vals["text_salt"],
                {name: vals[name] for name in TEXTS},
            )
            last[key] = entry.hash
            result.append(
                {
                    **vals,
                    "text_digest": entry.text_digest,
                    "previous_hash": entry.previous_hash,
                    "hash": entry.hash,
                }
            )
        return result

    @api.model
    def _get_chain_key(self, vals):
        return ("order", vals["order_id"]) if vals.get("order_id") else ("request", vals.get("request_id"))

    @api.model
    def _get_last_hashes(self, vals_list):
        keys = {self._get_chain_key(vals) for vals in vals_list}
        order_ids = [id_ for kind, id_ in keys if kind == "order"]
        request_ids = [id_ for kind, id_ in keys if kind == "request"]
        domain = Domain("order_id", "in", order_ids) | (
            Domain("order_id", "=", False) & Domain("request_id", "in", request_ids)
        )
        # sudo: the chain is one, whoever may see which part of it. The last of each comes last.
        rows = self.sudo().search_fetch(domain, ["order_id", "request_id", "hash"], order="id")
        return {
            self._get_chain_key({"order_id": row.order_id.id, "request_id": row.request_id.id}): row.hash
            for row in rows
        }

    @api.model
    def _get_user_names(self, vals_list):
        """:return: names as the guard of facts would fill them in"""
        ids = {vals.get(name) for vals in vals_list for name in ("user_id", "on_behalf_of_id")} - {None, False}
        # sudo: names are kept, whoever may see the people.
        return {user.id: user.name for user in self.env["res.users"].sudo().with_context(lang=None).browse(ids)}

    # === Verification === #

    def _find_chain_problems(self):
        """What is wrong with the chain that these decisions are, all of one document.

        :return: decision, none past the last one, and what is wrong with it
        :rtype: list[tuple[sales.approval.decision, str]]
        """
        # sudo: the salt of the texts is nobody's to read.
        decisions = self.sudo().sorted("id")
        entries = [decision._get_chain_entry() for decision in decisions]
        return [(decisions[position], kind) for position, kind in find_problems(entries)]

    def _get_chain_entry(self):
        self.ensure_one()
        texts = {name: self[name] for name in TEXTS}
        return Entry(
            self.outcome,
            fields.Datetime.to_string(self.decided_at),
            self.digest,
            self.previous_hash,
            self.text_digest,
            self.hash,
            self.text_salt,
            None if ERASED in texts.values() else texts,
        )
