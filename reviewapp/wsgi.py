"""The web process: `gunicorn reviewapp.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
application = get_wsgi_application()

# What is loaded by now stays: the collector of cycles needn't go through it in the middle of a request, nor look at the
# young objects of one request several times.
gc.freeze()
gc.set_threshold(50_000, 20, 20)
