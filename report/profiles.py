"""A profile as the YAML that a person writes."""

from __future__ import annotations

import yaml

from calculator import Profile
from pricing.yaml_reader import plain_scalar


def profile_yaml(profile: Profile) -> str:
    """YAML that ``banjia compare`` accepts; what has its default is left out."""
    plain = profile.model_dump(exclude_defaults=True, by_alias=True)
    text = yaml.dump(plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, default_flow_style=False)
    return "# A Banjia profile: banjia compare THIS_FILE\n" + text


class _Dumper(yaml.SafeDumper):
    """Whole numbers without a decimal point, and with underscores where they are long."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Quoted where the reader would take the bare word for something else."""
    bare = plain_scalar(value) == value and value.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if bare else '"')


def _number(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    if value == int(value) and abs(value) < 1e18:
        return dumper.represent_scalar("tag:yaml.org,2002:int", f"{int(value):_}")
    digits = repr(value)
    if "." not in digits:
        digits = digits.replace("e", ".0e")  # 1e-09 is no number in YAML 1.1
    return dumper.represent_scalar("tag:yaml.org,2002:float", digits)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(int, _number)
