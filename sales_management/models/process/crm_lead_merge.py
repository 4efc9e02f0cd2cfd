from odoo import models

#: What the most advanced of the merged deals says, or the next that says anything.
MERGED = ("lost_competitor", "lost_retry_date")


class CrmLead(models.Model):
    """Merging deals: what was gathered on them stays with the one that remains."""

    _inherit = "crm.lead"

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), *MERGED]

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge deals merges all of them, and not only what of them the person may see.
        head, tail = self.sudo(), opportunities.sudo()
        head._merge_deal_feedback(tail)
        head._merge_deal_documents(tail)
        head._merge_deal_checklists(tail)
        return result

    def _merge_deal_feedback(self, tail):
        """Take over what a customer said, of when it was said: core takes over the text alone."""
        said = next((lead for lead in self | tail if lead.deal_feedback), self)
        if said != self:
            self.write({"deal_feedback": said.deal_feedback})
            self.write({"deal_feedback_at": said.deal_feedback_at})

    def _merge_deal_documents(self, tail):
        """Let the documents follow, numbered after those that are there, in the order of their dates."""
        versions = {}
        for document in self.deal_document_ids:
            versions[document.type_id] = max(versions.get(document.type_id, 0), document.version)
        documents = tail.deal_document_ids.sorted(lambda document: (document.date, document.version, document.id))
        for document in documents:
            versions[document.type_id] = version = versions.get(document.type_id, 0) + 1
            document.write({"lead_id": self.id, "version": version})

    def _merge_deal_checklists(self, tail):
        """Let lines follow that are the deal's own, and what was ticked off on either stays ticked off."""
        known = {line.item_id: line for line in self.deal_checklist_ids if line.item_id}
        for line in tail.deal_checklist_ids:
            mine = known.get(line.item_id)
            if mine and (mine.is_done or not line.is_done):
                continue
            if mine:
                mine.unlink()
            line.lead_id = self
            if line.item_id:
                known[line.item_id] = line
