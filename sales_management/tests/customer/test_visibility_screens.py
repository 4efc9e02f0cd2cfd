"""Ordinary screens of salespeople open, whichever customers of others are on them."""

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_visibility import VisibilityCommon

WORDS = "A word from outside"


@tagged("post_install", "-at_install", "access", "customer")
class TestVisibilityScreens(VisibilityCommon):
    """The web client's own calls: nothing that a salesperson usually opens is refused for a customer in it."""

    def setUp(self):
        super().setUp()
        self.authenticate(self.salesperson.login, self.salesperson.login)

    def _rpc(self, route, **params):
        self.env.flush_all()
        result = self.make_jsonrpc_request(route, params)
        self.env.invalidate_all()
        return result

    def _kw(self, model, method, args=(), **kwargs):
        return self._rpc(f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs)

    def _open_form(self, record, view=None):
        """Read what the form of a record shows, subfields included."""
        views = self._kw(record._name, "get_views", [[[view, "form"]]], options={"load_filters": False})
        specification = self._specify(views["models"], record._name, views["views"]["form"]["arch"])
        [values] = self._kw(record._name, "web_read", [record.ids], specification=specification)
        return values

    def _specify(self, models, model, arch):
        specification = {}

        def add(node, model, into):
            for child in node:
                if child.tag == "field" and child.get("name") in models[model]["fields"]:
                    field = models[model]["fields"][child.get("name")]
                    spec = into.setdefault(child.get("name"), {})
                    if field["type"] == "many2one":
                        spec["fields"] = {"display_name": {}}
                    elif field["type"] in ("one2many", "many2many"):
                        spec["fields"] = {"id": {}, "display_name": {}}
                        comodel = field["relation"]
                        if comodel in models:
                            for view in child:
                                if view.tag in ("list", "kanban", "form"):
                                    add(view, comodel, spec["fields"])
                else:
                    add(child, model, into)

        add(etree.fromstring(arch), model, specification)
        return specification

    def test_forms_open(self):
        self.foreign.child_ids.user_id = self.stranger
        order = self._create_order(
            self.mate_deal,
            partner_id=self.foreign.id,
            partner_shipping_id=self.foreign.child_ids[0].id,
            user_id=self.salesperson.id,
        )
        order.action_confirm()
        for record in (self.mate_deal, order, order.picking_ids, self.foreign):
            with self.subTest(record._name):
                self._open_form(record)

    def test_what_opens_without_the_rule_opens_with_it(self):
        """Each field of what a salesperson reads, one by one: core refuses some of them anyway."""
        address = self.foreign.child_ids
        order = self._confirm_order(
            self.mate_deal, partner_id=self.own.id, partner_shipping_id=address.id, user_id=self.salesperson.id
        )
        order.message_subscribe((self.mates | self.foreign).ids)
        invoice = order._create_invoices()
        invoice.invoice_user_id = self.salesperson
        (self.mate_deal | self.foreign_deal).partner_id = self.mates
        event = self.env["calendar.event"].create(
            {"name": "Visit", "user_id": self.member.id, "partner_ids": [Command.set((self.own | self.foreign).ids)]}
        )
        portal = self.portal
        portal.partner_id.parent_id = self.foreign
        order.activity_schedule("mail.mail_activity_data_todo", user_id=self.salesperson.id)
        records = [self.mate_deal, order, order.order_line, order.picking_ids, order.picking_ids.move_ids, invoice]
        records += [event, event.attendee_ids, order.activity_ids, order.message_ids, order.message_follower_ids]
        self.env.flush_all()
        for record in records:
            self.env.company.customer_visibility_limited = False
            opens = [name for name in record._fields if self._reads(record, name)]
            self.env.company.customer_visibility_limited = True
            self.assertFalse([name for name in opens if not self._reads(record, name)], record._name)

    def _reads(self, record, name):
        self.env.invalidate_all()
        try:
            record.with_user(self.salesperson).read([name])
        except AccessError:
            return False
        return True

    def test_quotation_is_made_and_confirmed(self):
        order_id = self._call(
            self.salesperson,
            "sale.order",
            "create",
            vals_list=[
                {
                    "partner_id": self.own.id,
                    "order_line": [[0, 0, {"product_id": self.bolt.id, "product_uom_qty": 1}]],
                }
            ],
        )
        self._call(self.salesperson, "sale.order", "action_confirm", ids=order_id)
        self._call(self.salesperson, "sale.order", "message_post", ids=order_id, body=WORDS, partner_ids=self.own.ids)

    def test_lists_groups_and_searches_open(self):
        for model in ("crm.lead", "sale.order", "stock.picking", "res.partner", "res.users", "calendar.event"):
            with self.subTest(model):
                self._kw(model, "web_search_read", [], domain=[], specification={"display_name": {}}, limit=80)
        self._kw("sale.order", "web_read_group", [], domain=[], groupby=["partner_id"], aggregates=["__count"])
        names = self._kw("res.partner", "name_search", [], name="", limit=1000)
        found = {partner_id for partner_id, _name in names}
        self.assertIn(self.own.id, found)
        self.assertNotIn(self.foreign.id, found)

    def test_calendar_opens_with_guests_of_others(self):
        start = fields.Datetime.now()
        event = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": start,
                "stop": start,
                "user_id": self.member.id,
                "partner_ids": [
                    Command.set((self.mates | self.foreign | self.salesperson.partner_id | self.member.partner_id).ids)
                ],
            }
        )
        values = self._open_form(event)
        self.assertEqual(values["name"], "Visit")
        attendees = self.env["res.partner"].browse(partner["id"] for partner in values["partner_ids"])
        self._kw("res.partner", "get_attendee_detail", [attendees.ids, event.ids])
        attendee = event.attendee_ids.filtered(lambda row: row.partner_id == self.salesperson.partner_id)
        self._kw("calendar.attendee", "do_accept", [attendee.ids])
        self.assertEqual(attendee.state, "accepted")

    def test_chatter_shows_authors_and_followers_of_others(self):
        self.mate_deal.message_subscribe((self.foreign | self.mates).ids)
        self.mate_deal.message_post(
            body=WORDS,
            author_id=self.foreign.child_ids[0].id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.mates.ids,
        )
        thread = {"thread_model": "crm.lead", "thread_id": self.mate_deal.id}
        data = self._rpc("/mail/thread/messages", **thread)
        self.assertTrue(data["messages"])
        self._rpc(
            "/mail/data",
            fetch_params=[
                [
                    "mail.thread",
                    {
                        **thread,
                        "request_list": [
                            "activities",
                            "attachments",
                            "contact_fields",
                            "followers",
                            "scheduledMessages",
                            "suggestedRecipients",
                        ],
                    },
                ]
            ],
        )
        self._kw("mail.followers", "read", [self.mate_deal.message_follower_ids.ids, ["display_name"]])

    def test_discuss_shows_members_of_others(self):
        channel = self.env["discuss.channel"].create(
            {
                "name": "Fair",
                "channel_type": "group",
                "channel_member_ids": [
                    Command.create({"partner_id": partner.id})
                    for partner in (self.salesperson.partner_id, self.portal.partner_id, self.foreign)
                ],
            }
        )
        channel.message_post(
            body=WORDS, author_id=self.foreign.id, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._rpc("/discuss/channel/members", channel_id=channel.id, known_member_ids=[])
        self._rpc("/discuss/channel/messages", channel_id=channel.id)
        self._rpc("/mail/data", fetch_params=["init_messaging", "systray_get_activities"])
        self._rpc("/mail/inbox/messages")
        self._kw("res.partner", "get_mention_suggestions", [], search="for")

    def test_quotation_is_sent_to_followers_of_others(self):
        order = self.orders[self.mate_deal]
        order.partner_id = self.own
        order.message_subscribe(self.foreign.ids)
        order.message_post(
            body=WORDS, author_id=self.foreign.id, message_type="email", subtype_xmlid="mail.mt_comment"
        )
        action = self._kw("sale.order", "action_quotation_send", [order.ids])
        composer = self._kw("mail.compose.message", "create", [{}], context=action["context"])
        composer_id = composer[0] if isinstance(composer, list) else composer
        self._kw("mail.compose.message", "web_read", [[composer_id]], specification={"partner_ids": {"fields": {}}})
        self._kw("mail.compose.message", "action_send_mail", [[composer_id]], context=action["context"])
        self.assertEqual(order.state, "sent")
