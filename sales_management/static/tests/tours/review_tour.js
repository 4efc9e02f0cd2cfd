import {registry} from "@web/core/registry";

function checkWidth() {
    for (const element of document.querySelectorAll(".o_content")) {
        if (element.scrollWidth > window.innerWidth) {
            throw new Error(`The screen is ${element.scrollWidth} wide, the window ${window.innerWidth}`);
        }
    }
}

const PAGE = [
    {
        content: "What was won and lost, and what is late",
        trigger: ".o_sales_review:contains(Bearing):contains(Hinge):contains(Too dear):contains(Late Call)",
        run: checkWidth,
    },
];

registry.category("web_tour.tours").add("weekly_review", {
    steps: () => [
        {
            trigger: "button[name=action_open_last_week]",
            run: "click",
        },
        ...PAGE,
        {
            content: "One week back",
            trigger: "button[name=action_open_previous]",
            run: "click",
        },
        {
            trigger: ".o_sales_review:not(:contains(Bearing)):contains(Late Call)",
        },
        {
            trigger: "button[name=action_open_next]",
            run: "click",
        },
        ...PAGE,
        {
            content: "A deal is a click away",
            trigger: ".o_sales_review a:contains(Bearing)",
        },
    ],
});

registry.category("web_tour.tours").add("weekly_review_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains(Leader)",
            run: "click",
        },
        ...PAGE,
    ],
});
