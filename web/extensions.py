"""The Flask extensions, made once and bound to each application in ``create_app``."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect

csrf = CSRFProtect()
# Its counter in memory can fail under many threads; a count lost must not cost a report.
limiter = Limiter(
    get_remote_address, storage_uri="memory://", headers_enabled=True, swallow_errors=True
)
login_manager = LoginManager()
