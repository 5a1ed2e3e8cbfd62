# Celery must know these settings before any task is imported.
from config.celery_app import app as celery_app

__all__ = ["celery_app"]
