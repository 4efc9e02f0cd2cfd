import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("product_is_bought_together", {
    steps: () => [
        {
            trigger: ".o_sales_co_purchase button:contains(Often bought together)",
            run: "click",
        },
        {
            content: "With the reason in words",
            trigger: ".o_sales_co_purchase li:contains(in 4 of 8 orders with HD-M03)",
        },
        {
            trigger: ".o_sales_co_purchase li:contains(SE-01) button",
            run: "click",
        },
        {
            content: "It stands among the lines now, at its price, and is suggested no more",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(SE-01):contains(5.00)",
        },
        {
            trigger: ".o_sales_co_purchase:not(:contains(SE-01)) li:contains(HO-01)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});
