"""Bring the catalogues forward: ``python -m web.translations``."""

from web.translations.extraction import update

if __name__ == "__main__":
    update()
