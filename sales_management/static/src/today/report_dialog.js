import {Component, onWillStart, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {useService} from "@web/core/utils/hooks";

/** The daily report as text: read it over, correct it, copy it into a chat. */
export class ReportDialog extends Component {
    static template = "sales_management.ReportDialog";
    static components = {Dialog};
    static props = {close: Function};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.text = useRef("text");
        this.state = useState({report: null, text: "", team: false});
        onWillStart(() => this.load({}));
    }

    async load({date = this.state.report?.date, team = this.state.team}) {
        const report = await this.orm.call("sales.today", "get_daily_report", [], {date: date || null, team});
        Object.assign(this.state, {report, text: report.text, team});
    }

    /** Reached without encryption, as in many a plant, a page has no clipboard; the browser copies what is marked. */
    async onCopy() {
        let copied = true;
        try {
            await browser.navigator.clipboard.writeText(this.state.text);
        } catch {
            this.text.el.select();
            copied = document.execCommand("copy");
        }
        this.notification.add(copied ? _t("The report was copied.") : _t("Mark the text and copy it by hand."), {
            type: copied ? "success" : "warning",
        });
    }
}
