"""A profile as the YAML that a person writes."""

from __future__ import annotations

import yaml

from calculator import Profile


def profile_yaml(profile: Profile) -> str:
    """YAML that ``banjia compare`` accepts; what has its default is left out."""
    plain = profile.model_dump(exclude_defaults=True, by_alias=True)
    text = yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False)
    return "# A Banjia profile: banjia compare THIS_FILE\n" + text


class _Dumper(yaml.SafeDumper):
    """Whole numbers without a decimal point, and with underscores where they are long."""


def _number(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    if value == int(value) and abs(value) < 1e18:
        return dumper.represent_scalar("tag:yaml.org,2002:int", f"{int(value):_}")
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(value))


_Dumper.add_representer(float, _number)
_Dumper.add_representer(int, _number)
