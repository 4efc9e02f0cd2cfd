from odoo import api, fields, models
from odoo.tools import SQL


class SalesSetupStep(models.Model):
    """The rows of the *Setup* page: nothing is kept of them, they say how things are."""

    _name = "sales.setup.step"
    _description = "Setup Step"
    _auto = False
    _order = "id"

    name = fields.Char(compute="_compute_step")
    description = fields.Char(compute="_compute_step")
    level = fields.Selection(
        [("off", "Off"), ("todo", "To Do"), ("warn", "Warn"), ("block", "Block"), ("done", "Done")],
        compute="_compute_state",
    )
    state = fields.Char(compute="_compute_state")
    button = fields.Char(compute="_compute_state")

    @property
    def _table_query(self):
        sequences = [step.sequence for step in self.env["sales.setup"]._get_setup_steps()]
        return SQL("SELECT id FROM (VALUES %s) AS step (id)", SQL(", ").join(SQL("(%s)", each) for each in sequences))

    # === Computes === #

    @api.depends_context("lang", "company")
    def _compute_step(self):
        steps = {step.sequence: step for step in self.env["sales.setup"]._get_setup_steps()}
        for row in self:
            row.name, row.description = steps[row.id].name, steps[row.id].description

    @api.depends_context("lang", "company")
    def _compute_state(self):
        for row in self:
            state = row._get_state()
            row.level, row.state, row.button = state.level, state.text, state.button

    # === Actions === #

    def action_open(self):
        """Open what this step is done with.

        :return: action
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        return self._get_state().action()

    def _get_state(self):
        setup = self.env["sales.setup"]
        code = next(step.code for step in setup._get_setup_steps() if step.sequence == self.id)
        return setup._get_setup_state(code)
