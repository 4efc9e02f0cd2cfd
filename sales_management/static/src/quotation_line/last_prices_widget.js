import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {usePopover} from "@web/core/popover/popover_hook";
import {useService} from "@web/core/utils/hooks";

/** The last prices of a product for a customer, looked up when they are asked for. */
export class LastPricesPopover extends Component {
    static template = "sales_management.LastPricesPopover";
    static props = {record: Object, close: {type: Function, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.state = useState({answer: false});
        onWillStart(() => this.load());
    }

    async load() {
        const {record} = this.props;
        const order = record.evalContext.parent;
        const [answer] = await this.orm.call("sale.order", "get_last_prices", [], {
            partner_id: order.partner_id,
            products: [[record.data.product_id.id, record.data.product_uom_id.id]],
            company_id: order.company_id,
            currency_id: order.currency_id,
            order_id: order.id || false,
        });
        this.state.answer = answer || false;
    }

    get rows() {
        return this.state.answer ? this.state.answer.last : [];
    }

    get unit() {
        return this.props.record.data.product_uom_id?.display_name || "";
    }

    get isConverted() {
        const {answer} = this.state;
        return answer && [...answer.last, answer.lowest].some((found) => found && found.is_converted);
    }

    describeOutcome(outcome) {
        return {won: _t("won"), lost: _t("lost"), open: _t("open")}[outcome];
    }

    formatDate(date) {
        return formatDate(deserializeDate(date));
    }

    formatQuantity(quantity) {
        return formatFloat(quantity, {trailingZeros: false});
    }

    formatPrice({price, is_converted}) {
        const digits = this.props.record.fields.price_unit?.digits || [16, 2];
        return (is_converted ? "≈ " : "") + formatFloat(price, {digits});
    }
}

export class LastPricesWidget extends Component {
    static template = "sales_management.LastPricesWidget";
    static props = {...standardWidgetProps};

    setup() {
        this.popover = usePopover(LastPricesPopover, {position: "top"});
    }

    get text() {
        return this.props.record.data.last_price_text || "";
    }

    open(ev) {
        this.popover.open(ev.currentTarget, {record: this.props.record});
    }
}

registry.category("view_widgets").add("sales_last_prices", {
    component: LastPricesWidget,
    fieldDependencies: [{name: "last_price_text", type: "char"}],
});
