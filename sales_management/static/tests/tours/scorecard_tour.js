import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("scorecard_publish", {
    steps: () => [
        {
            content: "Drafts of a period, with the result of each person",
            trigger: ".o_list_view .o_data_row:contains(Salesperson) td[name=total]:contains(50)",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Salesperson) td[name=user_id]",
            run: "click",
        },
        {
            content: "What an indicator is read from is a click away",
            trigger: ".o_form_view [name=line_ids] .o_data_row button[name=action_open_source]",
            run: "click",
        },
        {
            trigger: ".o_action_manager .o_view_controller:not(:has(.o_form_view)):contains(Deal 1)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item.o_back_button a, .o_breadcrumb .breadcrumb-item a:last",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_publish]:visible",
            run: "click",
        },
        {
            content: "It is locked until somebody says why it is made anew",
            trigger: ".o_form_view button[name=action_open_reopen]:visible",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input, .modal .o_field_widget[name=reason] textarea",
            run: "edit wrong target",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view button[name=action_publish]:visible",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_open_reopen]:visible",
        },
    ],
});

registry.category("web_tour.tours").add("scorecard_own", {
    steps: () => [
        {
            content: "A person finds the own scorecard, and no other",
            trigger: ".o_kanban_view .o_kanban_record:contains(Salesperson):only",
            run: "click",
        },
        {
            content: "The points of each indicator stand on a card",
            trigger: ".o_form_view [name=line_ids] .o_kanban_record:contains(50)",
        },
    ],
});
