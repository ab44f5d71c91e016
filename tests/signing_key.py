"""The secret key of applications under test: strong, and the same in every process."""

import hashlib

SIGNING_KEY = hashlib.sha256(b"the key of applications under test").hexdigest()
