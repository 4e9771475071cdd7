"""Selects the SASL mechanisms that a login tries, and their authobjects (RFC 4954, RFC 4422)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from smtplib import SMTPException
from typing import TYPE_CHECKING, Any

from ..sasl.exchange import Credentials
from ..sasl.mechanisms import authobject, choose, without_initial_response
from ..secret import Secret

if TYPE_CHECKING:
    from .peer_view import PeerView

Answer = Callable[[str, bool], Callable[..., Any]]
Mechanisms = Callable[[list[str], bool], list[tuple[str, Callable[..., Any]]]]


def login_procedure(
    view: PeerView,
    user: str,
    password: str | Secret,
    *,
    mechanism: str | Sequence[str] = "",
    authzid: str = "",
    in_clear: bool = False,
    accepted: bool = False,
    aliases: Mapping[str, str] | None = None,
    in_turn: bool | None = None,
) -> tuple[str, tuple[Any, ...]]:
    """Return the name and the arguments of the procedure that logs in.

    See `Session.login_procedure`.
    """
    secret = password if isinstance(password, Secret) else Secret(password)
    view.transcript.secrets.add(secret.reveal())
    target = view.target
    host, port = (target.host, target.port) if target else ("", 0)
    credentials = Credentials(user, secret, authzid, host, port)
    chosen = mechanisms_for(
        credentials, mechanism=mechanism, in_clear=in_clear, accepted=accepted, aliases=aliases
    )
    if in_turn is None:
        in_turn = not isinstance(mechanism, str) and len(mechanism) > 1
    return "login", (chosen, in_turn)


def mechanisms_for(
    credentials: Credentials,
    *,
    mechanism: str | Sequence[str],
    in_clear: bool,
    accepted: bool,
    aliases: Mapping[str, str] | None = None,
) -> Mechanisms:
    """Return a function that gives `login` the mechanisms to try, each with its authobject.

    `mechanism` names the only mechanism to try, or several to try in this order; if it is empty,
    any offered mechanism may be tried. `aliases` maps the names under which a server offers
    mechanisms, in upper case, to their proper names; AUTH then uses the server's name. The function
    raises SMTPException if no mechanism can be tried.
    """
    nonce = secrets.token_urlsafe(24)
    named = (mechanism,) if isinstance(mechanism, str) and mechanism else tuple(mechanism)
    proper = dict(aliases or {})
    wanted = {proper.get(name.upper(), name.upper()) for name in named}

    def chosen(offered: list[str], encrypted: bool) -> list[tuple[str, Callable[..., Any]]]:
        if proper and named:  # under its other name, a mechanism may not have been requested
            offered = [name for name in offered if name.upper() in _upper(named)]
        said = {proper[name.upper()]: name.upper() for name in offered if name.upper() in proper}
        choices = choose(
            [proper.get(name.upper(), name) for name in offered],
            encrypted=encrypted, in_clear_allowed=in_clear,
            named=[proper.get(name.upper(), name) for name in named], accepted=accepted,
        )  # fmt: skip
        if named:
            choices = [choice for choice in choices if choice.mechanism in wanted]
            if not choices:
                verb = "is" if len(named) == 1 else "are"
                raise SMTPException(
                    "No suitable authentication method found: "
                    f"{', '.join(named)} {verb} not offered"
                )
        tried = [choice.mechanism for choice in choices if choice.tried]
        if not tried and choices:
            raise SMTPException(
                "No suitable authentication method found: "
                + "; ".join(f"{choice.mechanism}: {choice.why}" for choice in choices)
            )
        answers = {name: authobject(name, credentials, nonce) for name in tried}
        if "LOGIN" in answers:  # no document allows the user in the AUTH line
            answers["LOGIN"] = without_initial_response(answers["LOGIN"])
        return [(said.get(name, name), answer) for name, answer in answers.items()]

    return chosen


def _upper(names: Sequence[str]) -> set[str]:
    return {name.upper() for name in names}


def answers_with(credentials: Credentials, *, in_clear: bool, accepted: bool = False) -> Answer:
    """Return a function that gives the procedure `rerun` the authobject of a named mechanism.

    `in_clear` and `accepted` are passed to `choose`. The function raises SMTPException if the
    mechanism is not supported, or would reveal the secret.
    """
    nonce = secrets.token_urlsafe(24)

    def answer(mechanism: str, encrypted: bool) -> Callable[..., Any]:
        (choice,) = choose(
            [mechanism],
            encrypted=encrypted,
            in_clear_allowed=in_clear,
            named=(mechanism,),
            accepted=accepted,
        )
        if not choice.tried:
            raise SMTPException(f"AUTH {choice.mechanism} was not sent: {choice.why}")
        return authobject(choice.mechanism, credentials, nonce)

    return answer
