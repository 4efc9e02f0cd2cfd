import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("customer_smart_fill", {
    steps: () => [
        {
            trigger: ".o_form_view .o_field_widget[name=company_type] input[data-value=company]",
            run: "click",
        },
        {
            // With an autocompletion of its own or without.
            trigger: ".o_form_view h1 .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Weber Küchen",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=phone] input",
            run: "edit 030 1",
        },
        {
            trigger: ".o_form_view .o_sales_smart_fill",
            run: "click",
        },
        {
            content: "What is known is shown before it is taken",
            trigger: ".o_sales_smart_fill_dialog label:contains(Archived: Weber)",
        },
        {
            trigger: ".o_sales_smart_fill_dialog:not(:has([data-name=phone])) [data-name=street] input",
            run: "click",
        },
        {
            trigger: ".modal .o_sales_smart_fill_take",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=city] input:value(Berlin)",
        },
        {
            trigger: ".o_form_view .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_dirty))",
        },
    ],
});
