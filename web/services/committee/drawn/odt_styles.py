"""The styles of the report as OpenDocument: A4 in black Arial, in British English."""

from xml.etree.ElementTree import Element

from web.services.committee.drawn.odt_parts import put, qualified, root

TEXT_MM = 180.0
FONT = "Arial"
HEADINGS = {1: ("14pt", "6mm"), 2: ("11.5pt", "4mm")}
"""By level: size, and room above."""


def styles(marking: str, mark: str) -> Element:
    """Marking at the head of every page; mark and page number at its foot."""
    part = root("office:document-styles")
    _common(put(part, "office:styles"))
    automatic = put(part, "office:automatic-styles")
    layout = put(automatic, "style:page-layout", style_name="A4")
    put(
        layout,
        "style:page-layout-properties",
        fo_page_width="210mm",
        fo_page_height="297mm",
        fo_margin_left="15mm",
        fo_margin_right="15mm",
        fo_margin_top="12mm",
        fo_margin_bottom="12mm",
    )
    for edge in ("header", "footer"):
        style = put(layout, f"style:{edge}-style")
        gap = {"fo_margin_top": "4mm"} if edge == "footer" else {"fo_margin_bottom": "4mm"}
        put(style, "style:header-footer-properties", fo_min_height="6mm", **gap)
    page = put(
        put(part, "office:master-styles"),
        "style:master-page",
        style_name="Standard",
        style_page_layout_name="A4",
    )
    if marking:
        put(put(page, "style:header"), "text:p", marking, text_style_name="Marking")
    foot = put(
        put(page, "style:footer"), "text:p", f"{mark} Page ".lstrip(), text_style_name="Foot"
    )
    put(foot, "text:page-number", "1", text_select_page="current")
    return part


def _common(office: Element) -> None:
    default = put(office, "style:default-style", style_family="paragraph")
    put(
        default,
        "style:text-properties",
        fo_font_family=FONT,
        fo_font_size="11pt",
        fo_color="#000000",
        fo_language="en",
        fo_country="GB",
    )
    _paragraph(office, "Standard", below="2mm")
    _paragraph(office, "Title", size="20pt", is_bold=True)
    _paragraph(office, "Subtitle", below="4mm")
    for level, (size, above) in HEADINGS.items():
        for name, starts_page in ((f"Heading_{level}", False), (f"Heading_{level}_new", True)):
            style = _paragraph(office, name, size=size, is_bold=True, above=above, is_kept=True)
            if starts_page:
                style[0].set(qualified("fo:break-before"), "page")
    _paragraph(office, "Caption", size="10pt", is_bold=True, above="3mm", below="1mm", is_kept=True)
    _paragraph(office, "Figure_caption", size="10pt", is_bold=True, below="4mm")
    _paragraph(office, "Figure", is_kept=True)
    note = _paragraph(office, "Note", above="2mm", below="4mm")
    note[0].set(qualified("fo:border"), "0.5pt solid #505a5f")
    note[0].set(qualified("fo:padding"), "1.5mm")
    _paragraph(office, "Cell", size="8.5pt", below="0mm")
    _paragraph(office, "Number", size="8.5pt", below="0mm", align="end")
    _paragraph(office, "Head", size="8.5pt", is_bold=True, below="0mm")
    _paragraph(office, "Number_head", size="8.5pt", is_bold=True, below="0mm", align="end")
    _paragraph(office, "Marking", is_bold=True, align="center")
    _paragraph(office, "Foot", size="10pt")
    bold = put(office, "style:style", style_name="Bold", style_family="text")
    put(bold, "style:text-properties", fo_font_weight="bold")
    bullets = put(office, "text:list-style", style_name="Bullets")
    bullet = put(bullets, "text:list-level-style-bullet", text_level="1", text_bullet_char="•")
    where = put(
        bullet,
        "style:list-level-properties",
        text_list_level_position_and_space_mode="label-alignment",
    )
    put(
        where,
        "style:list-level-label-alignment",
        text_label_followed_by="listtab",
        fo_margin_left="6mm",
        fo_text_indent="-5mm",
    )


def _paragraph(
    office: Element,
    name: str,
    *,
    size: str = "11pt",
    is_bold: bool = False,
    above: str = "0mm",
    below: str = "1mm",
    is_kept: bool = False,
    align: str = "start",
) -> Element:
    """``is_kept``: on one page with what comes next."""
    style = put(office, "style:style", style_name=name, style_family="paragraph")
    put(
        style,
        "style:paragraph-properties",
        fo_margin_top=above,
        fo_margin_bottom=below,
        fo_keep_with_next="always" if is_kept else "auto",
        fo_text_align=align,
    )
    put(
        style,
        "style:text-properties",
        fo_font_size=size,
        fo_font_weight="bold" if is_bold else "normal",
    )
    return style
