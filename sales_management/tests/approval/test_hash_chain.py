from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.sales_management.tools.hash_chain import GENESIS, find_problems, make_entry

FACTS = st.lists(
    st.tuples(
        st.sampled_from(["approved", "rejected", "returned", "withdrawn"]),
        st.datetimes().map(str),
        st.text(max_size=5),
        st.text(max_size=5),
    ),
    min_size=2,
    max_size=8,
)


def make_chain(facts):
    chain, last = [], GENESIS
    for outcome, moment, digest, comment in facts:
        chain.append(make_entry(outcome, moment, digest, last, "salt", {"comment": comment}))
        last = chain[-1].hash
    return chain


@tagged("post_install", "-at_install", "approval")
class TestHashChain(BaseCase):
    @settings(max_examples=50, deadline=None)
    @given(FACTS, st.data())
    def test_any_change_is_found(self, facts, data):
        chain = make_chain(facts)
        self.assertEqual(find_problems(chain), [])
        position = data.draw(st.integers(0, len(chain) - 1))
        names = ["outcome", "decided_at", "digest", "previous_hash", "text_digest", "hash"]
        changed = data.draw(st.sampled_from(names))
        tampered = list(chain)
        tampered[position] = chain[position]._replace(**{changed: "x"})
        self.assertTrue(find_problems(tampered))

    @settings(max_examples=50, deadline=None)
    @given(FACTS, st.data())
    def test_deletion_and_order_are_found(self, facts, data):
        chain = make_chain(facts)
        position = data.draw(st.integers(0, len(chain) - 2))
        self.assertTrue(find_problems(chain[:position] + chain[position + 1 :]))
        chain[position], chain[position + 1] = chain[position + 1], chain[position]
        self.assertTrue(find_problems(chain))

    @settings(max_examples=50, deadline=None)
    @given(FACTS)
    def test_erased_texts_keep_it_valid(self, facts):
        chain = [entry._replace(texts=None) for entry in make_chain(facts)]
        self.assertEqual(find_problems(chain), [])
