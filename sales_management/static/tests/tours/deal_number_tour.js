import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

// The number that the test arranges for.
const NUMBER = "TOUR-00007";
const DEAL = "Bolts for a bridge";

function showsNumber(field) {
    return `.o_form_view .o_field_widget[name=${field}]:contains(${NUMBER})`;
}

/** The one record that a search leaves; until its answer is there, the list shows others as well. */
function onlyChoice(name) {
    return `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) > a:only:contains(${name})`;
}

registry.category("web_tour.tours").add("deal_number_from_opportunity_to_invoice", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='sales_management.sales_management_root_menu']",
            run: "click",
        },
        {
            content: "Add a deal in the pipeline",
            trigger: "body:has(.o_kanban_renderer) .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=commercial_partner_id] input",
            run: "edit Hangzhou Bolt",
        },
        {
            trigger: onlyChoice("Hangzhou Bolt"),
            run: "click",
        },
        {
            content: "The customer names the deal as long as nobody else did",
            trigger: ".o_kanban_quick_create .o_field_widget[name=name] input:value(Hangzhou Bolt)",
            run: `edit ${DEAL}`,
        },
        {
            trigger: ".o_kanban_quick_create button.o_kanban_add",
            run: "click",
        },
        {
            content: "The card shows the number that the deal was given",
            trigger: `.o_kanban_record:contains(${DEAL}):contains(${NUMBER})`,
            run: "click",
        },
        {
            content: "One tap copies the number",
            trigger: `${showsNumber("deal_number")} .o_clipboard_button`,
            async run({click}) {
                let copied = null;
                const clipboard = browser.navigator.clipboard;
                // A browser without a window of its own may not write to the real one.
                clipboard.writeText = async (text) => (copied = text);
                await click();
                delete clipboard.writeText;
                if (copied !== NUMBER) {
                    throw new Error(`The button copied ${copied} and not ${NUMBER}`);
                }
            },
        },
        {
            content: "Quote from the deal",
            trigger: "button[name=action_sale_quotations_new]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=order_line] a:contains(Add a product)",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_template_id] input",
            run: "edit Bridge bolt",
        },
        {
            trigger: onlyChoice("Bridge bolt"),
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=price_subtotal]:contains(10.00)",
        },
        {
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            content: "The order carries the number",
            trigger: `body:has(button[name=action_view_delivery]) ${showsNumber("deal_number")}`,
        },
        {
            trigger: "button[name=action_view_delivery]",
            run: "click",
        },
        {
            content: "The delivery carries the number",
            trigger: `body:has(.o_breadcrumb:contains(/OUT/)) ${showsNumber("deal_number")}`,
        },
        {
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: "button#create_invoice",
            run: "click",
        },
        {
            trigger: ".modal button#create_invoice_open",
            run: "click",
        },
        {
            content: "The invoice carries the number",
            trigger: showsNumber("deal_numbers"),
        },
        {
            trigger: "button[name=action_post]",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)",
        },
        {
            trigger: showsNumber("deal_numbers"),
        },
    ],
});

registry.category("web_tour.tours").add("deal_number_found_by_finance", {
    steps: () => [
        {
            content: "The list has invoices of several deals",
            trigger: ".o_list_view .o_data_row:contains(Another customer)",
        },
        {
            trigger: ".o_searchview_input",
            run: `edit ${NUMBER}`,
        },
        {
            trigger: `.o_searchview_autocomplete:contains(${NUMBER})`,
        },
        {
            trigger: ".o_searchview_input",
            run: "press Enter",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Another customer)))",
        },
        {
            trigger: `.o_list_view .o_data_row:has([name=deal_numbers]:contains(${NUMBER})) .o_data_cell[name=name]`,
            run: "click",
        },
        {
            trigger: showsNumber("deal_numbers"),
        },
    ],
});
