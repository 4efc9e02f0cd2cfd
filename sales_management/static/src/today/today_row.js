import {Component} from "@odoo/owl";

/** A thing to do, and the buttons that finish it. */
export class TodayRow extends Component {
    static template = "sales_management.TodayRow";
    static props = {
        row: Object,
        busy: Boolean,
        onOpen: Function,
        onPerform: Function,
    };

    get deal() {
        const deal = this.props.row.deal;
        // The name of a deal that is the title already is not said twice.
        const name = deal.customer || (deal.name === this.props.row.title ? "" : deal.name);
        return [deal.number, name].filter(Boolean).join(" · ");
    }

    get actions() {
        return this.props.row.actions.filter((action) => action.type !== "call" || this.props.row.deal);
    }
}
