from odoo import api, models
from odoo.fields import Domain


class SalesNoticeMixin(models.AbstractModel):
    """The one hook through which people and groups hear of something."""

    _name = "sales.notice.mixin"
    _description = "Notices"

    @api.model
    def _send_notice(self, kind, records, users, cause, body):
        """Tell people, and the channels that subscribed to it, of records.

        Nothing leaves at once: what comes up for a receiver within a quarter of an hour is one message, grouped by
        cause, and waits for the end of quiet hours and days off. What waits already is not said again. A kind with an
        activity type opens an activity on the record at once.

        Causes and bodies are said in the language of each receiver where they can be translated then: give a lazy
        translation, or for a body a function. A text is said as it is.

        :param str kind: code of a ``sales.notice.kind``
        :param records: records of one model; without any, nothing is said
        :param users: who is told, a recordset or one by record; none, then only channels hear of it. Of people, the
            archived and those from outside are left out
        :param cause: why, in a few words: what messages are grouped by; a text or a lazy translation, or one by record
        :param body: what is said of each record; a text or a lazy translation, one by record, or a function that gives
            either for the records in the language to say it in
        :return: the waiting notices, those that waited already not among them
        :rtype: sales.notice
        :raise ValueError: where there is no such kind
        """
        # sudo: whoever causes a notice need not know the receivers, nor may they write notices otherwise.
        records, notice_kind = records.sudo(), self.env["sales.notice.kind"].sudo()._get_by_code(kind)
        receivers = self._get_notice_receivers(notice_kind, records, users)
        texts = {
            lang: self._get_notice_texts(records, cause, body, lang)
            for lang in {receiver.lang or "en_US" for by_record in receivers.values() for receiver in by_record}
        }
        companies = self._get_notice_companies(records)
        vals_list = [
            {
                "kind_id": notice_kind.id,
                "res_model": record._name,
                "res_id": record.id,
                "company_id": companies[record].id,
                "user_id": receiver.id if receiver._name == "res.users" else False,
                "channel_id": receiver.id if receiver._name == "sales.notice.channel" else False,
                **texts[receiver.lang or "en_US"][record],
            }
            for record, by_record in receivers.items()
            for receiver in by_record
        ]
        self._open_notice_activities(notice_kind, vals_list)
        return self.env["sales.notice"].sudo()._queue(vals_list)

    # === Receivers === #

    def _get_notice_receivers(self, kind, records, users):
        """Who hears of each record.

        :rtype: dict[record, list]
        """
        people = users or self.env["res.users"]
        if not isinstance(people, dict):
            people = dict.fromkeys(records, people)
        reached = self.env["res.users"].union(*people.values()).sudo()
        reached = reached.filtered(lambda user: user.active and not user.share)
        channels = self.env["sales.notice.channel"].sudo().search(self._get_notice_channel_domain(kind, records))
        companies, teams = self._get_notice_companies(records), self._get_notice_teams(records)
        return {
            record: [
                *(people.get(record, reached.browse()).sudo() & reached),
                *channels.filtered(
                    lambda channel, record=record: (
                        channel.company_id == companies[record]
                        and (not channel.team_ids or teams[record] & channel.team_ids)
                    )
                ),
            ]
            for record in records
        }

    def _get_notice_channel_domain(self, kind, records):
        companies = self.env["res.company"].union(*self._get_notice_companies(records).values())
        return Domain("kind_ids", "in", kind.ids) & Domain("company_id", "in", companies.ids)

    def _get_notice_companies(self, records):
        """The company that each record belongs to, else that of the caller.

        :rtype: dict[record, res.company]
        """
        field = records._fields.get("company_id")
        if field is None or field.comodel_name != "res.company":
            return dict.fromkeys(records, self.env.company)
        return {record: record.company_id or self.env.company for record in records}

    def _get_notice_teams(self, records):
        """The sales team of each record, by which channels of teams are chosen.

        :rtype: dict[record, crm.team]
        """
        field = records._fields.get("team_id")
        if field is None or field.comodel_name != "crm.team":
            return dict.fromkeys(records, self.env["crm.team"])
        return {record: record.team_id for record in records}

    # === Texts === #

    def _get_notice_texts(self, records, cause, body, lang):
        """Cause and body for each record, in a language.

        :rtype: dict[record, dict]
        """
        translated = records.with_context(lang=lang)
        if callable(body):
            body = body(translated)
        bodies = body if isinstance(body, dict) else dict.fromkeys(records, body)
        causes = cause if isinstance(cause, dict) else dict.fromkeys(records, cause)
        return {
            record: {
                "cause": self._translate_notice(causes[record], lang),
                "body": self._translate_notice(bodies.get(record, ""), lang),
                "res_name": record.display_name,
            }
            for record in translated
        }

    @staticmethod
    def _translate_notice(text, lang):
        return text if isinstance(text, str) else text._translate(lang)

    # === Activities === #

    def _open_notice_activities(self, kind, vals_list):
        """Open what is asked of people on the records that they may read, where it is not open yet.

        Core would mail each of them, which is what the message of the quarter of an hour is for.
        """
        vals_list = [vals for vals in vals_list if vals["user_id"]]
        if not kind.activity_type_id or not vals_list or not self._has_notice_activities(kind, vals_list):
            return
        model = self.env[vals_list[0]["res_model"]].sudo()
        activities = self.env["mail.activity"].sudo()
        domain = (
            Domain("res_model", "=", model._name)
            & Domain("res_id", "in", list({vals["res_id"] for vals in vals_list}))
            & Domain("activity_type_id", "=", kind.activity_type_id.id)
            & Domain("automated", "=", True)
        )
        opened = activities.search_fetch(domain, ["res_id", "user_id", "summary"])
        known = {(activity.res_id, activity.user_id.id, activity.summary) for activity in opened}
        readable = self._get_notice_readers(model, vals_list)
        activities.with_context(mail_activity_quick_update=True).create(
            [
                self._prepare_notice_activity_values(kind, vals)
                for vals in vals_list
                if vals["res_id"] in readable[vals["user_id"]]
                and (vals["res_id"], vals["user_id"], vals["cause"]) not in known
            ]
        )

    def _has_notice_activities(self, kind, vals_list):
        """Whether records of this model can have activities of this type."""
        model = vals_list[0]["res_model"]
        return "activity_ids" in self.env[model]._fields and kind.activity_type_id.res_model in (False, model)

    def _get_notice_readers(self, model, vals_list):
        """Ids of the records that each person may read, by the id of the person."""
        ids_by_user = {}
        for vals in vals_list:
            ids_by_user.setdefault(vals["user_id"], set()).add(vals["res_id"])
        return {
            user_id: set(model.with_user(user_id).browse(ids)._filtered_access("read").ids)
            for user_id, ids in ids_by_user.items()
        }

    def _prepare_notice_activity_values(self, kind, vals):
        user = self.env["res.users"].sudo().browse(vals["user_id"])
        return {
            "activity_type_id": kind.activity_type_id.id,
            "res_model_id": self.env["ir.model"]._get_id(vals["res_model"]),
            "res_id": vals["res_id"],
            "user_id": user.id,
            "summary": vals["cause"],
            "note": vals["body"],
            "automated": True,
            "date_deadline": self.env["sales.notice"]._get_local_date(user),
        }
