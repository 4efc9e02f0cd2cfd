"""Reports are read from a streaming replica: what the primary has since is not in them, and nothing of them writes."""

import json
import subprocess
import urllib.request
from http.cookiejar import CookieJar

from sandbox.setup import core, databases, paths, replica, server, suites

LOGIN = "admin"
#: What boards and targets read, with the method by which their screens read it.
READS = {
    "sales.result": [["metric", "in", ["ordered", "invoiced", "collected", "margin"]]],
    "sales.stage.report": [],
    "sales.conversion.report": [],
    "sales.task.report": [],
    "sales.deal.report": [],
    "sales.forecast.report": [],
    "sales.forecast.change": [],
    "sales.forecast.accuracy": [],
    "sales.quotation.report": [],
    "sales.retention.report": [],
    "sales.target.report": [],
    "sales.trend.report": [["metric", "=", "ordered"]],
}
PREPARE = """
env.company.write({name: True for name in env["res.company"]._get_capability_groups()})
env["res.users"].search([("login", "=", "admin")]).password = "admin"
env.cr.commit()
"""
ORDER = """
product = env["product.product"].create({"name": "Bolt", "type": "consu", "list_price": 100, "taxes_id": False})
order = env["sale.order"].create({
    "partner_id": env["res.partner"].create({"name": "Hangzhou Bolt"}).id,
    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2})],
})
order.action_confirm()
env.cr.commit()
"""


class Client:
    """A browser as far as this test needs one."""

    def __init__(self, url, database):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.call("/web/session/authenticate", {"db": database, "login": LOGIN, "password": LOGIN})

    def call(self, path, params):
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=120) as response:
            answer = json.load(response)
        assert "error" not in answer, answer["error"]["data"]["debug"][-2000:]
        return answer["result"]

    def read(self, model, domain, aggregates):
        kwargs = {"domain": domain, "groupby": [], "aggregates": aggregates}
        return self.call(
            f"/web/dataset/call_kw/{model}/formatted_read_group",
            {"model": model, "method": "formatted_read_group", "args": [], "kwargs": kwargs},
        )

    def get_ordered(self):
        [row] = self.read("sales.result", [["metric", "=", "ordered"]], ["amount_untaxed:sum"])
        return row["amount_untaxed:sum"] or 0


def run(env, database, script):
    done = subprocess.run(
        env.odoo_command("shell", f"--database={database}", "--no-http", "--log-level=error"),
        input=script, capture_output=True, text=True, env=env.variables, cwd=paths.ROOT, timeout=300,
    )
    assert not done.returncode and "Traceback" not in done.stderr, done.stderr[-3000:]


def test_reports_are_read_from_the_replica(sandbox_env, make_database):
    database = make_database("replica")
    suites.install_addon(sandbox_env, database)
    run(sandbox_env, database, PREPARE)
    with replica.replicated(sandbox_env, database) as (primary, follower):
        options = [f"--db_replica_host={follower.server.host}", f"--db_replica_port={follower.server.port}"]
        with server.OdooServer(primary, database, core.free_port(), *options) as odoo:
            client = Client(odoo.url, database)
            before = client.get_ordered()
            run(primary, database, ORDER)
            replica.wait_until_caught_up(primary, follower)
            assert client.get_ordered() == before + 200
            # What happens now, only the primary knows: whoever reads it was served by the primary.
            databases.query(follower, "SELECT pg_wal_replay_pause()")
            run(primary, database, ORDER)
            assert client.get_ordered() == before + 200
            for model, domain in READS.items():
                assert client.read(model, domain, ["__count"])
            databases.query(follower, "SELECT pg_wal_replay_resume()")
            replica.wait_until_caught_up(primary, follower)
            assert client.get_ordered() == before + 400
