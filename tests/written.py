"""Files that a test writes as a person would, and what loading says of them."""

from pathlib import Path
from textwrap import dedent

PROVIDER = """\
provider: zhipu
currency: CNY
sources: [{cite: price list}]
models:
  - id: glm-4
    tier: flagship
    released: 2024-01-16
    prices:
      - from: 2024-01-16
        input: 100
        output: 100
"""
SOURCE = """\
provider: openai
currency: USD
sources: [{cite: price list}]
models:
  - id: gpt-4o
    tier: flagship
    prices: [{from: 2024-05-13, input: 5, output: 15}]
  - id: gpt-3.5-turbo
    tier: standard
    prices: [{from: 2024-01-25, input: 0.5, output: 1.5}]
"""
RATES = """\
base: CNY
sources: [{cite: bank}]
rates:
  USD: [{from: 2024-01-02, rate: 7.1}]
"""
TOKENIZERS = """\
sources: [{cite: measured}]
tokenizers:
  cl100k: {tokens_per_1000_chars: {zh: 1154, en: 199}}
"""
EVENT = """\
event: openai-2024
source: openai
announced: 2024-06-25
cutoff: 2024-07-09
sources: [{cite: mail}]
"""
OFFER = """\
provider: zhipu
offers:
  - id: zhipu-plan
    claim: {opens: 2024-06-25, closes: unknown}
    sources: [{cite: page}]
    benefits:
      - kind: token_grant
        tokens: 50_000_000
        models: [glm-4]
        valid_days: unknown
"""
PRICES_FOLDER = {
    "prices/providers/openai.yaml": SOURCE,
    "prices/providers/zhipu.yaml": PROVIDER,
    "prices/exchange-rates.yaml": RATES,
    "prices/tokenizers.yaml": TOKENIZERS,
}
OFFERS_FOLDER = {"offers/openai-2024/event.yaml": EVENT, "offers/openai-2024/zhipu.yaml": OFFER}


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Writes the files below the folder, each as it stands there."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else dedent(content).encode())
    return folder


def replaced(text: str, old: str, new: str) -> str:
    """The text with its one occurrence of ``old`` replaced: a mistake made at one place."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)
