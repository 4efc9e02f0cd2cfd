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
        :param Iterable[tuple] stages: sequence, id and teams of each, without a team for all; and whether it is folded
        """
        rows = [(sequence, stage_id, frozenset(teams), any(fold)) for sequence, stage_id, teams, *fold in stages]
        self._stages = sorted(rows, key=lambda row: row[:2])
        self._positions = {row[1]: position for position, row in enumerate(self._stages)}

    def get_step(self, from_id, to_id, team_id):
        """Direction of a move, and how many stages of the deal lie between.

        A stage that is gone lies before all others, so that leaving it is a step forward.

        :param int from_id: stage left
        :param int to_id: stage reached
        :param int | None team_id: team of the deal: stages of other teams do not count
        :rtype: StageStep
        """
        if self._positions.get(to_id, -1) < self._positions.get(from_id, -1):
            return StageStep("back", 0)
        return StageStep("forward", len(self.get_between(from_id, to_id, team_id)))

    def get_between(self, from_id, to_id, team_id):
        """Stages of a deal that lie between two others, in order; none for a step back or from a stage that is gone.

        >>> order = StageOrder([(1, 11, ()), (2, 12, ()), (2, 13, (7,)), (3, 14, ())])
        >>> order.get_between(11, 14, team_id=7), order.get_between(14, 11, team_id=7)
        ([12, 13], [])

        :rtype: list[int]
        """
        if from_id not in self._positions:
            return []
        rows = self._stages[self._positions[from_id] + 1 : self._positions.get(to_id, -1)]
        return [row[1] for row in rows if self._is_of(row, team_id)]

    def get_next(self, from_id, team_id):
        """Stage of a deal after one, none after the last. A stage that is gone lies before all others.

        >>> order = StageOrder([(1, 11, ()), (2, 12, (7,)), (3, 14, ())])
        >>> order.get_next(11, team_id=8), order.get_next(11, team_id=7), order.get_next(14, team_id=7)
        (14, 12, None)

        :rtype: int | None
        """
        rows = self._stages[self._positions.get(from_id, -1) + 1 :]
        return next((row[1] for row in rows if self._is_of(row, team_id)), None)

    def get_later(self, stage_id):
        """Stages after one, of whatever team; none after one that is gone.

        >>> order = StageOrder([(1, 11, ()), (2, 12, (7,)), (3, 14, ())])
        >>> order.get_later(11), order.get_later(14), order.get_later(99)
        ([12, 14], [], [])

        :rtype: list[int]
        """
        if stage_id not in self._positions:
            return []
        return [row[1] for row in self._stages[self._positions[stage_id] + 1 :]]

    def get_start(self, team_id):
        """Stage in which a deal starts: the first that is not folded, as core chooses it.

        >>> StageOrder([(1, 11, (), True), (2, 12, ()), (3, 14, ())]).get_start(team_id=None)
        12

        :rtype: int | None
        """
        return next((row[1] for row in self._stages if self._is_of(row, team_id) and not row[3]), None)

    @staticmethod
    def _is_of(row, team_id):
        return not row[2] or team_id in row[2]
