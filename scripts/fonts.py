"""Build the font of the page and of PDF files: the part of Noto Sans SC that Banjia needs, under a name of its own.

It holds the characters of GB 2312, those of European languages, punctuation, arrows and signs, and whatever else the
translations and the data contain. `make fonts` installs what this needs for the moment of the build.
"""

from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PDF, WEB = ROOT / "report" / "fonts", ROOT / "static"
FAMILY = "Banjia Sans SC"  # "Noto" is a trademark
FILE = "BanjiaSansSC-Regular"
RANGES = [
    (0x20, 0x17F),  # Latin
    (0x2010, 0x205E),  # dashes, quotation marks, ellipsis
    (0x20A0, 0x20C0),  # currencies
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical signs
    (0x2460, 0x24FF),  # numbers in circles
    (0x2500, 0x26FF),  # lines, shapes, symbols such as the warning sign
    (0x2713, 0x2713),  # check mark
    (0x3000, 0x303F),  # Chinese punctuation
    (0xFF00, 0xFFEF),  # full-width forms
]
TEXTS = ["report/locale/**/*.po", "pricing/data/**/*.yaml", "offers/data/**/*.yaml", "calculator/data/*.yaml"]


def main() -> None:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    font = TTFont(folder / "NotoSansSC-Regular.otf", recalcTimestamp=False)  # the same font gives the same bytes
    options = Options()
    options.layout_features = ["kern"]
    options.name_IDs = [*range(7), 8, 9, 10, 11, 13, 14]  # copyright, names, makers, licence
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    rename(font)
    font.save(PDF / f"{FILE}.otf")
    font.flavor = "woff2"
    font.save(WEB / f"{FILE}.woff2")
    (licence,) = folder.parent.glob("pylopdf_fonts_zh_cn-*.dist-info/licenses/LICENSE")
    for target in (PDF, WEB):
        (target / "OFL.txt").write_text(f"{font['name'].getDebugName(0)}\n{licence.read_text('utf-8')}", "utf-8")
    for file in (PDF / f"{FILE}.otf", WEB / f"{FILE}.woff2"):
        print(f"{file.relative_to(ROOT)}: {len(font.getBestCmap())} characters, {file.stat().st_size / 1e6:.2f} MB")


def wanted() -> set[int]:
    """The code points to keep."""
    found = {point for first, last in RANGES for point in range(first, last + 1)}
    for row in range(0xA1, 0xFF):
        for cell in range(0xA1, 0xFF):
            found |= set(map(ord, bytes([row, cell]).decode("gb2312", "ignore")))
    for pattern in TEXTS:
        for file in ROOT.glob(pattern):
            found |= set(map(ord, file.read_text("utf-8")))
    return found


def rename(font: TTFont) -> None:
    """Gives the font its own name; copyright, designers and licence stay."""
    names = {1: FAMILY, 3: f"{FAMILY} 1", 4: f"{FAMILY} Regular", 6: FILE, 16: FAMILY}
    table = font["name"]
    table.names = [one for one in table.names if one.langID == 0x409]
    for record in table.names:
        if record.nameID in names:
            record.string = names[record.nameID]
    compact = font["CFF "].cff
    compact.fontNames = [FILE]
    compact[0].FullName, compact[0].FamilyName = f"{FAMILY} Regular", FAMILY
    for part in compact[0].FDArray:
        part.FontName = part.FontName.replace("NotoSansSC-Regular", FILE)


if __name__ == "__main__":
    main()
