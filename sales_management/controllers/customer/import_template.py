from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request


class CustomerImportTemplate(http.Controller):
    """The workbook that somebody fills in to bring customers along."""

    @http.route("/sales_management/customer_import/template.xlsx", type="http", auth="user", readonly=True)
    def download_template(self):
        """:return: the workbook, in the language of the user
        :raise AccessError: unless the user is a sales manager
        """
        if not request.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(request.env._("Only sales managers import customers. Ask one of them."))
        env = request.env(context={**request.env.context, "lang": request.env.user.lang})
        content = env["sales.customer.import"]._write_template()
        name = env._("Customers.xlsx")
        headers = [
            ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(content, headers=headers)
