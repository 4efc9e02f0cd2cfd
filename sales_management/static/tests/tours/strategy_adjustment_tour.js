import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("strategy_adjustment", {
    steps: () => [
        {
            content: "Say what is to change",
            trigger: ".o_kanban_button_new, .o-kanban-button-new, .o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            run: "edit Quote within a day",
        },
        {
            content: "The figure that is to move",
            trigger: ".o_form_view .o_field_widget[name=indicator] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/Win Rate|赢单率/)",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=target] input",
            run: "edit 60",
        },
        {
            trigger: ".o_form_button_save:enabled",
            run: "click",
        },
        {
            content: "What it has been since the change is read from the reports",
            trigger: ".o_form_view button[name=action_read_actual]:visible",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=actual]:contains(100)",
        },
        {
            content: "It opens the deals behind it",
            trigger: ".o_form_view button[name=action_open_records]:visible",
            run: "click",
        },
        {
            trigger: ".o_action_manager .o_view_controller:not(:has(.o_form_view)):contains(Deal 1)",
        },
    ],
});
