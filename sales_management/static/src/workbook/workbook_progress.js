import {Component, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const SECONDS = 3;

/** Looks again from time to time as long as a workbook is being made, so that nobody needs to. */
export class WorkbookProgress extends Component {
    static template = xml`<span class="o_sales_workbook_progress" />`;
    static props = {...standardWidgetProps};

    setup() {
        this.timer = setInterval(() => this.refresh(), SECONDS * 1000);
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        const {record} = this.props;
        if (record.resId && ["waiting", "running"].includes(record.data.state)) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("sales_workbook_progress", {component: WorkbookProgress});
