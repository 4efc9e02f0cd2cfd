"""The Setup page: its steps, how they say what is so, and what their buttons open."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_process_template import TemplateCommon


@tagged("post_install", "-at_install", "process")
class TestSetup(TemplateCommon):
    def setUp(self):
        super().setUp()
        self.env = self.env(user=self.manager, context={"allowed_company_ids": self.company.ids, "lang": "en_US"})

    def _get_steps(self):
        self.env.invalidate_all()
        return self.env["sales.setup.step"].search([])

    def _get_step(self, code):
        setup = self.env["sales.setup"]
        sequence = next(step.sequence for step in setup._get_setup_steps() if step.code == code)
        self.env.invalidate_all()
        return self.env["sales.setup.step"].browse(sequence)

    def test_at_most_eight_steps_in_their_order(self):
        steps = self._get_steps()
        self.assertLessEqual(len(steps), 8)
        self.assertEqual(steps.ids, sorted(steps.ids))
        self.assertTrue(all(step.name and step.description and step.state and step.button for step in steps))

    def test_sequences_tell_the_steps_apart(self):
        sequences = [step.sequence for step in self.env["sales.setup"]._get_setup_steps()]
        self.assertEqual(len(sequences), len(set(sequences)))

    def test_every_button_opens_something(self):
        for apply in (False, True):
            if apply:
                self._apply()
            for step in self._get_steps():
                with self.subTest(step=step.name, applied=apply):
                    self.assertIn(step.action_open()["type"], ("ir.actions.act_window", "ir.actions.client"))

    def test_process_step(self):
        step = self._get_step("process")
        self.assertEqual((step.level, step.button), ("off", "Choose a Template"))
        self.assertEqual(step.action_open()["res_model"], "sales.process.apply")
        self._apply()
        step = self._get_step("process")
        self.assertEqual(step.level, "warn")
        self.assertIn("would have stopped 0 of 0", step.state)
        self._get_asked()[0].sudo().enforcement = "block"
        self.assertEqual(self._get_step("process").level, "block")

    def test_what_would_have_been_stopped(self):
        self._apply()
        stages = self._get_stages()
        values = {"company_id": self.company.id, "team_id": False, "stage_id": stages[0].id, "user_id": self.manager.id}
        source = self.env["utm.source"].sudo().create({"name": "Fair"})
        full = {"contact_name": "Li", "source_id": source.id}
        self._create_deals(**values, **full).with_user(self.manager).stage_id = stages[1]
        self._create_deals(**values).with_user(self.manager).stage_id = stages[1]
        self.assertIn("would have stopped 1 of 2 in 30 days", self._get_step("process").state)

    def test_switched_off_it_can_be_switched_on(self):
        self._apply()
        self.company.sales_process_enabled = False
        step = self._get_step("process")
        self.assertEqual((step.level, step.button), ("off", "Switch On"))
        step.action_open()
        self.assertTrue(self.company.sales_process_enabled)

    def test_calendar_step(self):
        step = self._get_step("calendar")
        self.assertEqual(step.level, "todo")
        self.assertEqual(step.action_open()["params"]["active_model"], "sales.calendar.exception")
        today = self.env["sales.policy"]._get_today(self.company.id)
        self.env["sales.calendar.exception"].create({"date": today, "company_id": self.company.id})
        step = self._get_step("calendar")
        self.assertEqual(step.level, "done")
        self.assertIn(f"{today.year}: 1 dates", step.state)

    def test_only_managers(self):
        for user in (self.salesperson, self.leader, self.finance):
            steps = self._get_steps().with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError), mute_logger("odoo.models"):
                steps[0].action_open()

    def test_empty_pipeline_offers_the_template_to_managers(self):
        self.env.cr.execute("UPDATE crm_lead SET type = 'lead' WHERE type = 'opportunity'")
        self.env.invalidate_all()
        # As the web client asks for it: with the user's groups, and no rights checked.
        Lead = self.env["crm.lead"].sudo().with_context(default_type="opportunity")
        self.assertIn("/odoo/sales-setup", Lead.get_empty_list_help(""))
        self.assertNotIn("/odoo/sales-setup", Lead.with_user(self.salesperson).sudo().get_empty_list_help(""))
        self._create_deals()
        self.assertNotIn("/odoo/sales-setup", Lead.get_empty_list_help(""))
