import io

import xlsxwriter

from odoo import api, models

from odoo.addons.sales_management.tools.customer_columns import KINDS
from odoo.addons.sales_management.tools.sheet_words import WAYS

#: Rows of the template that have a list to choose from.
LISTED_ROWS = 10001
#: Words that a list of a spreadsheet offers at most; others may be typed all the same.
LISTED = 500


class SalesCustomerImport(models.Model):
    """The workbook to fill in: a sheet for each kind of rows, with titles, remarks, lists and an example."""

    _inherit = "sales.customer.import"

    @api.model
    def _write_template(self):
        """:return: the workbook, in the language of the user
        :rtype: bytes
        """
        language = int((self.env.lang or "").startswith("zh"))
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            formats = {
                "title": book.add_format({"bold": True, "bg_color": "#E7EEF7", "bottom": 1}),
                "required": book.add_format({"bold": True, "bg_color": "#CFE0F3", "bottom": 1}),
                "example": book.add_format({"italic": True, "font_color": "#808080", "num_format": "@"}),
                "text": book.add_format({"num_format": "@"}),
            }
            sheets = {kind.key: book.add_worksheet(kind.titles[language]) for kind in KINDS.values()}
            areas = self._write_lists(book, language)
            helps = self._get_column_helps()
            for kind in KINDS.values():
                self._write_sheet(sheets[kind.key], kind, language, formats, areas, helps)
        return stream.getvalue()

    @api.model
    def _write_sheet(self, sheet, kind, language, formats, areas, helps):
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(kind.columns):
            title = column.titles[language]
            example = column.examples[language] or self._get_example(column, areas)
            width = min(40, max(12, 2 * len(title) + 2, len(example) + 4))
            sheet.set_column(position, position, width, formats["text"])
            sheet.write_string(0, position, title, formats["required" if column.required else "title"])
            if words := helps.get((kind.key, column.key)) or helps.get(column.key):
                sheet.write_comment(0, position, words, {"x_scale": 2, "y_scale": 1.2})
            if example:
                sheet.write_string(1, position, example, formats["example"])
            if area := areas.get(column.type):
                sheet.data_validation(
                    1,
                    position,
                    LISTED_ROWS,
                    position,
                    # What is in no list may be typed all the same: the check says what is not known.
                    {"validate": "list", "source": area[0], "error_type": "warning"},
                )
        sheet.autofilter(0, 0, 0, len(kind.columns) - 1)

    @api.model
    def _get_example(self, column, areas):
        """What stands in the example row where the database says which values there are: the first of its list."""
        return areas[column.type][1] if column.type in ("tier", "stage", "team", "way") and column.type in areas else ""

    @api.model
    def _write_lists(self, book, language):
        """Write the values to choose from on a sheet of their own, for a list within a cell is too short.

        :return: reference of the values, and the first of them, by type of column
        :rtype: dict[str, tuple]
        """
        name = ("Lists", "列表")[language]
        sheet, areas = book.add_worksheet(name), {}
        for position, (kind, values) in enumerate(self._get_list_values(language).items()):
            sheet.write_string(0, position, kind[0].upper() + kind[1:])
            for row, value in enumerate(values, 1):
                sheet.write_string(row, position, value)
            if values:
                letter = xlsxwriter.utility.xl_col_to_name(position)
                areas[kind] = (f"='{name}'!${letter}$2:${letter}${len(values) + 1}", values[0])
        sheet.hide()
        return areas

    @api.model
    def _get_list_values(self, language):
        company = ["|", ("company_id", "=", False), ("company_id", "=", self.env.company.id)]
        # sudo: names of colleagues, whom one may choose as salespeople anyway
        users = (
            self.env["res.users"].sudo().search([("share", "=", False), ("company_ids", "in", self.env.company.ids)])
        )
        sizes = self.env["res.partner"]._fields["company_size"]._description_selection(self.env)
        yes_no = (("Yes", "No"), ("是", "否"))[language]
        return {
            "country": self.env["res.country"].search([], limit=LISTED).mapped("name"),
            "industry": self.env["res.partner.industry"].search([], limit=LISTED).mapped("name"),
            "size": [label for _key, label in sizes],
            "tier": self.env["sales.customer.tier"].search(company).mapped("name"),
            "user": users.mapped("name"),
            "author": users.mapped("name"),
            "team": self.env["crm.team"].search(company).mapped("name"),
            "stage": list(dict.fromkeys(self.env["crm.stage"].search([], limit=LISTED).mapped("name"))),
            "source": self.env["utm.source"].search([], limit=LISTED).mapped("name"),
            "lost_reason": self.env["crm.lost.reason"].search([], limit=LISTED).mapped("name"),
            "answer": list(yes_no),
            "way": [names[language] for names in WAYS.values()],
        }

    @api.model
    def _get_column_helps(self):
        """What each column takes, by key or by sheet and key."""
        date = self.env._("A date, such as 2026-03-05 or 2026年3月5日. A time may follow it: by your own clock.")
        return {
            ("customer", "ref"): self.env._(
                "Your own number of the customer. The other sheets name the customer by it, or by its name."
            ),
            "name": self.env._("Required."),
            "vat": self.env._("Tax ID or unified social credit code. It tells best who is there already."),
            "phone": self.env._("As you dial it. Format the column as text, so that a leading 0 stays."),
            "email": self.env._("One mail address."),
            "state": self.env._("State or province of the country beside it."),
            "industry": self.env._("One that is not in the list is added to it."),
            "company_size": self.env._("A class of the list, or the number of employees."),
            "tier": self.env._("A tier of the list."),
            "user": self.env._("Login, mail address or name of a user."),
            "team": self.env._("A sales team of the list."),
            "tags": self.env._("Several are separated by commas. New ones are added."),
            "last_contact": self.env._(
                "When somebody was last in touch. The days of the pool count from it. %(date)s", date=date
            ),
            "customer": self.env._("Reference or name of the customer: from the first sheet, or of one that is there."),
            "number": self.env._("It is kept as it is. Empty: the deal gets the next number."),
            "stage": self.env._("A stage of the list; empty: the first one. Nothing is asked and no to-do is opened."),
            "revenue": self.env._("In the currency of the company: 120000, 120,000.00 or 12万."),
            "deadline": date,
            "opened_on": self.env._("When the deal began; its age counts from then. %(date)s", date=date),
            "lost": self.env._("Yes for a deal that is lost."),
            "lost_reason": self.env._("Why it was lost. A deal with a reason is lost."),
            "about": self.env._("Number of the deal, or reference or name of the customer."),
            "date": self.env._("When it was. %(date)s", date=date),
            "author": self.env._(
                "Login, mail address or name of a user. Of somebody who is none, the name stands in the text. Empty: "
                "you."
            ),
            "way": self.env._("Call, mail, visit, meeting, WeChat or other."),
            "text": self.env._("What was said. It is written in the history with its own date; nobody is told."),
        }
