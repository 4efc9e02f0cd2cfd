import {registry} from "@web/core/registry";

const back = {
    trigger: ".o_back_button, .breadcrumb-item a:contains(/Sales Board|销售看板/)",
    run: "click",
};

const PERIOD = "sales_management_period";

/** What the filter by period asks of the one before, for a value of the filter. */
function getBefore(value) {
    const {services} = odoo.__WOWL_DEBUG__.root.env;
    const {model} = services.spreadsheet_dashboard_loader.getActiveDashboard();
    model.dispatch("SET_GLOBAL_FILTER_VALUE", {id: PERIOD, value});
    return model.getters.getGlobalFilterDomain(PERIOD, {chain: "date", type: "date", offset: -1}).toString();
}

function expect(found, wanted) {
    if (found !== wanted) {
        throw new Error(`${found}, not ${wanted}`);
    }
}

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
            content: "Any days are compared with as many days before",
            trigger: ".o-scorecard[role=button]:first",
            run: () => {
                expect(
                    getBefore({type: "range", from: "2026-03-11", to: "2026-03-20"}),
                    `["&", ("date", ">=", "2026-03-01"), ("date", "<=", "2026-03-10")]`,
                );
                expect(
                    getBefore({type: "month", year: 2026, month: 3}),
                    `["&", ("date", ">=", "2026-02-01"), ("date", "<=", "2026-02-28")]`,
                );
                expect(getBefore(undefined), `[(0, "=", 1)]`);
            },
        },
        {
            content: "The other boards stand beside it",
            trigger: ".o_search_panel_category_value:contains(/Process Health|流程健康度/)",
            run: "click",
        },
        {
            trigger: ".o_search_panel_category_value.active:contains(/Process Health|流程健康度/)",
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

registry.category("web_tour.tours").add("sales_other_boards", {
    steps: () => [
        {
            content: "Figures of the process",
            trigger: ".o_renderer .o-scorecard:first",
        },
        {
            trigger: ".o_search_panel_category_value:contains(/Targets|目标/)",
            run: "click",
        },
        {
            content: "Targets against what was reached, without an error",
            trigger: ".o_search_panel_category_value.active:contains(/Targets|目标/)",
        },
        {
            trigger: ".o_renderer:not(.o-sample-dashboard) .o-scorecard:first",
        },
    ],
});
