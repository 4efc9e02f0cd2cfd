import json
import time

import requests

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _lang_get
from odoo.addons.sales_management.tools.notice import Line, Message, hide_amounts
from odoo.addons.sales_management.tools.notice_robot import ROBOTS, get_origin

#: Seconds that a robot has to connect, and again to answer.
TIMEOUT = 10
#: Bytes of an answer that are read.
ANSWER_SIZE = 65_536
#: Origins besides those of the makers that an administrator lets channels post to, separated by spaces or commas.
ORIGINS_PARAMETER = "sales_management.notice_origins"

MANAGERS = "sales_team.group_sale_manager,base.group_system"


class SalesNoticeChannel(models.Model):
    """A group chat, by its robot."""

    _name = "sales.notice.channel"
    _description = "Notice Channel"
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    provider = fields.Selection(
        [("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("feishu", "Feishu")],
        string="Robot Of",
        required=True,
        default="wecom",
    )
    webhook_url = fields.Char(
        string="Webhook",
        required=True,
        groups=MANAGERS,
        help="The address that the group's robot shows. Whoever knows it writes into the group.",
    )
    secret = fields.Char(
        string="Signing Secret",
        groups=MANAGERS,
        help="Where the robot's security setting is a signature (加签): the key that it shows.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
        help="Notices of records of this company, outside its quiet hours and days off.",
    )
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Only notices of records of these teams. Empty: of all, and of none."
    )
    kind_ids = fields.Many2many("sales.notice.kind", string="Kinds", help="What the group hears of.")
    with_amounts = fields.Boolean(
        help="Unticked, amounts of money never appear: whatever stands beside a currency, and numbers with separated "
        "thousands, is replaced by dots.",
    )
    lang = fields.Selection(
        _lang_get, string="Language", required=True, default=lambda self: self.env.user.lang or self.env.lang or "en_US"
    )
    last_success = fields.Datetime(readonly=True, copy=False)
    last_failure = fields.Datetime(readonly=True, copy=False)
    last_error = fields.Char(string="Last Problem", readonly=True, copy=False)
    failure_count = fields.Integer(
        string="Failures", readonly=True, copy=False, help="How often it failed in a row since the last success."
    )
    failed_notice_count = fields.Integer(string="Failed Notices", compute="_compute_failed_notice_count")

    # === Computes and constraints === #

    def _compute_failed_notice_count(self):
        domain = Domain("channel_id", "in", self.ids) & Domain("state", "=", "failed")
        counts = dict(self.env["sales.notice"]._read_group(domain, ["channel_id"], ["__count"]))
        for channel in self:
            channel.failed_notice_count = counts.get(channel, 0)

    @api.constrains("webhook_url", "provider")
    def _check_webhook_url(self):
        problems = list(filter(None, (channel._get_webhook_problem() for channel in self)))
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_webhook_problem(self):
        """Why nothing is posted to the address of this channel, none where something may be.

        The server must reach nothing but robots on a manager's word: its own network is behind it.
        """
        allowed = [*ROBOTS[self.provider].origins, *self._get_added_origins()]
        if get_origin(self.webhook_url) in allowed:
            return None
        return self.env._(
            "The webhook of the channel %(channel)s must begin with %(origins)s/. Copy it from the settings of the "
            "group's robot. For a server of your own, an administrator adds its origin to the system parameter "
            "%(parameter)s.",
            channel=self.name,
            origins=" / ".join(allowed),
            parameter=ORIGINS_PARAMETER,
        )

    @api.model
    def _get_added_origins(self):
        # sudo: system parameters are an administrator's; their list of origins holds for whoever posts.
        value = self.env["ir.config_parameter"].sudo().get_param(ORIGINS_PARAMETER, "")
        return list(filter(None, map(get_origin, value.replace(",", " ").split())))

    # === Actions === #

    def action_send_test(self):
        """Send a message at once, quiet hours or not, and show how it went.

        :return: a notification
        """
        self.ensure_one()
        self.check_access("write")
        channel = self.with_context(lang=self.lang)
        text = channel.env._("%(user)s tests the channel %(channel)s.", user=self.env.user.name, channel=self.name)
        title = channel.env._("Test message")
        problem = channel._deliver(Message(title, [(title, [Line(self.company_id.name, self.get_base_url(), text)])]))
        self._keep_outcome(problem)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problem else "success",
                "sticky": bool(problem),
                "message": problem or self.env._("The robot of %(channel)s took the message.", channel=self.name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_failed_notices(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("sales_management.sales_notice_action")
        return {**action, "domain": [("channel_id", "=", self.id)], "context": {"search_default_failed": 1}}

    # === Delivery === #

    def _deliver(self, message):
        """Post a message, without amounts where the channel shows none.

        :param Message message: what is to be said, amounts included
        :return: what went wrong, none where the robot took it
        """
        self.ensure_one()
        # sudo: the address is a manager's and the server's to read, whoever caused the message.
        channel = self.sudo()
        return channel._get_webhook_problem() or channel._post(channel._hide_amounts(message))

    def _keep_outcome(self, problem):
        """Show on the channel how it went."""
        # sudo: the outcome is the server's to write.
        channel, now = self.sudo(), fields.Datetime.now()
        if problem:
            vals = {"last_failure": now, "last_error": problem, "failure_count": channel.failure_count + 1}
        else:
            vals = {"last_success": now, "last_error": False, "failure_count": 0}
        channel.write(vals)

    def _hide_amounts(self, message):
        if self.with_amounts:
            return message
        currencies = self.env["res.currency"].search_fetch([("active", "=", True)], ["name", "symbol"])
        words = {*currencies.mapped("name"), *currencies.mapped("symbol")}
        return message.map_texts(lambda text: hide_amounts(text, words))

    def _post(self, message):
        """Post a message to the robot.

        What goes wrong is said without the address, in which the key of the robot stands.

        :return: what went wrong, none where the robot took it
        """
        robot = ROBOTS[self.provider]
        host = get_origin(self.webhook_url)
        request = robot.prepare(self.webhook_url.strip(), self.secret, message, self._get_more_text, time.time())
        try:
            # A redirection could lead anywhere, the server's own network included.
            response = requests.post(
                request.url, json=request.payload, timeout=TIMEOUT, allow_redirects=False, stream=True
            )
            with response:
                body = next(response.iter_content(ANSWER_SIZE), b"")
                if response.status_code != requests.codes.ok:
                    return self.env._("%(host)s answered with status %(code)s.", host=host, code=response.status_code)
            problem = robot.get_problem(json.loads(body))
        except requests.Timeout:
            return self.env._("%(host)s did not answer within %(seconds)s seconds.", host=host, seconds=TIMEOUT)
        except requests.RequestException:
            return self.env._("%(host)s could not be reached.", host=host)
        except ValueError:
            return self.env._("%(host)s gave an answer that is not one of a robot.", host=host)
        return problem and self.env._("The robot refused it: %(problem)s", problem=problem)

    def _get_more_text(self, count):
        return self.env._("… and %(count)s more", count=count)
