{
    "name": "Sales Management",
    "summary": "One deal number through opportunity, quotation, delivery and invoice; team-level access",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Sales Management Contributors",
    "application": True,
    "depends": [
        "sale_management",
        "sale_crm",
        "sale_stock",
        "sale_margin",
        "spreadsheet_dashboard",
    ],
    "data": [
        # Groups come first: access rights, rules and views name them.
        "security/sales_management_groups.xml",
        "security/ir.model.access.csv",
        "security/account_move_rules.xml",
        "security/crm_lead_rules.xml",
        "security/sale_order_rules.xml",
        "security/sales_deal_number_rules.xml",
        "data/ir_sequence_data.xml",
        "views/process/crm_lead_views.xml",
        "views/process/sale_order_views.xml",
        "views/process/stock_picking_views.xml",
        "views/process/account_move_views.xml",
        "views/process/sales_deal_number_views.xml",
        "views/process/ir_sequence_views.xml",
        "views/process/deal_number_report_templates.xml",
        "views/common/res_config_settings_views.xml",
        # The menu tree names the actions of the files above.
        "views/sales_management_menus.xml",
    ],
    "demo": [
        "demo/sales_demo_data.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "sales_management/static/tests/tours/**/*",
        ],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
