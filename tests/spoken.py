"""The languages that every text is owed in; what others lack is shown in English."""

LANGUAGES = ("en", "ja")
