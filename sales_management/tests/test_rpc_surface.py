"""What of the addon a client can call: any method without a leading underscore, so that each is meant to be."""

from inspect import isfunction

from odoo.tests import TransactionCase, tagged

#: Methods that stand here check what they need by themselves; those of core that we override do so in core.
OPEN = {
    "action_add",
    "action_answer",
    "action_apply",
    "action_approve",
    "action_approve_now",
    "action_ask",
    "action_ask_production",
    "action_cancel",
    "action_cannot_say",
    "action_check",
    "action_choose_deal",
    "action_claim",
    "action_close",
    "action_commit_promise",
    "action_compare_revisions",
    "action_compute_customer_value",
    "action_compute_pairs",
    "action_confirm",
    "action_create_deal",
    "action_create_revision",
    "action_delegate",
    "action_discard_revision",
    "action_dismiss",
    "action_done",
    "action_download",
    "action_erase_texts",
    "action_export_audit",
    "action_extend_validity",
    "action_hand_over",
    "action_hand_over_customers",
    "action_import",
    "action_judge",
    "action_keep",
    "action_leave_out",
    "action_log_contact",
    "action_make",
    "action_lost_reason_apply",
    "action_merge",
    "action_merge_duplicates",
    "action_move",
    "action_move_anyway",
    "action_move_on",
    "action_move_ready",
    "action_move_stage",
    "action_open",
    "action_open_answer",
    "action_open_approval_request",
    "action_open_approve",
    "action_open_ask_production",
    "action_open_cannot_say",
    "action_open_customer_limits",
    "action_find_wholes",
    "action_open_copy",
    "action_open_customer_panel",
    "action_open_deal",
    "action_open_decision",
    "action_open_delegate",
    "action_open_document",
    "action_open_duplicates",
    "action_open_failed_notices",
    "action_open_hand_over",
    "action_open_merge",
    "action_open_order",
    "action_open_recall",
    "action_open_record",
    "action_open_records",
    "action_open_reject",
    "action_open_release",
    "action_open_reopen",
    "action_open_results",
    "action_open_return",
    "action_open_rows",
    "action_open_source",
    "action_open_split",
    "action_open_stage_change",
    "action_open_withdraw",
    "action_preview",
    "action_publish",
    "action_quotation_sent",
    "action_read_actual",
    "action_recall",
    "action_refresh_promise",
    "action_reject",
    "action_release",
    "action_release_to_pool",
    "action_reopen",
    "action_repeat_order",
    "action_request_approval",
    "action_request_duplicates",
    "action_resolve_release_blocker",
    "action_retry",
    "action_return_with_price",
    "action_send_mail",
    "action_send_test",
    "action_set_block",
    "action_set_lost",
    "action_set_off",
    "action_set_warn",
    "action_solve",
    "action_submit",
    "action_take",
    "action_take_promised_date",
    "action_take_returned_price",
    "action_undo",
    "action_undo_stage_move",
    "action_use_deal",
    "action_verify",
    "action_verify_chain",
    "action_view_approvals",
    "action_view_certificates",
    "action_view_holds",
    "action_view_promise_history",
    "action_view_questions",
    "action_view_revisions",
    "action_withdraw_approval",
    "copy_data",
    "create",
    "default_get",
    "describe_promise",
    "export_data",
    "get_daily_report",
    "get_empty_list_help",
    "get_import_templates",
    "get_last_prices",
    "get_process_health",
    "get_smart_fill",
    "get_right_now",
    "get_today",
    "load",
    "message_post",
    "promise",
    "retrieve_attachment",
    "send_mail_batch",
    "set_process_targets",
    "suggest_products",
    "unlink",
    "web_save",
    "write",
}


@tagged("post_install", "-at_install")
class TestRpcSurface(TransactionCase):
    def test_addon_opens_no_other_method_to_rpc(self):
        for name, model in self.env.registry.items():
            ours = [cls for cls in model.mro() if cls.__module__.startswith("odoo.addons.sales_management.")]
            public = {
                key
                for cls in ours
                for key, value in vars(cls).items()
                if isfunction(value) and not key.startswith("_") and not getattr(value, "_api_private", False)
            }
            with self.subTest(name):
                self.assertLessEqual(public, OPEN)

    def test_list_names_no_method_that_is_gone(self):
        ours = {
            key
            for model in self.env.registry.values()
            for cls in model.mro()
            if cls.__module__.startswith("odoo.addons.sales_management.")
            for key in vars(cls)
        }
        self.assertLessEqual(OPEN, ours)
