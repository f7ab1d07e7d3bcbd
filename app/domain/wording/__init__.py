"""Wording in vacancies that leaves people out for what they are: found, and explained to whoever wrote it."""
