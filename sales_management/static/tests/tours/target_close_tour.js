import {registry} from "@web/core/registry";

const save = {
    trigger: ".o_form_button_save:enabled",
    run: "click",
};

registry.category("web_tour.tours").add("target_gap", {
    steps: () => [
        {
            content: "The targets of now, with how far they are",
            trigger: ".o_list_view .o_data_row:contains(Salesperson) .o_progressbar",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Salesperson) td[name=name]",
            run: "click",
        },
        {
            content: "What the whole does not give to any part is said",
            trigger: ".o_form_view .alert-warning:visible:contains(600)",
        },
        {
            content: "The amount leads to the lines that make it",
            trigger: ".o_form_view button[name=action_open_results]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td[name=amount_untaxed]",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a, .o_breadcrumb .breadcrumb-item a:last",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=amount] input",
            run: "edit 900",
        },
        {
            content: "The gap follows what is typed",
            trigger: ".o_form_view .o_field_widget[name=period_kind]",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert-warning:visible:contains(100)",
        },
        save,
        {
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});

registry.category("web_tour.tours").add("target_closed", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_close]:visible",
            run: "click",
        },
        {
            content: "A closed target cannot be changed",
            trigger: ".o_form_view .o_field_widget[name=amount].o_readonly_modifier",
        },
        {
            trigger: ".o_form_view button[name=action_open_reopen]:visible",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit late order",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.modal)) .o_field_widget[name=amount]:not(.o_readonly_modifier) input",
        },
    ],
});
