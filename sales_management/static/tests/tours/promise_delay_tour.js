import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

const LINE = ".o_field_widget[name=order_line] .o_data_row:first .o_sales_promise";
const DELAYED_DAYS = 7;
const state = {};

function call(model, method, args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, {model, method, args, kwargs: {}});
}

/** Another user hears that the receipt comes later, while the quotation is open. */
async function delayReceipt() {
    const domain = [
        ["picking_code", "=", "incoming"],
        ["product_id.name", "=", "Bolt"],
    ];
    const [move] = await call("stock.move", "search_read", [domain, ["date"]]);
    const date = luxon.DateTime.fromSQL(move.date, {zone: "utc"}).plus({days: DELAYED_DAYS});
    await call("stock.move", "write", [[move.id], {date: date.toFormat("yyyy-MM-dd HH:mm:ss")}]);
}

registry.category("web_tour.tours").add("promise_delayed", {
    steps: () => [
        {
            trigger: `${LINE}:contains(/on the way|在途/)`,
            async run() {
                state.text = this.anchor.textContent;
                await delayReceipt();
            },
        },
        {
            content: "The date is asked for anew",
            trigger: "button[name=action_refresh_promise]:visible",
            run: "click",
        },
        {
            content: "It is another one",
            trigger: `${LINE}:contains(/on the way|在途/)`,
            async run() {
                for (let turn = 0; turn < 50; turn++) {
                    if (document.querySelector(LINE.replace(":first", "")).textContent !== state.text) {
                        return;
                    }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
                throw new Error(`The date stayed: ${state.text}`);
            },
        },
    ],
});

registry.category("web_tour.tours").add("promise_at_risk", {
    steps: () => [
        {
            content: "What can no longer be held is listed",
            trigger: ".o_data_row:contains(Bolt) td[name=order_name]",
            run: "click",
        },
        {
            content: "The order says so, and offers the new date",
            trigger: `${LINE}[data-state=at_risk]`,
            run: "click",
        },
        {
            trigger: ".o_sales_promise_popover .o_sales_promise_take",
            run: "click",
        },
        {
            trigger: `body:not(:has(.o_sales_promise_popover)) ${LINE}[data-state=ok]`,
        },
    ],
});
