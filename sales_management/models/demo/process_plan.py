"""How the deals of the demo company went through the stages of the manufacturing template.

Free of the ORM, as the plan is: it takes the deals that the plan made and tells what happened between their steps. Each
deal has random numbers of its own, so that a change of one leaves the others alone.
"""

from dataclasses import dataclass, field
from random import Random

from .plan import SEED, Calendar

STAGES = ("lead", "contact", "requirements", "proposal", "negotiation", "won")
#: How many of a hundred deals leave out a stage, go back once, or answer a to-do too late.
SKIPS, REGRESSIONS, LATE = 4, 9, 12
#: How many of a hundred open deals came to their stage only yesterday.
FRESH = 30
CHECKLIST_SIZE = 8


@dataclass
class Story:
    """What a deal left behind on its way."""

    skipped: set = field(default_factory=set)  # codes of the stages that were left out
    reasons: dict = field(default_factory=dict)  # index of a move back: which reason it was given
    ticked: int = 0  # lines of the checklist that are ticked off
    is_prompt: list = field(default_factory=list)  # for each to-do in turn, whether it was done in time
    is_heard: bool = False  # the customer said what they think of the proposal


class ProcessPlanner:
    def __init__(self, calendar: Calendar):
        self.calendar = calendar
        self.random = Random()

    def tell(self, deals):
        """Add the stages between those that the plan gave, what goes wrong on the way, and what is left behind."""
        self.calendar.random = self.random
        for position, deal in enumerate(deals):
            self.random.seed(f"{SEED} process {position}")
            deal.story = Story()
            self._fill_in(deal)
            self._go_back(deal)
            self._leave_behind(deal)

    # === Stages === #

    def _fill_in(self, deal):
        steps = dict(deal.moves)
        last = self.calendar.past(1)
        if "proposal" in steps:
            self._add(deal, steps, "requirements", steps["contact"], steps["proposal"])
        elif "contact" in steps and deal.outcome == "open" and self.random.random() < 0.4:
            self._add(deal, steps, "requirements", steps["contact"], last)
        if "won" in steps:
            self._add(deal, steps, "negotiation", steps["proposal"], steps["won"])
        elif "proposal" in steps and deal.outcome == "open" and self.random.random() < 0.35:
            self._add(deal, steps, "negotiation", steps["proposal"], last)
        deal.moves = [(stage, steps[stage]) for stage in STAGES if stage in steps]
        if deal.outcome == "open" and deal.moves and self.random.randrange(100) < FRESH:
            deal.moves[-1] = (deal.moves[-1][0], max(deal.moves[-1][1], last))

    def _add(self, deal, steps, stage, start, end):
        if self.random.randrange(100) < SKIPS:
            deal.story.skipped.add(stage)
        else:
            steps[stage] = self.calendar.between(start, max(start, end))

    def _go_back(self, deal):
        """Let some deals fall back from the negotiation to the requirements, and some of them come forward again."""
        stages = [stage for stage, _moment in deal.moves]
        if "negotiation" not in stages or self.random.randrange(100) >= 2 * REGRESSIONS:
            return
        position = stages.index("negotiation")
        start, is_won = deal.moves[position][1], stages[-1] == "won"
        end = deal.moves[-1][1] if is_won else self.calendar.past(1)
        fallen = self.calendar.between(start, max(start, end))
        again = [("requirements", fallen)]
        if is_won:
            moments = sorted(self.calendar.between(fallen, end) for _stage in range(2))
            again += zip(("proposal", "negotiation"), moments, strict=True)
        deal.moves[position + 1 : position + 1] = again
        deal.story.reasons[position + 1] = self.random.randrange(100)

    # === What is left behind === #

    def _leave_behind(self, deal):
        reached = {stage for stage, _moment in deal.moves}
        beyond = reached & {"proposal", "negotiation", "won"}
        if beyond:
            deal.story.ticked = CHECKLIST_SIZE
        elif "requirements" in reached:
            deal.story.ticked = self.random.randint(2, CHECKLIST_SIZE - 1)
        deal.story.is_heard = bool(reached & {"negotiation", "won"}) or (bool(beyond) and self.random.random() < 0.4)
        deal.story.is_prompt = [self.random.randrange(100) >= LATE for _task in range(12)]
