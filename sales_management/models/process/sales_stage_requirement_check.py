from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache


class RequirementCheck(NamedTuple):
    """What a requirement looks at; cached, so that to count what is missing reads no requirement."""

    kind: str
    field_name: str
    wanted: int
    document_type_id: int
    activity_type_id: int
    item_ids: frozenset


class SalesStageRequirement(models.Model):
    _inherit = "sales.stage.requirement"

    @api.model
    @ormcache()
    def _get_checks(self):
        """:return: what is looked at, by requirement; without those that cannot be asked any more
        :rtype: dict[int, RequirementCheck]
        """
        # sudo: what a stage asks is the same for everybody.
        requirements = self.sudo().search([("active", "=", True)])
        return {requirement.id: requirement._get_check() for requirement in requirements if requirement._is_usable()}

    def _get_check(self):
        return RequirementCheck(
            self.kind,
            self.field_id.name,
            max(self.min_count, 1),
            self.document_type_id.id,
            self.activity_type_id.id,
            frozenset(self.item_ids.ids),
        )
