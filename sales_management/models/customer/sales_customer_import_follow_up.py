from markupsafe import Markup

from odoo import models

from .sales_customer_import_write import BATCH

#: Types of done activities by the way in which somebody was in touch; the others are notes that say it.
ACTIVITIES = {"call": "mail.mail_activity_data_call", "meeting": "mail.mail_activity_data_meeting"}


class SalesCustomerImport(models.Model):
    """History in the chatter, with its own dates and authors: nobody is told of it."""

    _inherit = "sales.customer.import"

    def _write_follow_ups(self, lines, found):
        """Write what was noted elsewhere.

        :return: customers and moments of these contacts
        :rtype: list[tuple]
        """
        touched, note_id = [], self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
        names = dict(self._get_way_names())
        for start in range(0, len(lines), BATCH):
            batch = lines[start : start + BATCH]
            records = [self._find_follow_up_record(line, found) for line in batch]
            # The names and customers of all of them are read at once.
            authors = (
                self.env["res.users"]
                .sudo()
                .browse(
                    [
                        line.data["cells"]["author"]
                        for line in batch
                        if isinstance(line.data["cells"].get("author"), int)
                    ]
                )
            )
            authors.mapped("partner_id.email_formatted")  # sudo: a name and an address of a colleague
            vals_list = []
            for line, (model, record_id) in zip(batch, records, strict=True):
                vals_list.append(self._prepare_message(line, model, record_id, note_id, names))
            # sudo: written as it was, in the name of who wrote it; the rights of a manager are checked before
            messages = self.env["mail.message"].sudo().create(vals_list)
            for line, message in zip(batch, messages, strict=True):
                line.write({"state": "imported", "res_model": "mail.message", "res_id": message.id})
            leads = (
                self.env["crm.lead"].sudo().browse([record_id for model, record_id in records if model == "crm.lead"])
            )
            customers = {lead.id: lead.partner_id.id for lead in leads}
            for line, (model, record_id) in zip(batch, records, strict=True):
                customer_id = customers[record_id] if model == "crm.lead" else record_id
                if customer_id:
                    touched.append((customer_id, line.data["cells"]["date"]))
            self.env.flush_all()
        return touched

    def _find_follow_up_record(self, line, found):
        if link := line.data.get("deal"):
            return "crm.lead", self._find_record_id(found, "deal", link)
        return "res.partner", self._find_record_id(found, "customer", line.data["customer"])

    def _prepare_message(self, line, model, record_id, note_id, names):
        cells = line.data["cells"]
        way, author = cells.get("way"), cells.get("author")
        heading = [names[way]] if way in names and way != "other" else []
        user = self.env["res.users"]
        if isinstance(author, int):
            user = user.sudo().browse(author)  # sudo: as above
        elif author:
            heading.append(author)
        body = self._write_html(cells["text"])
        if heading:
            body = Markup("<p><b>%s</b></p>%s") % (" · ".join(heading), body)
        partner = user.partner_id
        return {
            "model": model,
            "res_id": record_id,
            "date": cells["date"],
            "body": body,
            "message_type": "comment",
            "subtype_id": note_id,
            "is_internal": True,
            "author_id": partner.id or (False if author else self.env.user.partner_id.id),
            "email_from": partner.email_formatted or author or self.env.user.email_formatted,
            "mail_activity_type_id": self._get_way_types().get(way, False),
            # Neither is asked for what was never sent.
            "reply_to": False,
            "record_name": False,
        }

    def _get_way_types(self):
        get = self.env["ir.model.data"]._xmlid_to_res_id
        return {way: get(name, raise_if_not_found=False) for way, name in ACTIVITIES.items()}

    def _get_way_names(self):
        return [
            ("call", self.env._("Call")),
            ("mail", self.env._("Mail")),
            ("visit", self.env._("Visit")),
            ("meeting", self.env._("Meeting")),
            ("message", self.env._("WeChat")),
            ("other", self.env._("Other")),
        ]
