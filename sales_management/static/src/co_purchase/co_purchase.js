import {Component, onWillStart, useEffect, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** Whether a person wants to see it, kept in the browser. */
const KEPT = "sales_management.co_purchase";

/** What buyers of the products of a quotation take along: asked for when it is unfolded, added by a click. */
export class CoPurchaseWidget extends Component {
    static template = "sales_management.CoPurchase";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        const isOpen = browser.localStorage.getItem(KEPT) === "open";
        this.state = useState({isOpen, isAsked: false, isAdding: false, rows: []});
        onWillStart(() => {
            this.asked = "";
        });
        useEffect(
            (isShown, products) => {
                if (isShown) {
                    this.load(products);
                }
            },
            () => [this.state.isOpen && this.isShown, this.products.join()],
        );
    }

    get order() {
        return this.props.record;
    }

    /** Not where lines cannot be added: a revision that was replaced, a quotation that is frozen. */
    get isShown() {
        return ["draft", "sent"].includes(this.order.data.state) && !this.order._isReadonly("order_line");
    }

    /** Of the lines as they stand in the form, saved or not. */
    get products() {
        const ids = this.order.data.order_line.records.map((line) => line.data.product_id?.id || 0);
        return [...new Set(ids)].filter(Boolean).sort((a, b) => a - b);
    }

    toggle() {
        this.state.isOpen = !this.state.isOpen;
        browser.localStorage.setItem(KEPT, this.state.isOpen ? "open" : "closed");
    }

    /** Asked anew only when other products are in the quotation: neither by a quantity nor by a key. */
    async load(products) {
        const {company_id: company} = this.order.data;
        const asked = [company?.id, products].join();
        if (asked === this.asked) {
            return;
        }
        this.asked = asked;
        const ids = this.products;
        const rows =
            ids.length && company
                ? await this.keepLast.add(
                      this.orm.silent.call("sales.product.pair", "suggest_products", [
                          ids,
                          company.id,
                          this.order.resId || false,
                      ]),
                  )
                : [];
        Object.assign(this.state, {rows, isAsked: true});
    }

    /** A line as one gets it by choosing the product: price list, taxes and text are those of the server. */
    async add(row) {
        if (this.state.isAdding) {
            return;
        }
        this.state.isAdding = true;
        const lines = this.order.data.order_line;
        try {
            await lines.leaveEditMode();
            await lines.addNewRecord({
                position: "bottom",
                mode: "readonly",
                context: {default_product_id: row.id},
            });
            this.state.rows = this.state.rows.filter((other) => other.id !== row.id);
        } finally {
            this.state.isAdding = false;
        }
    }
}

registry.category("view_widgets").add("sales_co_purchase", {
    component: CoPurchaseWidget,
    fieldDependencies: [
        {name: "state", type: "selection", selection: []},
        {name: "company_id", type: "many2one", relation: "res.company"},
    ],
});
