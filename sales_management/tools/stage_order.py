"""Order of the stages of a sales process, without the ORM."""

from typing import NamedTuple


class StageStep(NamedTuple):
    """What a change of stage is among the stages of a deal."""

    direction: str
    skipped_count: int


class StageOrder:
    """Stages in the order of ``(sequence, id)``: that of core breaks ties by the name, which differs by language.

    >>> order = StageOrder([(1, 11, ()), (2, 12, ()), (2, 13, (7,)), (3, 14, ()), (4, 15, ())])
    >>> order.get_step(11, 12, team_id=None)
    StageStep(direction='forward', skipped_count=0)
    >>> order.get_step(11, 14, team_id=None), order.get_step(11, 14, team_id=7)
    (StageStep(direction='forward', skipped_count=1), StageStep(direction='forward', skipped_count=2))
    >>> order.get_step(15, 12, team_id=None)
    StageStep(direction='back', skipped_count=0)
    """

    def __init__(self, stages):
        """
        :param Iterable[tuple[int, int, Collection[int]]] stages: sequence, id and teams of each, without a team for all
        """
        self._stages = sorted((sequence, stage_id, frozenset(teams)) for sequence, stage_id, teams in stages)
        self._positions = {stage_id: position for position, (_sequence, stage_id, _teams) in enumerate(self._stages)}

    def get_step(self, from_id, to_id, team_id):
        """Direction of a move, and how many stages of the deal lie between.

        A stage that is gone lies before all others, so that leaving it is a step forward.

        :param int from_id: stage left
        :param int to_id: stage reached
        :param int | None team_id: team of the deal: stages of other teams do not count
        :rtype: StageStep
        """
        start, end = self._positions.get(from_id, -1), self._positions.get(to_id, -1)
        if end < start:
            return StageStep("back", 0)
        between = self._stages[start + 1 : end] if from_id in self._positions else ()
        return StageStep("forward", sum(1 for _sequence, _id, teams in between if not teams or team_id in teams))
