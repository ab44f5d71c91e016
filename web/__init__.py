"""The web application (``web.application.create_app``), its use cases and the command line."""
