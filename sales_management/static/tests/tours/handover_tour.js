import {registry} from "@web/core/registry";

function checkWidth() {
    for (const element of document.querySelectorAll(".o_content, .modal-body")) {
        if (element.scrollWidth > window.innerWidth) {
            throw new Error(`The screen is ${element.scrollWidth} wide, the window ${window.innerWidth}`);
        }
    }
}

registry.category("web_tour.tours").add("handover", {
    steps: () => [
        {
            content: "Whoever left and still has customers is listed; one click hands over",
            trigger: ".o_data_row:contains(Anna) button[name=action_hand_over]",
            run: "click",
        },
        {
            trigger: ".modal [name=user_id] input:value(Anna)",
        },
        {
            trigger: ".modal [name=successor_ids] input",
            run: "edit Ben",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Ben)",
            run: "click",
        },
        {
            trigger: ".modal [name=successor_ids] input",
            run: "edit Cara",
        },
        {
            trigger: ".modal .o-autocomplete--dropdown-item:contains(Cara)",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_preview]:visible",
            run: "click",
        },
        {
            content: "Who would get how much, and which",
            trigger:
                ".modal .alert:contains(/Nothing is handed over yet|尚未交接/):contains(/Ben[:：]\\s*1/):contains(/Cara[:：]\\s*1/)",
            run: checkWidth,
        },
        {
            trigger: ".modal .o_data_row:contains(Firm 1) [name=successor_id]:contains(Cara)",
            run: "click",
        },
        {
            content: "Changed by hand",
            trigger: ".modal .o_data_row:contains(Firm 1) [name=successor_id] input",
            run: "edit Ben",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Ben)",
            run: "click",
        },
        {
            trigger: ".modal .alert:contains(/Ben[:：]\\s*2/)",
        },
        {
            trigger: ".modal footer button[name=action_hand_over]",
            run: "click",
        },
        {
            content: "What was done is kept",
            trigger:
                "body:not(:has(.modal)) .o_form_view:contains(Anna):contains(Manager) .o_data_row:contains(Firm 0)",
            run: checkWidth,
        },
    ],
});
