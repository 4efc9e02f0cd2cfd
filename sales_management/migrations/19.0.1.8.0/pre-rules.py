from odoo.tools import SQL

#: Rules that let people write or read more than was meant. Data that is not updated is created anew once it is gone.
RULES = (
    "sales_deal_credit_rule_personal",
    "sales_deal_credit_rule_team",
    "sales_deal_credit_rule_all",
    "sales_strategy_adjustment_rule_all",
    "sales_result_rule_personal",
)


def migrate(cr, version):
    cr.execute(
        SQL(
            """
            WITH named AS (
                DELETE FROM ir_model_data
                      WHERE module = 'sales_management' AND model = 'ir.rule' AND name IN %s
                  RETURNING res_id
            )
            DELETE FROM ir_rule WHERE id IN (SELECT res_id FROM named)
            """,
            RULES,
        )
    )
