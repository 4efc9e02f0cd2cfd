import {registry} from "@web/core/registry";

let clicks = 0;

registry.category("web_tour.tours").add("order_is_repeated", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_repeat_order]",
            run() {
                clicks = 0;
                document.addEventListener("click", () => clicks++, {capture: true});
            },
        },
        {
            trigger: ".o_form_view button[name=action_repeat_order]",
            run: "click",
        },
        {
            content: "A quotation at the prices of then, which needs nobody",
            trigger: ".o_sales_release_line:contains(Released)",
        },
        {
            trigger: ".o_form_view .o_statusbar_buttons button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_arrow_button_current:contains(Sales Order)",
        },
        {
            content: "Three clicks at most",
            trigger: ".o_form_view button[name=action_repeat_order]",
            run() {
                if (clicks > 3) {
                    throw new Error(`It took ${clicks} clicks, not three`);
                }
            },
        },
    ],
});
