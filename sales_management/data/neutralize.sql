-- robots of group chats: out of reach, and out of the knowledge of a copy
UPDATE sales_notice_channel
   SET active = false,
       webhook_url = 'https://neutralized.invalid',
       secret = NULL;
-- what the original is about to send
UPDATE sales_notice
   SET state = 'cancelled',
       error = 'neutralization - not sent from a copy'
 WHERE state = 'pending';
-- our crons
UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'sales_management'
);
