"""The answer for people: languages, the recommendation, tables and files. No arithmetic."""
