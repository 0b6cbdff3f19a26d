"""Questions that only whoever has command may answer, by a button of their own DM."""

from bot.actions.standing import may_see
from bot.domain.command import Tenure
from bot.domain.incident import Incident, PersonId
from bot.errors import NotAllowed, WrongState
from storage import command, incidents
from storage.store import Tx


def about_tenure(tx: Tx, tenure_id: int, by: PersonId) -> tuple[Incident, Tenure]:
    """The tenure that a question was about, when `by` still has it.

    Raises NotAllowed for anyone else, WrongState when it is over or not known to them.
    """
    tenure = command.tenure(tx, tenure_id)
    incident = incidents.get(tx, tenure.incident) if tenure else None
    if tenure is None or incident is None or not (tenure.person == by or may_see(tx, incident, by)):
        raise WrongState("That question is not known here.", "See who is in command: `/incident command`")
    see = f"See who has it: `/incident command {incident.name}`"
    if tenure.person != by:
        raise NotAllowed("Only who was asked can answer that.", see)
    if tenure.ended_at is not None:
        raise WrongState(f"You don't have command of {incident.name} any more.", see)
    return incident, tenure
