import {registry} from "@web/core/registry";

function checkWidth() {
    for (const element of document.querySelectorAll(".o_content, .modal-body")) {
        if (element.scrollWidth > window.innerWidth) {
            throw new Error(`The screen is ${element.scrollWidth} wide, the window ${window.innerWidth}`);
        }
    }
}

registry.category("web_tour.tours").add("pool_claim", {
    steps: () => [
        {
            content: "Customers and leads in one list, with the reason; one click claims",
            trigger: ".o_data_row:contains(Fair):contains(No budget)",
        },
        {
            trigger: ".o_data_row:contains(Fair) button[name=action_claim]",
            run: "click",
        },
        {
            trigger: ".o_list_view:not(:contains(Fair)) .o_data_row:contains(Firm 0) button[name=action_claim]",
            run: "click",
        },
        {
            content: "What was claimed is gone",
            trigger: "body:not(:has(.modal)) .o_content:not(:contains(Firm 0))",
            run: checkWidth,
        },
    ],
});

registry.category("web_tour.tours").add("pool_claim_phone", {
    steps: () => [
        {
            content: "A phone shows cards",
            trigger: ".o_kanban_record:contains(Fair):contains(No budget) button[name=action_claim]",
            run: checkWidth,
        },
        {
            trigger: ".o_kanban_record:contains(Fair) button[name=action_claim]",
            run: "click",
        },
        {
            trigger: ".o_kanban_view:not(:contains(Fair)) .o_kanban_record:contains(Firm 0) button[name=action_claim]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_content:not(:contains(Firm 0))",
            run: checkWidth,
        },
    ],
});
