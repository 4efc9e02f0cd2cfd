import {registry} from "@web/core/registry";

const LINES = ".o_field_widget[name=order_line]";
const LINE = `${LINES} .o_data_row:first`;

function checkCursor() {
    const {activeElement} = document;
    if (!activeElement.closest("[name=product_uom_qty]")) {
        throw new Error("The cursor has moved");
    }
    if (document.querySelector(".o_form_status_indicator_buttons.invisible")) {
        throw new Error("The quotation was saved");
    }
}

registry.category("web_tour.tours").add("promise_on_quotation", {
    steps: () => [
        {
            trigger: `${LINE} .o_sales_promise:contains(/in stock|现货/)`,
        },
        {
            trigger: `${LINE} td[name=product_uom_qty]`,
            run: "click",
        },
        {
            content: "More than there is",
            trigger: `${LINE} td[name=product_uom_qty] input`,
            run: "edit 15",
        },
        {
            trigger: `${LINE} td[name=product_uom_qty] input`,
            run() {
                this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            content: "The date changes without a save, and the cursor stays where it is",
            trigger: `${LINE} .o_sales_promise:contains(/on the way|在途/)`,
            run: checkCursor,
        },
        {
            trigger: `${LINE} .o_sales_promise`,
            run: "click",
        },
        {
            content: "It says in which parts, and what would make it earlier",
            trigger:
                ".o_sales_promise_popover .o_sales_promise_steps:contains(/in stock|现货/):contains(/receipt|收货/)",
        },
        {
            trigger: ".o_sales_promise_popover .o_sales_promise_hints:contains(/split the line|拆分明细/)",
        },
        {
            content: "The line is saved, and takes its date",
            trigger: ".o_sales_promise_popover .o_sales_promise_take",
            run: "click",
        },
        {
            trigger: `body:not(:has(.o_sales_promise_popover)) ${LINE} .o_sales_promise[data-state=ok] .fa-handshake-o`,
        },
        {
            content: "One click takes the others",
            trigger: "button[name=action_commit_promise]",
            run: "click",
        },
        {
            trigger: `${LINES} .o_data_row:last .o_sales_promise[data-state=ok]`,
        },
    ],
});
registry.category("web_tour.tours").add("promise_on_phone", {
    steps: () => [
        {
            trigger: `${LINES} .o_kanban_record .o_sales_promise:contains(/on the way|在途/)`,
            run: "click",
        },
        {
            trigger: ".o_sales_promise_popover .o_sales_promise_take",
            run() {
                const {left, right} = document.querySelector(".o_sales_promise_popover").getBoundingClientRect();
                if (left < 0 || right > window.innerWidth) {
                    throw new Error("The window of a promise is wider than the screen");
                }
            },
        },
        {
            trigger: ".o_sales_promise_popover .o_sales_promise_take",
            run: "click",
        },
        {
            trigger: `${LINES} .o_kanban_record .o_sales_promise[data-state=ok]`,
        },
    ],
});
