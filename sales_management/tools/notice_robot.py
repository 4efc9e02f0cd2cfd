"""The group robots of WeCom, DingTalk and Feishu: what is posted to them, and what their answers mean.

A robot answers 200 to nearly everything and says in the body whether it took the message. Nothing but its own sign of
success counts as one.
"""

import base64
import hashlib
import hmac
import json
from typing import NamedTuple
from urllib.parse import quote_plus, urlsplit

from .notice import clip

NAME_LENGTH = 80
TEXT_LENGTH = 240

#: Read as a mention of people, or as a link, by one robot or another.
_NEUTRAL = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "`": "'"})


def neutralize(text):
    """A text that no robot takes for a mention, a link or code.

    >>> neutralize('<at user_id="all">[x](https://y)')
    '‹at user_id="all"›(x)(https://y)'
    """
    return text.translate(_NEUTRAL)


def get_origin(url):
    """Scheme, host and port of an address, as addresses are compared; none for anything else.

    >>> get_origin("https://OPEN.feishu.cn:443/hook/1"), get_origin("https://open.feishu.cn@evil.example/")
    ('https://open.feishu.cn', 'https://evil.example')
    >>> get_origin("http://127.0.0.1:8000/"), get_origin("file:///etc/passwd"), get_origin("https://[x/")
    ('http://127.0.0.1:8000', None, None)
    """
    try:
        parts = urlsplit((url or "").strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in (None, usual) else f"{parts.scheme}://{host}:{port}"


def fit(head, lines, limit, measure, more):
    """As many lines as fit, the last one saying how many more there are where some do not.

    :param head: what stands first in any case
    :param int limit: the greatest size that ``measure`` may give for a list of lines
    :param more: gives the line for a number of lines left out

    >>> fit(["T"], ["aa", "bb", "cc"], 10, lambda lines: len("".join(lines)), "+{}".format)
    ['T', 'aa', 'bb', 'cc']
    >>> fit(["T"], ["aa", "bb", "cc"], 6, lambda lines: len("".join(lines)), "+{}".format)
    ['T', 'aa', '+2']
    """
    if measure([*head, *lines]) <= limit:
        return [*head, *lines]
    kept = list(head)
    room = limit - measure([*head, more(len(lines))])
    for line in lines:
        # A list of one more measures at most the sum of both: what lies between lines is part of each measure.
        room -= measure([line, line]) - measure([line])
        if room < 0:
            break
        kept.append(line)
    return [*kept, more(len(lines) - len(kept) + len(head))]


class Request(NamedTuple):
    """What is posted."""

    url: str
    payload: dict


class Robot:
    """What robots have in common. ``origins`` are the addresses that the makers serve them from."""

    origins = ()
    limit = 18_000

    def prepare(self, url, secret, message, more, now):
        """The request that says a message.

        :param str secret: key of the signature; empty: unsigned
        :param notice.Message message: what is to be said
        :param more: gives the line for a number of lines that did not fit
        :param float now: seconds since the epoch
        :rtype: Request
        """
        raise NotImplementedError

    def get_problem(self, answer):
        """What an answer says went wrong, none where the message was taken.

        :param answer: the decoded body; anything
        """
        raise NotImplementedError

    @staticmethod
    def _get_code_problem(answer, code_key, message_key):
        """
        >>> Robot._get_code_problem({"errcode": 0, "errmsg": "ok"}, "errcode", "errmsg")
        >>> Robot._get_code_problem({"errcode": 93000, "errmsg": "invalid webhook url"}, "errcode", "errmsg")
        '93000 invalid webhook url'
        >>> Robot._get_code_problem(["?"], "errcode", "errmsg"), Robot._get_code_problem({}, "errcode", "errmsg")
        ('["?"]', '{}')
        """
        code = answer.get(code_key) if isinstance(answer, dict) else None
        if code == 0 and code is not False:
            return None
        if code is None:
            return clip(json.dumps(answer, ensure_ascii=False), TEXT_LENGTH)
        return clip(f"{code} {answer.get(message_key) or ''}", TEXT_LENGTH)


class MarkdownRobot(Robot):
    """A robot that takes one text in Markdown."""

    separator = "\n"

    def _get_text(self, message, more):
        lines = []
        for cause, topic_lines in message.topics:
            lines.append(f"**{neutralize(clip(cause, NAME_LENGTH))}**")
            lines += [self._get_line(line) for line in topic_lines]
        head = [f"### {neutralize(clip(message.title, NAME_LENGTH))}"]
        return self.separator.join(fit(head, lines, self.limit, self._measure, more))

    def _get_line(self, line):
        name = f"[{neutralize(clip(line.name, NAME_LENGTH))}]({line.url})" if line.url else neutralize(line.name)
        return f"- {name} {neutralize(clip(line.text, TEXT_LENGTH))}".rstrip()

    def _measure(self, lines):
        return len(self.separator.join(lines).encode())

    def get_problem(self, answer):
        return self._get_code_problem(answer, "errcode", "errmsg")


class WecomRobot(MarkdownRobot):
    """https://developer.work.weixin.qq.com/document/path/91770: at most 4,096 bytes of Markdown, no signature."""

    origins = ("https://qyapi.weixin.qq.com",)
    limit = 4096

    def prepare(self, url, secret, message, more, now):
        text = self._get_text(message, more)
        return Request(url, {"msgtype": "markdown", "markdown": {"content": text}})


class DingtalkRobot(MarkdownRobot):
    """https://open.dingtalk.com/document/robots/custom-robot-access: 20,000 bytes; signed in the address."""

    origins = ("https://oapi.dingtalk.com",)
    separator = "\n\n"

    def prepare(self, url, secret, message, more, now):
        if secret:
            timestamp = round(now * 1000)
            url += f"{'&' if '?' in url else '?'}timestamp={timestamp}&sign={quote_plus(self.sign(secret, timestamp))}"
        text = self._get_text(message, more)
        title = neutralize(clip(message.title, NAME_LENGTH))
        return Request(url, {"msgtype": "markdown", "markdown": {"title": title, "text": text}})

    @staticmethod
    def sign(secret, timestamp):
        """
        >>> DingtalkRobot.sign("SEC", 1700000000000)
        'r+2we0q01lkZqz38LA5IPNbHN81U1leRf3Au4PSQb6Q='
        """
        return _sign(secret, f"{timestamp}\n{secret}")


class FeishuRobot(Robot):
    """https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: 20 KB; signed in the body."""

    origins = ("https://open.feishu.cn", "https://open.larksuite.com")

    def prepare(self, url, secret, message, more, now):
        lines = []
        for cause, topic_lines in message.topics:
            lines.append([self._get_text_tag(cause, NAME_LENGTH)])
            lines += [self._get_line(line) for line in topic_lines]
        content = fit([], lines, self.limit, self._measure, lambda count: [{"tag": "text", "text": more(count)}])
        post = {"title": neutralize(clip(message.title, NAME_LENGTH)), "content": content}
        payload = {"msg_type": "post", "content": {"post": {"zh_cn": post}}}
        if secret:
            timestamp = str(int(now))
            payload |= {"timestamp": timestamp, "sign": self.sign(secret, timestamp)}
        return Request(url, payload)

    def _get_line(self, line):
        name = neutralize(clip(line.name, NAME_LENGTH))
        link = {"tag": "a", "text": name, "href": line.url} if line.url else {"tag": "text", "text": name}
        return [link, self._get_text_tag(f" {line.text}", TEXT_LENGTH)] if line.text else [link]

    @staticmethod
    def _get_text_tag(text, length):
        space = " " if text.startswith(" ") else ""
        return {"tag": "text", "text": space + neutralize(clip(text, length))}

    @staticmethod
    def _measure(lines):
        # As requests writes it, with every character of Chinese as six.
        return len(json.dumps(lines))

    def get_problem(self, answer):
        """
        >>> feishu = FeishuRobot()
        >>> feishu.get_problem({"StatusCode": 0, "StatusMessage": "success"}), feishu.get_problem({"code": 0})
        (None, None)
        >>> feishu.get_problem({"code": 19021, "msg": "sign match fail or timestamp is not within one hour"})
        '19021 sign match fail or timestamp is not within one hour'
        """
        if isinstance(answer, dict) and "code" not in answer and "StatusCode" in answer:
            return self._get_code_problem(answer, "StatusCode", "StatusMessage")
        return self._get_code_problem(answer, "code", "msg")

    @staticmethod
    def sign(secret, timestamp):
        """
        >>> FeishuRobot.sign("SEC", "1700000000")
        'yKzlnG5gJbbUvULgjP0QN/V99n1fNH31XG8Rrvl9pfk='
        """
        return _sign(f"{timestamp}\n{secret}", "")


def _sign(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


ROBOTS = {"wecom": WecomRobot(), "dingtalk": DingtalkRobot(), "feishu": FeishuRobot()}
