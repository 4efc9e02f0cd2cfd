import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("quotation_is_revised", {
    steps: () => [
        {
            content: "A phone keeps the buttons behind the first in a menu",
            trigger: ".o_form_statusbar .o_statusbar_buttons .dropdown-toggle",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu button[name=action_create_revision]",
            run: "click",
        },
        {
            content: "The new revision is there at once, and its approval holds",
            trigger: ".o_sales_release_line:contains(-R2):contains(Released)",
        },
    ],
});

registry.category("web_tour.tours").add("replaced_quotation_is_left", {
    steps: () => [
        {
            content: "The old link shows nothing of what the old one said",
            trigger: ".o_sales_replaced:contains(is no longer valid):not(:contains(800.00))",
        },
        {
            trigger: ".o_sales_replaced a[name=current_revision]:contains(-R2)",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "One tap leads to the current one",
            trigger: ".o_portal_sale_sidebar:contains(-R2):contains(800.00)",
        },
    ],
});
