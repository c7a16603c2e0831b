"""A customer's own usage: exports of gateways, vendors and clouds, as tokens by day and model, and as a profile.

>>> from usage import read_usage, propose                                                   # doctest: +SKIP
>>> usage = read_usage(["one-api.db"])                                                      # doctest: +SKIP
>>> profile = propose(usage, load_prices()[0].providers["openai"]).profile                  # doctest: +SKIP
"""

from .cost import CostCheck, check_cost
from .engine import Limits, TooManyGroups
from .profile import Growth, LeftOut, Proposal, propose
from .reading import Skipped, Usage, Use, read_upload, read_usage

__all__ = [
    "CostCheck", "Growth", "LeftOut", "Limits", "Proposal", "Skipped", "TooManyGroups", "Usage", "Use",
    "check_cost", "propose", "read_upload", "read_usage",
]  # fmt: skip
