"""The examination: what each layer does while a network trains, and in words why it does not learn.

``Examiner`` (watch.py) looks at some steps of any training loop and keeps ``Reading``s (records.py); ``diagnose``
(diagnose.py) makes ``Finding``s of them, each with the numbers that show it; ``store`` keeps them beside a run.
"""

from core.examination.diagnose import diagnose
from core.examination.examination import Examination, Finding, Reading
from core.examination.watch import Examiner

__all__ = ["Examination", "Examiner", "Finding", "Reading", "diagnose"]
