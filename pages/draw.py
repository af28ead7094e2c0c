"""Placeholder until the lesson is written."""
