"""What a poster campaign is asked for with."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovSubmitInput, GovTextInput
from wtforms import DateField, IntegerField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from web.services.poster_campaigns import CampaignWish


class CampaignForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name of the campaign",
        widget=GovTextInput(),
        validators=[InputRequired("Enter a name"), Length(max=200, message="At most 200 letters")],
    )
    valid_from = DateField(
        "Day on which posters go up",
        format="%d %m %Y",
        widget=GovDateInput(),
        validators=[InputRequired("Enter the day on which posters go up")],
    )
    valid_to = DateField(
        "Day on which they come down (optional)",
        format="%d %m %Y",
        widget=GovDateInput(),
        validators=[Optional()],
    )
    review_on = DateField(
        "Day on which to ask whether it worked (optional)",
        format="%d %m %Y",
        widget=GovDateInput(),
        validators=[Optional()],
    )
    budget = IntegerField(
        "Number of posters",
        default=8,
        widget=GovTextInput(),
        validators=[InputRequired("Enter 1 to 500"), NumberRange(1, 500, "Enter 1 to 500")],
    )
    view_m = IntegerField(
        "A poster is read from so many metres",
        default=50,
        widget=GovTextInput(),
        validators=[InputRequired("Enter 5 to 500"), NumberRange(5, 500, "Enter 5 to 500")],
    )
    submit = SubmitField("Choose sites", widget=GovSubmitInput())

    def validate_valid_to(self, field: DateField) -> None:
        """Posters come down after they went up."""
        self._refuse_before(field, "Enter a day on or after the one on which posters go up")

    def validate_review_on(self, field: DateField) -> None:
        """What was not up yet cannot be judged."""
        self._refuse_before(field, "Enter a day on or after the one on which posters go up")

    def _refuse_before(self, field: DateField, words: str) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(words)

    def to_wish(self) -> CampaignWish:
        """The wish."""
        return CampaignWish(
            " ".join(self.name.data.split()),
            self.valid_from.data,
            self.budget.data,
            float(self.view_m.data),
            self.valid_to.data,
            self.review_on.data,
        )
