"""What tokens cost: list prices with their dates and sources, exchange rates, tokenizers."""

from .catalogue import Prices, load_prices
from .schema import Model, Price, Provider
from .text import Text
from .yaml_reader import InputError, Problem

__all__ = ["InputError", "Model", "Price", "Prices", "Problem", "Provider", "Text", "load_prices"]
