"""The site for gunicorn, with its clock at the sample's day."""

from django.core.wsgi import get_wsgi_application

from config.staff import clock
from tests.benchmarks.ground import NOW

application = get_wsgi_application()
still = clock.set_to(NOW)  # kept, or the clock would run again
still.__enter__()
