from odoo.tests import TransactionCase
from odoo.tools.convert import convert_file


class DemoCommon(TransactionCase):
    """Build the demo company from its file, as loading demo data does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mails = cls.env["mail.mail"].search_count([])
        convert_file(cls.env, "sales_management", "demo/sales_demo_data.xml", {}, mode="init", noupdate=True)
        cls.new_mails = cls.env["mail.mail"].search_count([]) - mails
        cls.company = cls.env.ref("sales_management_demo.company_hengda")
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids, "active_test": False})
        cls.mine = [("company_id", "=", cls.company.id)]
        cls.orders = cls.env["sale.order"].search(cls.mine)

    def user(self, key):
        return self.env.ref(f"sales_management_demo.user_{key}")

    def count(self, records, **values):
        return len(records.filtered(lambda record: all(record[name] == value for name, value in values.items())))
