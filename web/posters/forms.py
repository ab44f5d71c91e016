"""What a poster campaign is asked for with."""

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovSubmitInput, GovTextInput
from wtforms import DateField, IntegerField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, NumberRange

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

    def to_wish(self) -> CampaignWish:
        """The wish."""
        return CampaignWish(
            " ".join(self.name.data.split()),
            self.valid_from.data,
            self.budget.data,
            float(self.view_m.data),
        )
