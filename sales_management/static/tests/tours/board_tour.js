import {registry} from "@web/core/registry";

const back = {
    trigger: ".o_back_button, .breadcrumb-item a:contains(Sales Board)",
    run: "click",
};

registry.category("web_tour.tours").add("sales_board", {
    steps: () => [
        {
            content: "A card opens the records that its value counts",
            trigger: ".o-scorecard[role=button]:first",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:only:contains(Hangzhou Bolt)",
        },
        back,
        {
            content: "So does a cell of the table",
            trigger: ".o-dashboard-clickable-cell:first",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:only:contains(Hangzhou Bolt)",
        },
        back,
        {
            content: "The other boards stand beside it",
            trigger: ".o_search_panel_category_value:contains(Process Health)",
            run: "click",
        },
        {
            trigger: ".o_search_panel_category_value.active:contains(Process Health)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_board_sample", {
    steps: () => [
        {
            content: "Without a sale, the board shows what it could look like",
            trigger: ".o_renderer.o-sample-dashboard .o-scorecard:first",
        },
        {
            trigger: ".o_spreadsheet_dashboard_action:not(:has(.o_searchview))",
        },
    ],
});
