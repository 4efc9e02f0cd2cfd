import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const DEAL = "Hinges for the spring kitchen line";
const DEPARTMENT = ".o_field_widget[name=department_ids] .o_data_row";

registry.category("web_tour.tours").add("setup_from_nothing_to_a_running_process", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        {
            trigger: ".o_app[data-menu-xmlid='sales_management.sales_management_root_menu']",
            run: "click",
        },
        {
            content: "A pipeline without any deal offers to begin with a template",
            trigger: ".o_view_nocontent a[href='/odoo/sales-setup']",
            run: "click",
        },
        {
            content: "The first step is the process",
            trigger: ".o_kanban_record:contains(Staged Process) button:contains(Choose a Template)",
            timeout: 30000,
            run: "click",
        },
        {
            content: "The manufacturing template is chosen already, and its stages are matched",
            trigger:
                ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Requirements Confirmed):contains(Is created)",
        },
        {
            content: "Say who the technical department is",
            trigger: `${DEPARTMENT} td[name=manager_id]`,
            run: "click",
        },
        {
            trigger: `${DEPARTMENT} td[name=manager_id] input`,
            run: "edit Leader",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Leader)",
            run: "click",
        },
        {
            trigger: `${DEPARTMENT} td[name=user_ids]`,
            run: "click",
        },
        {
            trigger: `${DEPARTMENT} td[name=user_ids] input`,
            run: "edit Member",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Member)",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The process is on, and warns",
            trigger: ".o_kanban_record:contains(Staged Process):contains(Warn since)",
            timeout: 30000,
        },
        {
            content: "Holidays come in as one file",
            trigger: ".o_kanban_record:contains(Calendar of the Year) button:contains(Import a Year)",
            run: "click",
        },
        {
            trigger: ".o_import_action a:contains(China 2026)",
        },
        {
            trigger: "[data-menu-xmlid='sales_management.deal_menu']",
            run: "click",
        },
        {
            trigger: "body:has(.o_kanban_group:contains(Requirements Confirmed)) .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=name] input",
            run: `edit ${DEAL}`,
        },
        {
            trigger: ".o_kanban_quick_create button.o_kanban_add",
            run: "click",
        },
        {
            content: "The first deal knows what it misses",
            trigger: `.o_kanban_group:contains(Lead) .o_kanban_record:contains(${DEAL})`,
        },
    ],
});
