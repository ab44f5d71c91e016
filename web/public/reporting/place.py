"""Where: in words, by the device, or by what a photo says of its place."""

from contextlib import suppress

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.core.errors import RefusedError
from geodata.media.pictures import CleanPicture
from geodata.places.gazetteer import FoundPlace
from geodata.places.written_positions import is_short_link
from geodata.reports import drafts
from geodata.reports.drafts import Draft
from web.clock import today
from web.database import commits, read_session
from web.forms.sent_photos import clean_photos
from web.public.reporting.blueprint import (
    address,
    back_address,
    keep,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.public.reporting.forms import FindForm
from web.public.reporting.refusing import fault_at, form_of, refuse, refuse_choice, refuse_with
from web.server.request_bounds import row_key
from web.server.three_words import three_words_access
from web.services.common import place_search, placing
from web.services.common.placing import Spot
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.reporting.answers import Answers, Refused

CHOICES = 8
UNPLACED_PHOTO = N_(
    "The photo does not say where it was taken. It is kept for your report; write a postcode, "
    "street or place instead"
)
SHORT_LINK = N_(
    "This short link does not say where it leads: open it, and copy the long address or the "
    "place's name from there"
)
NO_PHOTO = N_("The photo is empty: choose it again")
NOWHERE = N_("That is not a place in Great Britain: try again, or write a postcode or street")


@reporting.route("/<key>/place", methods=["GET", "POST"])
@limit_address
@limit_draft
def place(key: str) -> ResponseReturnValue:
    """A place in words, or a device's position; what is not plain becomes a choice."""
    draft, answers = open_draft(key)
    form = form_of(FindForm, answers, "place")
    if request.method == "GET":
        return _page(key, answers, form)
    if not form.validate():
        return refuse(draft, answers, "place", form)
    if form.lon.data and form.lat.data:
        device = _device_spot(form)
        return (
            keep(draft, answers.with_spot(device))
            if device
            else _no_place(draft, answers, _(NOWHERE))
        )
    return _place_in_words(draft, answers, (form.words.data or "").strip())


def _place_in_words(draft: Draft, answers: Answers, words: str) -> ResponseReturnValue:
    try:
        matches = _look_up(words)
    except RefusedError as error:
        return _no_place(draft, answers, str(error), words)
    if len(matches) == 1 and matches[0].kind in {"grid_ref", "position", "postcode"}:
        return keep(draft, answers.with_spot(_spot(matches[0])))
    if matches:
        return redirect(url_for("report.choose", key=draft.key, words=words))
    return _no_place(draft, answers, _not_found(words), words)


def _page(key: str, answers: Answers, form: FindForm) -> str:
    return render_template(
        "public/report/place.html", form=form, key=key, back=back_address(key, answers, "place")
    )


def _no_place(draft: Draft, answers: Answers, fault: str, words: str = "") -> ResponseReturnValue:
    """The words and what is wrong with them; a device's position that was none is not kept."""
    refused = Refused("place", {"words": [words]}, {"words": [fault]})
    return refuse_with(draft, answers, refused)


def _not_found(words: str) -> str:
    if not words:
        return _("Write a postcode, street, place or grid reference")
    if is_short_link(words):
        return _(SHORT_LINK)
    return _(
        "We found no place for “%(words)s”: try a street and its town, or a whole postcode",
        words=words,
    )


def _look_up(words: str) -> list[FoundPlace]:
    access = three_words_access()
    return place_search.look_up(read_session(), words, access, day=today(), limit=CHOICES)


def _spot(nearest: FoundPlace) -> Spot:
    at = nearest.point
    return Spot(at.x, at.y, max(nearest.accuracy_m, 1.0), nearest.kind, nearest.label)


def _device_spot(form: FindForm) -> Spot | None:
    try:
        lon, lat = float(form.lon.data), float(form.lat.data)
        accuracy = float(form.accuracy_m.data or 30)
    except ValueError:
        return None
    return placing.spot_at(lon, lat, accuracy, "device", _("Where you are"))


@reporting.route("/<key>/choose", methods=["GET", "POST"])
@limit_address
@limit_draft
def choose(key: str) -> ResponseReturnValue:
    """Several places may be meant: which one?"""
    draft, answers = open_draft(key)
    words = request.values.get("words", "")
    matches: list[FoundPlace] = []
    with suppress(RefusedError):  # told where the words are written
        matches = _look_up(words)
    number = request.form.get("choice", type=row_key)
    if number is not None and number < len(matches):
        return keep(draft, answers.with_spot(_spot(matches[number])))
    if not matches:
        return redirect(address(key, "place"))
    if request.method == "POST":
        return refuse_choice(
            draft, answers, "choose", _("Choose a place, or search again"), words=words
        )
    return render_template(
        "public/report/choose.html",
        matches=matches,
        words=words,
        key=key,
        error=fault_at(answers, "choose"),
        back=address(key, "place"),
    )


@reporting.post("/<key>/place-of-photo")
@limit_address
@limit_draft
def place_of_photo(key: str) -> ResponseReturnValue:
    """A photo that says where it was taken: kept for the report, its position offered."""
    draft, answers = open_draft(key)
    sent = clean_photos(request.files.getlist("photo"), most=1)
    if sent.is_busy:  # nothing is wrong with what was sent: to load the page again sends it again
        form = FindForm()
        form.words.errors = sent.faults
        return _page(key, answers, form), sent.refused_status
    if not sent.cleaned:
        return _no_place(draft, answers, (sent.faults or [_(NO_PHOTO)])[0])
    (picture,) = sent.cleaned
    _keep_photo(draft, picture)
    at = picture.position
    spot = at and placing.spot_at(
        at.lon, at.lat, at.accuracy_m, "photo", _("Where the photo was taken")
    )
    if not spot:
        return _no_place(draft, answers, _(UNPLACED_PHOTO))
    return keep(draft, answers.with_spot(spot))


@commits
def _keep_photo(draft: Draft, picture: CleanPicture) -> None:
    """Its place counts even where the report has five photos already."""
    with suppress(RefusedError):
        drafts.add_photo(g.session, draft, picture)
