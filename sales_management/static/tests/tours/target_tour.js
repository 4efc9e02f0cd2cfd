import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_target_split", {
    steps: () => [
        {
            content: "The target of the team, which was reached in part",
            trigger: ".o_data_row:contains(East) [name=attainment]:contains(40)",
        },
        {
            trigger: ".o_data_row:contains(East) td[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_open_split]:visible",
            run: "click",
        },
        {
            content: "People of the team share it to the cent",
            trigger: ".modal .o_data_row:contains(Salesperson) [name=amount]:contains(500)",
        },
        {
            trigger: ".modal .o_data_row:contains(Member) [name=weight]",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains(Member) [name=weight] input",
            run: "edit 3 && press Tab",
        },
        {
            content: "The amounts follow the weights",
            trigger:
                ".modal .o_data_row:contains(Member) [name=amount]:contains(750), .modal [name=amount] input:value(750)",
        },
        {
            trigger: ".modal footer button[name=action_apply]",
            run: "click",
        },
        {
            content: "Whole and parts",
            trigger: "body:not(:has(.modal)) .o_list_view .o_data_row:contains(Member) [name=amount]:contains(750)",
        },
        {
            content: "What was reached opens line by line",
            trigger: ".o_data_row:contains(Salesperson) td[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_open_results]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row [name=amount_untaxed]:contains(400)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_forecast", {
    steps: () => [
        {
            content: "The deal is judged in the list",
            trigger: ".o_group_header",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Deal 1) [name=forecast_override]",
            run: "click",
        },
        {
            trigger: ".o_data_row [name=forecast_override] input, .o_data_row [name=forecast_override] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/Commit|承诺/)",
            run: "click",
        },
        {
            trigger: ".o_list_button_save:visible",
            run: "click",
        },
        {
            content: "Saved: the row is no longer edited",
            trigger:
                ".o_list_view:not(:has(.o_selected_row)) .o_data_row:contains(Deal 1) [name=forecast_category]:contains(/Commit|承诺/)",
        },
    ],
});
