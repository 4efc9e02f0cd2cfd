from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_management.tests.quotation.revision_common import RevisionCommon


@tagged("post_install", "-at_install", "quotation")
class TestQuotationAudit(RevisionCommon):
    """The whole story of a quotation, through all its revisions."""

    def test_story_of_the_family(self):
        order = self._create_quotation()
        self._mark_sent(order)
        order._archive("mail", recipients={order: "Wang"})
        revision = self._revise(order, self.salesperson)
        revision.write({"signed_by": "Wang", "signed_on": "2099-03-01 08:00:00"})
        rows = revision._get_audit_rows()
        self.assertEqual(rows, order._get_audit_rows())
        story = [(row["quotation"], row["kind"]) for row in rows]
        self.assertLessEqual({(order.name, "mail"), (order.name, "replaced"), (revision.name, "signed")}, set(story))
        self.assertEqual(sum(kind == "created" for _name, kind in story), 2)
        self.assertEqual(story[-1], (revision.name, "signed"))
        mail = next(row for row in rows if row["kind"] == "mail")
        self.assertEqual((mail["details"], len(mail["digest"])), ("To: Wang", 64))

    def test_requests_and_decisions(self):
        order = self._create_quotation()
        request = (
            self.env["sales.approval.request"]
            .sudo()
            .create(
                {
                    "res_model": "sale.order",
                    "res_id": order.id,
                    "order_id": order.id,
                    "company_id": self.company.id,
                    "requester_id": self.salesperson.id,
                    "digest": "0" * 64,
                    "comment": "Big customer",
                }
            )
        )
        self.env["sales.approval.decision"]._add_facts(
            [
                {
                    "request_id": request.id,
                    "order_id": order.id,
                    "company_id": self.company.id,
                    "user_id": self.leader.id,
                    "on_behalf_of_id": self.manager.id,
                    "outcome": "rejected",
                    "comment": "Too low",
                    "digest": "0" * 64,
                }
            ]
        )
        revision = self._revise(order)
        rows = {row["kind"]: row for row in revision.with_user(self.salesperson)._get_audit_rows()}
        self.assertEqual((rows["request"]["who"], rows["request"]["details"]), ("Salesperson", "Big customer"))
        self.assertEqual(
            (rows["rejected"]["who"], rows["rejected"]["details"]), ("Leader on behalf of Manager", "Too low")
        )

    def test_screen(self):
        order = self._create_quotation()
        self._revise(order)
        story = order.with_user(self.salesperson).audit_story
        self.assertIn("Put aside", story)
        self.company.sales_quotation_enabled = False
        order.invalidate_recordset()
        self.assertFalse(order.audit_story)

    def test_strangers_read_no_story(self):
        order = self._create_quotation()
        stranger = new_test_user(self.env, "sm_stranger", "sales_team.group_sale_salesman")
        for act in ("_get_audit_rows", "action_export_audit"):
            with self.assertRaises(AccessError):
                getattr(order.with_user(stranger), act)()

    def test_queries_do_not_grow(self):
        costs = []
        order = self._create_quotation()
        for _count in range(2):
            for _step in range(4):
                order._archive("mail")
                order = self._revise(order)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order._get_audit_rows()
            costs.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(costs[1], costs[0], costs)
