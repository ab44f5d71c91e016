"""A style as QGIS writes it (QML) and as other GIS read it (OGC Styled Layer Descriptor 1.0)."""

from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from geodata.exporters.gis_styles import Style, Symbol

AREA, LINE, POINT = 2, 1, 0
"""Dimensions of a layer's shapes."""
_QGIS_KINDS = {
    AREA: ("fill", "SimpleFill"),
    LINE: ("line", "SimpleLine"),
    POINT: ("marker", "SimpleMarker"),
}
_POINT_MM = "3"
_PIXELS_A_MM = 1 / 0.28
"""OGC's pixel is 0.28 mm wide (SLD 1.0, section 11)."""
_SLD = "http://www.opengis.net/sld"
_OGC = "http://www.opengis.net/ogc"
ET.register_namespace("", _SLD)
ET.register_namespace("ogc", _OGC)


class _Rule(NamedTuple):
    value: str | None
    words: str
    symbol: Symbol


def _rules(style: Style) -> Iterator[_Rule]:
    for value, (words, symbol) in style.values.items():
        yield _Rule(value, words, symbol)
    yield _Rule(None, "Other" if style.values else "", style.symbol)


def qml(style: Style, dimension: int) -> str:
    """The style for QGIS 3."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling")
    rules = list(_rules(style))
    renderer = ET.SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0")
    if style.column is not None:
        renderer.set("type", "categorizedSymbol")
        renderer.set("attr", style.column)
        categories = ET.SubElement(renderer, "categories")
        for number, rule in enumerate(rules):
            ET.SubElement(
                categories,
                "category",
                value=rule.value or "",
                symbol=str(number),
                label=rule.words,
                render="true",
            )
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        _qgis_symbol(symbols, str(number), rule.symbol, dimension)
    if style.label is not None:
        labeling = ET.SubElement(root, "labeling", type="simple")
        settings = ET.SubElement(labeling, "settings")
        ET.SubElement(settings, "text-style", fieldName=style.label, fontSize="8", isExpression="0")
    ET.SubElement(root, "layerGeometryType").text = str(dimension)
    return ET.tostring(root, encoding="unicode")


def _qgis_symbol(parent: ET.Element, name: str, symbol: Symbol, dimension: int) -> None:
    kind, layer_class = _QGIS_KINDS[dimension]
    outer = ET.SubElement(parent, "symbol", {"type": kind, "name": name, "alpha": "1"})
    layer = ET.SubElement(outer, "layer", {"class": layer_class, "enabled": "1", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in _qgis_options(symbol, dimension).items():
        ET.SubElement(options, "Option", type="QString", name=key, value=value)


def _qgis_options(symbol: Symbol, dimension: int) -> dict[str, str]:
    stroke, dash = _rgba(symbol.stroke, 1), "dash" if symbol.dash else "solid"
    width = str(symbol.width_mm)
    if dimension == LINE:
        return {"line_color": stroke, "line_style": dash, "line_width": width}
    look = {"color": _rgba(symbol.fill, symbol.opacity), "outline_color": stroke}
    look |= {"outline_style": dash, "outline_width": width}
    return look | ({"name": symbol.mark, "size": _POINT_MM} if dimension == POINT else {})


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def sld(style: Style, dimension: int, layer: str) -> str:
    """The style for a GIS that is not QGIS."""
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.0.0")
    named = _child(root, "NamedLayer")
    _child(named, "Name").text = layer
    feature_style = _child(_child(named, "UserStyle"), "FeatureTypeStyle")
    for rule in _rules(style):
        element = _child(feature_style, "Rule")
        _child(element, "Name").text = rule.words or layer
        _sld_condition(element, style.column, rule.value)
        _sld_symbol(element, rule.symbol, dimension)
        if style.label is not None:
            label = _child(_child(element, "TextSymbolizer"), "Label")
            ET.SubElement(label, f"{{{_OGC}}}PropertyName").text = style.label
    return ET.tostring(root, encoding="unicode")


def _sld_condition(rule: ET.Element, column: str | None, value: str | None) -> None:
    if column is None:
        return
    if value is None:
        _child(rule, "ElseFilter")
        return
    condition = ET.SubElement(rule, f"{{{_OGC}}}Filter")
    equal = ET.SubElement(condition, f"{{{_OGC}}}PropertyIsEqualTo")
    ET.SubElement(equal, f"{{{_OGC}}}PropertyName").text = column
    ET.SubElement(equal, f"{{{_OGC}}}Literal").text = value


def _sld_symbol(rule: ET.Element, symbol: Symbol, dimension: int) -> None:
    if dimension == LINE:
        _stroke(_child(rule, "LineSymbolizer"), symbol)
        return
    if dimension == AREA:
        shape = _child(rule, "PolygonSymbolizer")
    else:
        graphic = _child(_child(rule, "PointSymbolizer"), "Graphic")
        shape = _child(graphic, "Mark")
        _child(shape, "WellKnownName").text = symbol.mark
        _child(graphic, "Size").text = f"{float(_POINT_MM) * _PIXELS_A_MM:.0f}"
    fill = _child(shape, "Fill")
    _css(fill, "fill", symbol.fill)
    _css(fill, "fill-opacity", str(symbol.opacity))
    _stroke(shape, symbol)


def _stroke(parent: ET.Element, symbol: Symbol) -> None:
    stroke = _child(parent, "Stroke")
    _css(stroke, "stroke", symbol.stroke)
    _css(stroke, "stroke-width", f"{symbol.width_mm * _PIXELS_A_MM:.1f}")
    if symbol.dash:
        _css(stroke, "stroke-dasharray", "5 5")


def _css(parent: ET.Element, name: str, value: str) -> None:
    _child(parent, "CssParameter", name=name).text = value


def _child(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_SLD}}}{tag}", attributes)
