# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The mark of steps that say what happened, and plan nothing.

It is in the context, so that it goes wherever the step goes. Its value is an object
and no plain value: what comes from a browser or over RPC is never it, so that nobody
outside can say of a change of plan that it was none.
"""

KEY = "mfg_posting"


class _Posting:
    """Not to be had from outside."""

    def __repr__(self):
        return "posting"


POSTING = {KEY: _Posting()}
PLANNING = {KEY: None}


def is_posting(env):
    return isinstance(env.context.get(KEY), _Posting)


def for_client(action):
    """What a step returns to the client, which keeps an action's context: unmarked."""
    if isinstance(action, dict):
        return {name: for_client(v) for name, v in action.items() if name != KEY}
    if isinstance(action, list | tuple):
        return type(action)(map(for_client, action))
    return action
