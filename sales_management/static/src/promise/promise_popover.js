import {Component, onWillStart, useState} from "@odoo/owl";
import {describeCertainty, describeConfidence, describeState, formatDay} from "./promise_words";
import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {formatFloat} from "@web/views/fields/formatters";

/** Why a line can be delivered on its date, how sure that is, and what would make it earlier. */
export class PromisePopover extends Component {
    static template = "sales_management.PromisePopover";
    static props = {record: Object, close: {type: Function, optional: true}};

    setup() {
        this.record = useState(this.props.record);
        this.state = useState({isRunning: false});
        onWillStart(async () => {
            this.words = await this.askWords();
        });
    }

    /** What the answer waits for, in words: of the line as it stands in the form, saved or not. */
    askWords() {
        const {promise_detail: detail, product_uom_qty: quantity, ...data} = this.data;
        if (!detail) {
            return {};
        }
        const ids = ["product_id", "product_uom_id", "warehouse_id"].map((name) => data[name]?.id || false);
        return this.env.services.orm.silent.call("sale.order.line", "describe_promise", [detail, quantity, ...ids]);
    }

    get data() {
        return this.record.data;
    }

    get day() {
        return this.data.promise_date ? formatDay(this.data.promise_date) : _t("No date");
    }

    get committedDay() {
        return formatDay(this.data.promise_committed_date);
    }

    get commitment() {
        return describeState(this.data.promise_state);
    }

    get certainty() {
        return describeCertainty(this.data.promise_confidence);
    }

    get confidence() {
        return describeConfidence(this.data.promise_confidence);
    }

    get steps() {
        const steps = this.words.schedule || [];
        return steps.length < 2 ? [] : steps;
    }

    get unit() {
        return this.data.product_uom_id?.display_name || "";
    }

    get computedAt() {
        const {at: moment} = JSON.parse(this.data.promise_detail || "{}");
        return moment ? formatDateTime(deserializeDateTime(moment), {showSeconds: false}) : "";
    }

    /** What the server knows of the line, and what follows from how the order is shipped. */
    get hints() {
        const {promise_date: own} = this.data;
        const {picking_policy: policy, promise_date: whole} = this.record.evalContext.parent || {};
        const wholeDate = whole && (typeof whole === "string" ? deserializeDateTime(whole) : whole);
        const isWaiting = policy === "one" && own && wholeDate && wholeDate > own;
        const policyHints = isWaiting
            ? [
                  _t(
                      "The order is shipped at once, on %s. Shipped as soon as possible, this line goes earlier.",
                      formatDay(wholeDate),
                  ),
              ]
            : [];
        return [...(this.words.hints || []), ...policyHints];
    }

    get canAsk() {
        return ["d", "e"].includes(this.data.promise_confidence);
    }

    get isTakeable() {
        const {promise_date: date, promise_committed_date: committed, state} = this.data;
        return Boolean(date) && state !== "cancel" && !(committed && committed.equals(date));
    }

    get isSaved() {
        return Boolean(this.record.resId);
    }

    describeStep({date, qty}) {
        const day = date ? formatDay(deserializeDateTime(date)) : _t("nobody knows when");
        return {day, quantity: formatFloat(qty, {trailingZeros: false})};
    }

    take() {
        return this.run("action_commit_promise");
    }

    ask() {
        return this.run("action_ask_production");
    }

    /** What is typed is saved first: what is committed is the line as it stands. */
    async run(method) {
        // Saving draws the line anew, and with it goes this window: its own services would answer nobody.
        const {orm, action: actions} = this.env.services;
        const {root} = this.record.model;
        const {resId} = this.record;
        this.state.isRunning = true;
        try {
            if (!(await root.save())) {
                return;
            }
            const action = await orm.call("sale.order.line", method, [[resId]]);
            this.props.close?.();
            if (action && typeof action === "object") {
                await actions.doAction(action, {onClose: () => root.load()});
            } else {
                await root.load();
            }
        } finally {
            this.state.isRunning = false;
        }
    }
}
