import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("customers_are_merged", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_merge]",
            run: "click",
        },
        {
            content: "The one with the most orders is proposed, and what cannot be taken back is told",
            trigger: ".modal [name=reason]:contains(the most orders)",
        },
        {
            trigger: ".modal [name=warnings]:contains(deleted for good)",
        },
        {
            trigger: ".modal .o_kanban_record:contains(Weber GmbH) button[name=action_keep]",
            run: "click",
        },
        {
            trigger: ".modal .o_kanban_record:contains(Weber GmbH) .badge:contains(Kept)",
        },
        {
            trigger: ".modal footer button[name=action_merge]",
            run: "click",
        },
        {
            content: "Core's own wizard, with the one that was chosen",
            trigger: ".modal .o_partner_merge_wizard [name=dst_partner_id] input:value(/Weber GmbH/)",
        },
        {
            trigger: ".modal footer button[name=action_merge]",
            run: "click",
        },
        {
            trigger: ".modal .o_partner_merge_wizard:contains(no more contacts to merge)",
        },
    ],
});
