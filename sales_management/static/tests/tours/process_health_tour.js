import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("process_health", {
    steps: () => [
        {
            content: "Half of the deals that moved forward skipped a stage",
            trigger: ".o_process_health button[name=skip_rate]:contains(50 %)",
        },
        {
            content: "Look at a month",
            trigger: ".o_process_health_filters select[name=period]",
            run: "select month",
        },
        {
            trigger: ".o_process_health button[name=skip_rate]:contains(50 %)",
            run: "click",
        },
        {
            content: "The click lists what was counted",
            trigger: ".o_list_view .o_data_row:only:contains(Skipping deal)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(Process Health)",
            run: "click",
        },
        {
            content: "The month is still chosen",
            trigger: ".o_process_health_filters select[name=period]:value(month)",
        },
        {
            content: "From negotiation back to requirements, in one click",
            trigger: ".o_process_health button:contains(Negotiation back to requirements)",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_group_header:contains(Salesperson)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(Process Health)",
            run: "click",
        },
        {
            content: "Want something else",
            trigger: ".o_process_health_edit",
            run: "click",
        },
        {
            trigger: ".o_process_health input[name=skip]",
            run: "edit 7",
        },
        {
            trigger: ".o_process_health_save",
            run: "click",
        },
        {
            trigger: ".o_process_health:contains(wanted: under 7 %)",
        },
    ],
});

registry.category("web_tour.tours").add("process_health_sample", {
    steps: () => [
        {
            content: "What the page could look like is marked as such",
            trigger: ".o_process_health .alert:contains(Sample data)",
        },
        {
            trigger: ".o_process_health_sample button[name=skip_rate]:contains(3.8 %)",
        },
    ],
});
