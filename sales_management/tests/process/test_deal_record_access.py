"""What the roles can do, over real RPC, to what deals gather: documents, files and lines of checklists."""

from odoo.tests import tagged

from odoo.addons.sales_management.tests.test_access_rights import FORBIDDEN, REFUSED, AccessCommon

DOCUMENT, LINE, FILE = "sales.deal.document", "sales.deal.checklist", "ir.attachment"


@tagged("post_install", "-at_install", "access", "process")
class TestDealRecordAccess(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sales_process_enabled = True
        cls.contract, cls.photo = cls.env["sales.document.type"].create([{"name": "Contract"}, {"name": "Photo"}])
        cls.checklist, cls.other_checklist = cls.env["sales.stage.requirement"].create(
            [
                {
                    "name": name,
                    "stage_id": cls.mate_deal.stage_id.id,
                    "kind": "checklist",
                    "item_ids": [(0, 0, {"name": "Drawing"})],
                }
                for name in ("Asked", "Asked as well")
            ]
        )
        # A second deal of the same salesperson.
        cls.second_deal = cls._create_deal(cls.salesperson, cls.team)

    # === Documents === #

    def test_document_says_who_added_it(self):
        own = {"user_id": self.salesperson.id, "version": 1}
        forged = {"user_id": self.manager.id, "version": 9, "company_id": False}
        context = {f"default_{name}": value for name, value in forged.items()}
        for arguments in ({"values": forged}, {"context": context}):
            with self.subTest(arguments):
                document = self._add_document(**arguments)
                self.assertEqual({name: self._get_id(document[name]) for name in own}, own)
                self._call(self.salesperson, DOCUMENT, "write", ids=document.ids, vals={**forged, "text": "Signed"})
                self.assertEqual({name: self._get_id(document[name]) for name in own}, own)
                self.assertEqual((document.text, document.company_id), ("Signed", self.mate_deal.company_id))
                document.unlink()

    def test_document_stays_with_its_deal(self):
        document = self._add_document()
        for deal in (self.second_deal, self.foreign_deal):
            self._assert_refused(
                REFUSED, self.salesperson, DOCUMENT, "write", ids=document.ids, vals={"lead_id": deal.id}
            )
        self._assert_refused(
            FORBIDDEN,
            self.salesperson,
            DOCUMENT,
            "create",
            vals_list=[{"lead_id": self.foreign_deal.id, "type_id": self.contract.id, "text": "x"}],
        )
        self.assertEqual(document.lead_id, self.mate_deal)

    def test_nobody_in_sales_deletes_a_document(self):
        document = self._add_document()
        self._assert_refused(FORBIDDEN, self.salesperson, DOCUMENT, "unlink", ids=document.ids)
        self._assert_refused(
            FORBIDDEN,
            self.salesperson,
            "crm.lead",
            "write",
            ids=self.mate_deal.ids,
            vals={"deal_document_ids": [[2, document.id, 0]]},
        )

    def test_type_that_is_corrected_is_numbered_among_its_own(self):
        first, second = self._add_document(), self._add_document(values={"type_id": self.photo.id})
        self._call(self.salesperson, DOCUMENT, "write", ids=second.ids, vals={"type_id": self.contract.id})
        self.assertEqual((first.version, second.version), (1, 2))

    # === Files === #

    def test_file_that_one_may_not_read_is_not_read_through_a_document(self):
        hidden = self._create_file(res_model="crm.lead", res_id=self.foreign_deal.id)
        unlinked = self._create_file()
        for file in (hidden, unlinked):
            vals = {"lead_id": self.mate_deal.id, "type_id": self.contract.id, "attachment_id": file.id}
            self._assert_refused(FORBIDDEN, self.salesperson, DOCUMENT, "create", vals_list=[vals])
            document = self._add_document()
            vals = {"attachment_id": file.id}
            self._assert_refused(FORBIDDEN, self.salesperson, DOCUMENT, "write", ids=document.ids, vals=vals)
            self.assertNotEqual(file.res_model, DOCUMENT)

    def test_file_of_another_record_stays_there(self):
        public = self._create_file(public=True)
        message_file = self._create_file(res_model="crm.lead", res_id=self.mate_deal.id)
        for file in (public, message_file):
            before = file.res_model, file.res_id, file.public
            document = self._add_document(values={"attachment_id": file.id})
            self.assertNotEqual(document.attachment_id, file)
            self.assertEqual(document.attachment_id.raw, file.raw)
            self.assertEqual((document.attachment_id.res_id, document.attachment_id.public), (document.id, False))
            self.assertEqual((file.res_model, file.res_id, file.public), before)

    def test_file_of_a_document_stays_as_it_is(self):
        document = self._add_document(values={"attachment_id": self._create_file(self.salesperson).id})
        file = document.attachment_id
        for user in (self.salesperson, self.manager):
            for vals in (
                {"res_model": "res.partner", "res_id": self.customer.id},
                {"datas": "Zm9yZ2Vk"},
                {"public": True},
            ):
                message = self._assert_refused(REFUSED, user, FILE, "write", ids=file.ids, vals=vals)
                self.assertIn(file.name, message)
            self._call(user, FILE, "write", ids=file.ids, vals={"name": f"Renamed by {user.name}"})
        self.assertEqual((file.raw, file.res_id), (b"secret", document.id))

    def test_files_go_with_their_deal(self):
        files = self._add_document(values={"attachment_id": self._create_file(self.salesperson).id}).attachment_id
        self.mate_deal.unlink()
        self.assertFalse(files.exists())

    # === Checklists === #

    def test_line_says_who_ticked_it_off(self):
        forged = {"done_by_id": self.manager.id, "done_at": "2020-01-01 00:00:00"}
        context = {f"default_{name}": value for name, value in forged.items()}
        line = self._tick(values=forged, context=context)
        self.assertEqual(line.done_by_id, self.salesperson)
        self._call(self.salesperson, LINE, "write", ids=line.ids, vals=forged)
        self.assertEqual((line.done_by_id, line.done_at.year > 2020), (self.salesperson, True))

    def test_line_stays_on_its_deal_and_checklist(self):
        line = self._tick()
        for vals in (
            {"lead_id": self.second_deal.id},
            {"lead_id": self.foreign_deal.id},
            {"requirement_id": self.other_checklist.id},
            {"item_id": False},
        ):
            self._assert_refused(REFUSED, self.salesperson, LINE, "write", ids=line.ids, vals=vals)
        self._assert_refused(FORBIDDEN, self.salesperson, LINE, "unlink", ids=line.ids)

    def test_line_of_another_checklist_is_not_ticked_off(self):
        vals = {**self._prepare_line(), "requirement_id": self.other_checklist.id}
        self._assert_refused(REFUSED, self.salesperson, LINE, "create", vals_list=[vals])

    # === Contacts === #

    def test_contact_is_recorded_on_ones_own_deals(self):
        arguments = {"ids": self.foreign_deal.ids, "requirement_id": False}
        self._assert_refused(FORBIDDEN, self.salesperson, "crm.lead", "action_log_contact", **arguments)

    # === Tools === #

    def _add_document(self, values=(), **arguments):
        vals = {"lead_id": self.mate_deal.id, "type_id": self.contract.id, "text": "x", **dict(values)}
        [document_id] = self._call(self.salesperson, DOCUMENT, "create", vals_list=[vals], **arguments)
        return self.env[DOCUMENT].browse(document_id)

    def _create_file(self, user=None, **values):
        files = self.env[FILE].with_user(user) if user else self.env[FILE]
        return files.create({"name": "secret.txt", "raw": b"secret", **values}).sudo()

    def _prepare_line(self):
        return {
            "lead_id": self.mate_deal.id,
            "requirement_id": self.checklist.id,
            "item_id": self.checklist.item_ids.id,
            "is_done": True,
        }

    def _tick(self, values=(), **arguments):
        vals = {**self._prepare_line(), **dict(values)}
        [line_id] = self._call(self.salesperson, LINE, "create", vals_list=[vals], **arguments)
        return self.env[LINE].browse(line_id)

    @staticmethod
    def _get_id(value):
        return value.id if hasattr(value, "id") else value
