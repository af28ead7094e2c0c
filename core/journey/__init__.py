"""Journeys: ways through the lessons that say one thing at a time and wait until it is done."""

from core.journey.five_minutes import FIVE_MINUTES
from core.journey.one_hour import ONE_HOUR

JOURNEYS = {"five_minutes": FIVE_MINUTES, "one_hour": ONE_HOUR}
