from datetime import datetime

from odoo.fields import Command

from odoo.addons.sales_management.tests.common import DealCommon, DealDocumentCommon

#: A Friday, ten to five in Hangzhou.
FRIDAY = datetime(2026, 7, 3, 8, 50)


class TaskMixin:
    """A process of five stages, a technical department, and templates that tests add."""

    @classmethod
    def _create_process(cls):
        cls.company = cls.env.company
        # Stages of earlier data would stand between ours.
        cls.env["crm.stage"].search([("id", "!=", False)]).write({"sequence": 0})
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": name, "sequence": 10 + position, "is_won": name == "Deal"}
                for position, name in enumerate(("Enquiry", "Contact", "Proposal", "Negotiation", "Deal"))
            ]
        )
        cls.enquiry, cls.contact, cls.proposal, cls.negotiation, cls.won = cls.stages
        cls.engineer, cls.designer, cls.chief = (
            cls._create_engineer(name) for name in ("engineer", "designer", "chief")
        )
        cls.department = cls.env["sales.department"].create(
            {
                "name": "Engineering",
                "manager_id": cls.chief.id,
                "user_ids": [Command.set((cls.engineer | cls.designer).ids)],
            }
        )
        cls.deal = cls._create_deals(stage_id=cls.enquiry.id)
        cls.env["mail.activity"].search([("res_model", "=", "crm.lead")]).unlink()
        cls.company.sales_process_enabled = True
        cls.env.flush_all()

    @classmethod
    def _create_engineer(cls, name):
        return cls.env["res.users"].create(
            {
                "name": name.capitalize(),
                "login": f"sm_{name}",
                "password": f"sm_{name}",
                "email": f"{name}@example.com",
                "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
            }
        )

    @classmethod
    def _create_template(cls, stage, levels=(), **values):
        return cls.env["sales.stage.task"].create(
            {
                "name": f"To do in {stage.name}",
                "stage_id": stage.id,
                "hours": 24.0,
                "escalation_ids": [Command.create(level) for level in levels],
                **values,
            }
        )

    @classmethod
    def _move(cls, stage, deals=None, user=None):
        (deals or cls.deal).with_user(user or cls.salesperson).write({"stage_id": stage.id})

    @classmethod
    def _get_tasks(cls, deals=None, *states):
        tasks = cls.env["sales.deal.task"].search([("lead_id", "in", (deals or cls.deal).ids)], order="id")
        return tasks.filtered(lambda task: task.state in states) if states else tasks

    @classmethod
    def _get_mirrors(cls, deals=None):
        type_ = cls.env.ref("sales_management.mail_activity_type_deal_task")
        deals = deals or cls.deal
        return cls.env["mail.activity"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "in", deals.ids), ("activity_type_id", "=", type_.id)]
        )

    def _get_notices(self, kind):
        return self.env["sales.notice"].search([("kind_id.code", "=", kind)], order="id")


class TaskCommon(TaskMixin, DealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_process()


class TaskDocumentCommon(TaskMixin, DealDocumentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_process()
