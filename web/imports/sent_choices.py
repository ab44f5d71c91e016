"""The choices that a person sent with the form below a preview."""

from werkzeug.datastructures import MultiDict

from web.services.imports.import_choices import Choices
from web.services.imports.import_looks import Looked

LEAVE_OUT = "-"


def sent_choices(form: MultiDict[str, str], looked: Looked) -> Choices:
    """What the form says; columns and values stand in it by their number in the preview."""
    fields, ignore, values = {}, [], {}
    for n, column in enumerate(looked.columns):
        chosen = form.get(f"field-{n}", "")
        if chosen == LEAVE_OUT:
            ignore.append(column.header)
        elif chosen:
            fields[column.header] = chosen
        ticked = set(form.getlist(f"value-{n}"))
        meant = [value for i, (value, _) in enumerate(column.counts) if str(i) in ticked]
        if meant:
            values[column.header] = meant
    return Choices(
        fields,
        tuple(ignore),
        values,
        dates=form.get("dates", ""),
        crs=form.get("crs", "").strip(),
        layer=form.get("layer", "").strip(),
        profile=form.get("profile", ""),
        feed=form.get("feed", "").strip() if form.get("is_feed") else "",
        withdraws_gone=bool(form.get("is_feed") and form.get("withdraws_gone")),
    )
