import {describeCertainty, describeState, formatDay} from "./promise_words";
import {Component} from "@odoo/owl";
import {PromisePopover} from "./promise_popover";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {usePopover} from "@web/core/popover/popover_hook";

/** When all of a line can be delivered, and how sure that is: on the line itself, the rest behind a click. */
export class PromiseField extends Component {
    static template = "sales_management.PromiseField";
    static props = {...standardFieldProps};

    setup() {
        this.popover = usePopover(PromisePopover, {position: "bottom", popoverClass: "o_sales_promise_window"});
    }

    get data() {
        return this.props.record.data;
    }

    get isAnswered() {
        return !this.data.display_type && Boolean(this.data.promise_confidence || this.data.promise_committed_date);
    }

    get isCommitted() {
        return Boolean(this.data.promise_committed_date);
    }

    /** What a person confirmed counts; what the system thinks of it stands beside, where it differs. */
    get day() {
        return formatDay(this.data.promise_committed_date || this.data.promise_date) || _t("No date");
    }

    get estimate() {
        const {promise_committed_date: committed, promise_date: date, promise_state: state} = this.data;
        const isMissed = ["late", "at_risk"].includes(state);
        return committed && date && isMissed && !committed.hasSame(date, "day") ? formatDay(date) : "";
    }

    get certainty() {
        return describeCertainty(this.data.promise_confidence);
    }

    get dayColor() {
        return describeState(this.data.promise_state).color;
    }

    get title() {
        return [
            this.isCommitted && _t("Committed: %s", formatDay(this.data.promise_committed_date)),
            describeState(this.data.promise_state).words,
        ]
            .filter(Boolean)
            .join(" · ");
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {record: this.props.record});
    }
}

registry.category("fields").add("sales_promise", {
    component: PromiseField,
    displayName: _t("Promise"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        {name: "display_type", type: "selection", selection: []},
        {name: "product_uom_id", type: "many2one", relation: "uom.uom"},
        {name: "warehouse_id", type: "many2one", relation: "stock.warehouse"},
        // As few as will do: the form asks for each of every line at every key. Words are asked for by a click.
        {name: "promise_committed_date", type: "datetime"},
        {name: "promise_confidence", type: "selection", selection: []},
        {name: "promise_detail", type: "text"},
        {name: "promise_state", type: "selection", selection: []},
        {name: "state", type: "selection", selection: []},
    ],
});
