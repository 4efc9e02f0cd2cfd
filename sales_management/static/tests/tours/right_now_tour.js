import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("right_now", {
    steps: () => [
        {
            content: "What came in today says whether tax is in it",
            trigger:
                ".o_sales_right_now button[name=ordered]:contains(/excl. tax|不含税/):contains(/1 order|1 张订单/)",
        },
        {
            content: "Who has not moved stands below",
            trigger: ".o_sales_right_now .list-group-item:contains(/never seen|从未有动作/)",
        },
        {
            content: "A figure opens what it is made of",
            trigger: ".o_sales_right_now button[name=ordered]",
            run: "click",
        },
        {
            trigger: ".o_kanban_view .o_kanban_record:contains(Hangzhou Bolt)",
        },
    ],
});

registry.category("web_tour.tours").add("product_regions", {
    steps: () => [
        {
            content: "A phone shows a card for each product and region",
            trigger: ".o_kanban_view .o_kanban_record:contains(Bolt):contains(/excl. tax|不含税/)",
            run: "click",
        },
        {
            content: "It opens what it is made of",
            trigger: ".o_kanban_view .o_kanban_record:contains(Hangzhou Bolt)",
        },
    ],
});
